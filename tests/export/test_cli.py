"""The commands: what they print, and how they exit."""

import json
from pathlib import Path

from export.kit import FIRST, LAST, export_apart, names, request, run
from tray_app.export.set.locking import locked
from tray_app.paths import Home

DATES = ("--date-from", str(FIRST), "--date-to", str(LAST))


def test_export_verify_and_diff_work_together(shared_home: Home, tmp_path: Path) -> None:
    one, two = str(tmp_path / "one"), str(tmp_path / "two")
    lines = export_apart(shared_home, request(tmp_path / "one"))
    assert lines[0] | {"rows_per_second": 0, "seconds_left": None} == lines[0]
    assert lines[0]["stage"] == "daily"
    assert lines[-1]["stage"] == "publish"

    whole = run(shared_home, "verify", one, "--json")
    assert (whole.returncode, json.loads(whole.stdout)["whole"]) == (0, True)

    run(shared_home, "export", *DATES, "--market-code", "KOSPI", "--output-path", two)
    same = json.loads(run(shared_home, "diff", one, one, "--json").stdout)
    assert same["identical"] is True
    other = run(shared_home, "diff", one, two, "--json")
    assert other.returncode == 0
    assert json.loads(other.stdout)["tables"]["instrument_daily"]["removed"] > 0

    (tmp_path / "one" / "instruments.parquet").write_bytes(b"")
    broken = run(shared_home, "verify", one)
    assert broken.returncode == 1
    assert "instruments.parquet" in broken.stdout


def test_bad_input_exits_2_and_makes_nothing(shared_home: Home, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    for words in (
        ("export", "--output-path", out),
        ("export", *DATES, "--market-code", "NYSE", "--output-path", out),
        ("export", *DATES, "--index-code", "NIKKEI", "--output-path", out),
        ("export", "--date-from", str(LAST), "--date-to", str(FIRST), "--output-path", out),
        ("export", *DATES, "--output-path", str(shared_home.root)),
        ("export", *DATES, "--dataset", "gold", "--output-path", out),
        ("verify", out),
    ):
        done = run(shared_home, *words)
        assert done.returncode == 2, (words, done.stdout, done.stderr)
        assert done.stderr
    assert names(tmp_path) == set()


def test_a_set_that_another_export_writes_exits_4(shared_home: Home, tmp_path: Path) -> None:
    with locked(tmp_path / "out", "another"):
        done = run(shared_home, "export", *DATES, "--output-path", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (4, "")
    assert "The set is being written." in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_an_export_of_nothing_fails_and_says_so(tmp_path: Path) -> None:
    done = run(Home(tmp_path / "empty"), "export", *DATES, "--output-path", str(tmp_path / "out"), "--json")
    assert done.returncode == 1
    assert "Nothing to export" in done.stderr
    assert json.loads(done.stdout)
    assert not (tmp_path / "out").exists()


def test_series_under_licence_are_named_beside_the_document(liquid_home: Home, tmp_path: Path) -> None:
    words = ("export", *DATES, "--dataset", "macro", "--dataset", "stress", "--json", "--output-path")
    done = run(liquid_home, *words, str(tmp_path / "free"))
    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert document["files"] == ["macro_daily.parquet", "stress_daily.parquet"]
    assert "Left out: VIXCLS. Cboe's index values may not be passed on without a licence." in done.stderr

    whole = run(liquid_home, *words, str(tmp_path / "all"), "--include-restricted")
    assert json.loads(whole.stdout)["row_counts"]["macro_daily"] > document["row_counts"]["macro_daily"]
    assert "Included for your own use only" in whole.stderr
    changes = run(liquid_home, "diff", str(tmp_path / "free"), str(tmp_path / "all"), "--json")
    assert list(json.loads(changes.stdout)["tables"]) == ["macro_daily"]
