"""Macro series and the stress index in a set: every value is the store's, and licences are kept."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from export import liquid
from export.files.test_findings import issue
from export.kit import FIRST, LAST, change, export, exports_of, ignore, names, opened, read_manifest, request
from tray_app.core.shapes.sets import changes_shape
from tray_app.core.times import iso_instant
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.engine.cancel import CancelFlag
from tray_app.export.errors import ExportBlocked, NothingToExport
from tray_app.export.kinds import DateType, Layout
from tray_app.export.presets.pandas import PANDAS
from tray_app.export.set.diff import diff
from tray_app.export.set.load_md import snippet
from tray_app.export.set.verify import verify
from tray_app.paths import Home

BOTH = (MACRO_SETS, STRESS_SETS)
FREE = {"SOFR", "DGS10", "NFCI"}


@pytest.fixture
def own_home(home: Home) -> Home:
    """Return a home of the test's own."""
    return liquid.fill(home)


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = pq.read_table(folder / f"{name}.parquet").to_pylist()
    return found


def stored(home: Home, query: str) -> list[tuple[Any, ...]]:
    with opened(home) as database, database.reading() as connection:
        return connection.execute(query).fetchall()


@pytest.mark.parametrize("include", [False, True])
def test_every_macro_value_is_the_store_s(liquid_home: Home, tmp_path: Path, include: bool) -> None:
    export(liquid_home, tmp_path / "set", datasets=(MACRO_SETS,), include_restricted=include)

    wanted = stored(
        liquid_home,
        "SELECT series_id, title, units, date, value, first_seen_at, source FROM macro_observation"
        f" JOIN macro_series USING (series_id) WHERE date BETWEEN '{FIRST}' AND '{LAST}' ORDER BY series_id, date",
    )
    found = [
        tuple(
            iso_instant(value) if isinstance(value, datetime) else str(value) if isinstance(value, date) else value
            for value in row.values()
        )
        for row in rows(tmp_path / "set", "macro_daily")
    ]
    assert found == [row for row in wanted if include or row[0] in FREE]
    assert verify(tmp_path / "set").findings == ()
    assert names(tmp_path / "set") == {"LOAD.md", "SHA256SUMS", "manifest.json", "macro_daily.parquet"}


def test_every_stress_value_is_the_store_s(liquid_home: Home, tmp_path: Path) -> None:
    export(liquid_home, tmp_path / "set", datasets=(STRESS_SETS,))

    parts = {
        (day, category): values
        for day, category, *values in stored(
            liquid_home, "SELECT date, category, z, contribution FROM stress_contribution"
        )
    }
    wanted = stored(
        liquid_home,
        "SELECT date, z, score, band, breadth, coverage, repo_flag, repo_label FROM stress_index"
        f" WHERE date BETWEEN '{FIRST}' AND '{LAST}' ORDER BY date",
    )
    found = rows(tmp_path / "set", "stress_daily")
    assert [(str(row["date"]), *list(row.values())[1:8]) for row in found] == wanted
    for row in found:
        for category in Category:
            values = [row[f"{category}_z"], row[f"{category}_contribution"]]
            assert values == parts.get((str(row["date"]), str(category)), [None, None])
    assert any(row["funding_z"] is None for row in found)
    assert verify(tmp_path / "set").findings == ()


def test_the_columns_are_those_of_the_contract(liquid_home: Home, tmp_path: Path) -> None:
    export(liquid_home, tmp_path / "set", datasets=BOTH)

    macro, stress = (pq.read_schema(tmp_path / "set" / f"{name}.parquet") for name in ("macro_daily", "stress_daily"))
    assert macro.names == ["series_id", "title", "units", "date", "value", "first_seen_at", "source"]
    assert [str(macro.field(name).type) for name in ("series_id", "date", "value", "first_seen_at")] == [
        "string",
        "date32[day]",
        "double",
        "timestamp[us, tz=UTC]",
    ]
    assert stress.names[:10] == [
        *("date", "z", "score", "band", "breadth", "coverage", "repo_flag", "repo_label"),
        *("funding_z", "funding_contribution"),
    ]
    assert pa.types.is_dictionary(stress.field("band").type)
    assert stress.field("repo_flag").type == pa.bool_()
    assert {str(stress.field(f"{category}_z").type) for category in Category} == {"double"}
    for entry in read_manifest(tmp_path / "set")["files"]:
        assert entry["primary_key"] == entry["sort_keys"]


