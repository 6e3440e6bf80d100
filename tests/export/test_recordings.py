"""What the exchange sent is what the set holds, value by value."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from export.kit import run
from export.recorded import DAYS, FOLDER, body, fill, number, whole
from tray_app.datasets.krx.rows import SUPERVISED, Market
from tray_app.paths import Home

pytestmark = pytest.mark.skipif(not FOLDER.exists(), reason="needs the recordings")
WORDS = (
    "export", "--market-code", "KOSDAQ", "--index-code", "KOSDAQ", "--index-code", "KOSPI",
    "--date-from", "2024-01-04", "--date-to", "2024-01-05", "--include-issues",
)  # fmt: skip


def test_every_value_equals_the_body(tmp_path: Path) -> None:
    home, out = Home(tmp_path / "home"), tmp_path / "out"
    fill(home)

    done = run(home, *WORDS, "--output-path", str(out), "--json")

    assert done.returncode == 0, done.stderr
    document = json.loads(done.stdout)
    assert set(document) == {"job_id", "status", "output_path", "files", "row_counts", "notes"}
    assert (document["status"], document["output_path"]) == ("SUCCEEDED", str(out))
    assert document["row_counts"]["instrument_daily"] == 3406
    rows = pq.read_table(out / "instrument_daily.parquet").to_pylist()
    sent = {(str(day), row["ISU_CD"]): row for day in DAYS for row in body("ksq_bydd_trd", day)}
    assert len(rows) == len(sent) == 3406
    for row in rows:
        source = sent.pop((str(row["trade_date"]), row["external_code"]))
        traded = whole(source["ACC_TRDVOL"]) > 0
        assert row["instrument_name"] == source["ISU_NM"]
        for column, field in (("open", "OPN"), ("high", "HG"), ("low", "LW")):
            assert row[column] == (number(source[f"TDD_{field}PRC"]) if traded else None)
        assert row["close"] == float(source["TDD_CLSPRC"])
        assert row["base_price"] == float(source["TDD_CLSPRC"]) - float(source["CMPPREVDD_PRC"])
        for column, field in (
            ("volume", "ACC_TRDVOL"),
            ("turnover_value", "ACC_TRDVAL"),
            ("market_value", "MKTCAP"),
            ("listed_shares", "LIST_SHRS"),
        ):
            assert row[column] == whole(source[field])
        assert row["is_trade_halted"] == (not traded)
        assert row["is_under_supervision"] == (SUPERVISED in source["SECT_TP_NM"])
        assert row["market_code"] == "KOSDAQ"
    indices = pq.read_table(out / "benchmark_daily.parquet").to_pylist()
    assert [(str(row["trade_date"]), row["index_code"]) for row in indices] == [
        (day, code) for day in ("2024-01-04", "2024-01-05") for code in ("KOSDAQ", "KOSPI")
    ]
    assert indices[0]["close"] == 866.25
    assert run(home, "verify", str(out)).returncode == 0


def test_no_row_of_a_first_stored_day_counts_as_new_listing(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    fill(home, (Market.KONEX,))
    run(home, "export", "--date-from", "2024-01-04", "--date-to", "2024-01-05", "--output-path", str(tmp_path / "out"))
    rows = pq.read_table(tmp_path / "out" / "instrument_daily.parquet").to_pylist()
    assert {row["signal_validity_reason"] for row in rows} == {"ok", "no_trade"}
