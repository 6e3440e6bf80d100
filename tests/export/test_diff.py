"""What changed between two sets."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tray_app.core.days import day_number
from tray_app.export.diff import diff
from tray_app.export.errors import NotASet
from tray_app.export.request import Layout
from tray_app.paths import Home

from .kit import change, export

SATURDAY = day_number(date(2023, 11, 4))


def test_restated_added_and_removed_rows_are_told_apart(home: Home, tmp_path: Path) -> None:
    export(home, tmp_path / "before")
    day = "(SELECT MIN(trade_date) + 7 FROM day_summary)"
    change(
        home,
        f"UPDATE daily_market_data SET volume = volume + 1, close = 7 WHERE instrument_id = 5 AND trade_date = {day}",
        f"DELETE FROM daily_market_data WHERE instrument_id = 6 AND trade_date = {day}",
        f"INSERT INTO benchmark_index_data SELECT {SATURDAY}, index_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL,"
        " NULL, 3, 1, 0, 1 FROM benchmark_index_data WHERE index_id = 1 LIMIT 1",
    )
    export(home, tmp_path / "after")

    shape: dict[str, Any] = diff(tmp_path / "before", tmp_path / "after").shape()

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
    shape = diff(tmp_path / "one", tmp_path / "two").shape()
    assert (shape["identical"], shape["tables"]) == (True, {})


def test_other_columns_layouts_and_tables_are_named(shared_home: Home, tmp_path: Path) -> None:
    export(shared_home, tmp_path / "one")
    export(shared_home, tmp_path / "two", adjusted=True, layout=Layout.YEAR, include_issues=True)

    shape = diff(tmp_path / "one", tmp_path / "two").shape()

    daily = shape["tables"]["instrument_daily"]
    assert (daily["added"], daily["removed"], daily["restated"]) == (0, 0, 0)
    assert daily["columns_added"][0] == "adj_factor"
    assert shape["tables"]["data_quality_issues"]["only_in"] == str(tmp_path / "two")


def test_a_folder_that_is_no_set_is_refused(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    with pytest.raises(NotASet):
        diff(tmp_path / "x", tmp_path / "x")