def test_what_may_not_be_passed_on_stays_and_everybody_is_told(liquid_home: Home, tmp_path: Path) -> None:
    finished = export(liquid_home, tmp_path / "set", datasets=(MACRO_SETS,))

    assert {row["series_id"] for row in rows(tmp_path / "set", "macro_daily")} == FREE
    manifest = read_manifest(tmp_path / "set")
    notes = manifest["licence_notes"]
    assert notes == [
        "Left out: BAMLH0A0HYM2. ICE forbids the reproduction of its indices beyond one's own use.",
        "Left out: VIXCLS. Cboe's index values may not be passed on without a licence.",
        "Left out: KRW=X, ^VIX. Yahoo's prices are for personal use and may not be passed on.",
    ]
    assert list(finished.notes) == notes
    assert all(note in (tmp_path / "set" / "LOAD.md").read_text("utf-8") for note in notes)
    assert manifest["request"]["include_restricted"] is False


def test_they_are_there_for_one_s_own_use(liquid_home: Home, tmp_path: Path) -> None:
    finished = export(liquid_home, tmp_path / "set", datasets=(MACRO_SETS,), include_restricted=True)

    assert {row["series_id"] for row in rows(tmp_path / "set", "macro_daily")} == set(liquid.SERIES)
    (note,) = finished.notes
    assert note.startswith("Included for your own use only, not to be passed on: BAMLH0A0HYM2,")
    assert read_manifest(tmp_path / "set")["request"]["include_restricted"] is True


def test_a_series_of_an_unknown_source_counts_as_restricted(own_home: Home, tmp_path: Path) -> None:
    change(
        own_home,
        "INSERT INTO macro_series VALUES ('OLD', 'a', 'b', 'daily', 'fred'), ('GOLD', 'a', 'b', 'daily', 'yahoo')",
        f"INSERT INTO macro_observation SELECT name, '{FIRST}', 1, '2024-01-08T00:00:00Z', 11"
        " FROM (SELECT 'OLD' AS name UNION SELECT 'GOLD' UNION SELECT 'NAMELESS')",
    )
    export(own_home, tmp_path / "set", datasets=(MACRO_SETS,))
    assert {row["series_id"] for row in rows(tmp_path / "set", "macro_daily")} == FREE | {"OLD"}
    export(own_home, tmp_path / "set", datasets=(MACRO_SETS,), include_restricted=True)
    (nameless,) = [row for row in rows(tmp_path / "set", "macro_daily") if row["series_id"] == "NAMELESS"]
    assert (nameless["title"], nameless["source"], nameless["value"]) == (None, "", 1.0)
    assert verify(tmp_path / "set").findings == ()


def test_nothing_but_restricted_series_is_nothing_to_export(own_home: Home, tmp_path: Path) -> None:
    change(own_home, "DELETE FROM macro_observation WHERE series_id NOT IN ('VIXCLS', '^VIX')")
    with pytest.raises(NothingToExport) as refused:
        export(own_home, tmp_path / "set", datasets=BOTH)
    assert "Left out: VIXCLS." in str(refused.value)
    assert not (tmp_path / "set").exists()


def test_the_runs_are_named(liquid_home: Home, tmp_path: Path) -> None:
    for name, dataset, wanted in (("macro", MACRO_SETS, [11, 12]), ("stress", STRESS_SETS, [12])):
        export(liquid_home, tmp_path / name, datasets=(dataset,))
        runs = read_manifest(tmp_path / name)["source_runs"]
        assert [(run["run_id"], run["collector"]) for run in runs] == [(number, "liquidity") for number in wanted]


