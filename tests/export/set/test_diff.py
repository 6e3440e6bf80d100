"""What changed between two sets."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from export.kit import add_sessions, change, export, read_manifest
from tray_app.core.days import day_number
from tray_app.core.shapes.sets import changes_shape
from tray_app.export.errors import NotASet, SetDamaged
from tray_app.export.kinds import DateType, Layout
from tray_app.export.set.diff import diff
from tray_app.export.set.manifest import SEAL, seal
from tray_app.paths import Home

SATURDAY = day_number(date(2023, 11, 4))


def test_restated_added_and_removed_rows_are_told_apart(home: Home, tmp_path: Path) -> None:
    export(home, tmp_path / "before")
    day = "(SELECT MIN(trade_date) + 7 FROM day_summary)"
    change(
        home,
        f"UPDATE daily_market_data SET volume = volume + 1, close = 7 WHERE instrument_id = 5 AND trade_date = {day}",
        f"DELETE FROM daily_market_data WHERE instrument_id = 6 AND trade_date = {day}",
    )
    add_sessions(
        home,
        f"INSERT INTO benchmark_index_data SELECT {SATURDAY}, index_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
        " NULL, 3, 1, 0, 1 FROM benchmark_index_data WHERE index_id = 1 LIMIT 1",
    )
    export(home, tmp_path / "after")

    shape: dict[str, Any] = changes_shape(diff(tmp_path / "before", tmp_path / "after"))

    assert shape["identical"] is False
    assert "trading_calendar.parquet" in shape["identical_files"]
    daily = shape["tables"]["instrument_daily"]
    assert (daily["added"], daily["removed"], daily["restated"]) == (0, 1, 1)
    assert shape["tables"]["benchmark_daily"]["added"] == 1
    assert daily["columns"] == {"close": 1, "volume": 1}
    assert [item["change"] for item in daily["examples"]] == ["removed", "restated", "restated"]
    assert daily["examples"][1]["column"] == "close"
    text = diff(tmp_path / "before", tmp_path / "after").text()
    assert "instrument_daily: 0 rows added, 1 removed, 1 restated" in text


def test_equal_sets_are_identical(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "one")
    export(shared_home, tmp_path / "two")
    shape = changes_shape(diff(tmp_path / "one", tmp_path / "two"))
    assert (shape["identical"], shape["tables"]) == (True, {})


def test_other_columns_layouts_and_tables_are_named(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "one")
    export(shared_home, tmp_path / "two", adjusted=True, layout=Layout.YEAR, include_issues=True)

    shape = changes_shape(diff(tmp_path / "one", tmp_path / "two"))

    daily = shape["tables"]["instrument_daily"]
    assert (daily["added"], daily["removed"], daily["restated"]) == (0, 0, 0)
    assert daily["columns_added"][0] == "adj_factor"
    assert shape["tables"]["data_quality_issues"]["only_in"] == str(tmp_path / "two")


def test_another_type_of_the_dates_changes_no_row(shared_home: Home, tmp_path: Path) -> None:
    for name, layout in (("one", Layout.SINGLE), ("two", Layout.YEAR)):
        export(shared_home, tmp_path / name, include_issues=True, layout=layout)
        export(shared_home, tmp_path / f"{name}-ms", include_issues=True, date_type=DateType.TIMESTAMP_MS)
        for before, after in ((name, f"{name}-ms"), (f"{name}-ms", name)):
            changes = diff(tmp_path / before, tmp_path / after)
            assert "instrument_daily" in changes.tables
            assert all(table.is_same for table in changes.tables.values()), changes.text()


def test_a_year_that_is_gone_is_counted(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "one", layout=Layout.YEAR)
    export(shared_home, tmp_path / "two", layout=Layout.YEAR, date_to=date(2023, 12, 31))
    daily = diff(tmp_path / "one", tmp_path / "two").tables["instrument_daily"]
    assert (daily.added, daily.removed > 0, daily.restated) == (0, True, 0)
    assert diff(tmp_path / "two", tmp_path / "one").tables["instrument_daily"].added == daily.removed


def overwritten(folder: Path) -> None:
    (folder / "instrument_daily.parquet").write_text("x")


def deleted(folder: Path) -> None:
    (folder / "instrument_daily.parquet").unlink()


def flipped(folder: Path) -> None:
    path = folder / "instrument_daily.parquet"
    body = bytearray(path.read_bytes())
    body[len(body) // 2] ^= 0xFF
    path.write_bytes(body)


def edited(folder: Path) -> None:
    document = read_manifest(folder)
    document["files"][0]["sha256"] = "0" * 64
    (folder / "manifest.json").write_text(json.dumps(document), "utf-8")


def without_files(folder: Path) -> None:
    document = read_manifest(folder)
    del document["files"]
    document[SEAL] = seal(document)
    (folder / "manifest.json").write_text(json.dumps(document), "utf-8")


@pytest.mark.parametrize(
    ("spoil", "named"),
    [
        (overwritten, "instrument_daily.parquet: bytes is 1, "),
        (deleted, "instrument_daily.parquet: is missing"),
        (flipped, "instrument_daily.parquet: sha256 is "),
        (edited, "manifest_sha256"),
        (without_files, "manifest.json: lacks files"),
    ],
)
def test_a_damaged_set_is_not_compared(
    shared_home: Home, tmp_path: Path, spoil: Callable[[Path], None], named: str
) -> None:
    export(shared_home, tmp_path / "one")
    export(shared_home, tmp_path / "two")
    spoil(tmp_path / "two")
    for before, after in (("one", "two"), ("two", "one")):
        with pytest.raises(SetDamaged) as damaged:
            diff(tmp_path / before, tmp_path / after)
        assert str(tmp_path / "two") in damaged.value.message
        assert named in damaged.value.message
        assert "market-tray verify" in damaged.value.hint


def test_a_folder_that_is_no_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(NotASet):
        diff(tmp_path / "x", tmp_path / "x")