@pytest.mark.parametrize("layout", list(Layout))
def test_the_same_request_gives_the_same_bytes(liquid_home: Home, tmp_path: Path, layout: Layout) -> None:
    for name in ("one", "two"):
        export(liquid_home, tmp_path / name, datasets=(*BOTH, KRX_SETS), layout=layout)
    for name in names(tmp_path / "one") - {"manifest.json"}:
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes(), name
    assert changes_shape(diff(tmp_path / "one", tmp_path / "two"))["identical"]


def test_diff_tells_what_was_corrected(own_home: Home, tmp_path: Path) -> None:
    export(own_home, tmp_path / "one", datasets=BOTH)
    change(
        own_home,
        f"UPDATE macro_observation SET value = 9 WHERE series_id = 'NFCI' AND date = '{LAST}'",
        f"DELETE FROM macro_observation WHERE series_id = 'SOFR' AND date = '{FIRST}'",
        f"DELETE FROM stress_contribution WHERE category = 'funding' AND date = '{FIRST}'",
    )
    export(own_home, tmp_path / "two", datasets=BOTH)

    tables = changes_shape(diff(tmp_path / "one", tmp_path / "two"))["tables"]
    macro, stress = tables["macro_daily"], tables["stress_daily"]
    assert (macro["added"], macro["removed"], macro["restated"], macro["columns"]) == (0, 1, 1, {"value": 1})
    assert (stress["added"], stress["removed"], stress["restated"]) == (0, 0, 1)
    assert set(stress["columns"]) == {"funding_z", "funding_contribution"}


def test_timestamps_may_stand_for_dates(liquid_home: Home, tmp_path: Path) -> None:
    export(liquid_home, tmp_path / "set", datasets=BOTH, date_type=DateType.TIMESTAMP_MS)
    first = rows(tmp_path / "set", "macro_daily")[0]
    assert first["date"] == datetime.combine(FIRST, datetime.min.time())
    assert first["first_seen_at"] == liquid.SEEN.at
    assert verify(tmp_path / "set").findings == ()


@pytest.mark.parametrize("dataset", BOTH)
def test_errors_block(own_home: Home, tmp_path: Path, dataset: ExportKind) -> None:
    change(own_home, issue(dataset=dataset.name, subject="SOFR"))
    with pytest.raises(ExportBlocked):
        export(own_home, tmp_path / "set", datasets=(dataset,))
    export(own_home, tmp_path / "set", datasets=(dataset,), allow_errors=True)
    assert read_manifest(tmp_path / "set")["open_issues"]["ERROR"] == 1


@pytest.mark.parametrize("include", [False, True])
def test_the_estimate_counts_the_very_rows(liquid_home: Home, tmp_path: Path, include: bool) -> None:
    asked = request(tmp_path / "set", datasets=BOTH, include_restricted=include)
    with exports_of(liquid_home) as exports:
        estimate = exports.estimate(asked)
        _job, finished = exports.run(asked, ignore, CancelFlag())
    counts = finished.row_counts
    assert estimate.rows == {MACRO_SETS: counts["macro_daily"], STRESS_SETS: counts["stress_daily"]}
    assert estimate.notes == finished.notes


@pytest.mark.parametrize("datasets", [BOTH, (KRX_SETS, *BOTH)])
def test_the_loading_code_runs(
    liquid_home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, datasets: tuple[ExportKind, ...]
) -> None:
    export(liquid_home, tmp_path / "set", datasets=datasets, preset=PANDAS)
    text = snippet(PANDAS, Layout.SINGLE, datasets)
    assert text.strip() in (tmp_path / "set" / "LOAD.md").read_text("utf-8")
    monkeypatch.chdir(tmp_path / "set")
    scope: dict[str, Any] = {}
    exec(compile(text, "LOAD.md", "exec"), scope)  # noqa: S102 - our own snippet

    series, stress = scope["series"], scope["stress"]
    sizes = pq.read_metadata("macro_daily.parquet").num_rows, pq.read_metadata("stress_daily.parquet").num_rows
    assert (len(series), len(stress)) == sizes
    assert set(scope["levels"].columns) >= FREE
    assert isinstance(stress.index, pd.DatetimeIndex)
    assert ("bars" in scope) is (KRX_SETS in datasets)
