"""Rows that anything but this program changed are named, never exported, whatever table and value it was."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from export import liquid
from export.kit import FIRST, change, export, opened
from tray_app.core.table import Part
from tray_app.datasets.export_kind import ExportKind
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.datasets.schema import SCHEMA
from tray_app.export.errors import RowsChanged
from tray_app.export.files import schemas
from tray_app.export.files.stored_sums import ChangedRows, examine
from tray_app.export.kinds import Layout
from tray_app.store import sums

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.paths import Home

DAY = "2024-01-05"
NUMBER = f"(julianday('{DAY}') - 2440587.5)"
FIRST_ISSUE = f"trade_date = {NUMBER} AND instrument_id = (SELECT MIN(instrument_id) FROM daily_market_data)"


def tampered(home: Home, *statements: str) -> None:
    """Change the file as a foreign program would."""
    with closing(sqlite3.connect(home.database)) as connection, connection:
        for statement in statements:
            assert connection.execute(statement).rowcount > 0, statement


@pytest.mark.parametrize(
    ("statement", "named"),
    [
        *(
            (
                f"UPDATE daily_market_data SET {column} = {column} + 1 WHERE {FIRST_ISSUE}",
                f"daily_market_data KOSPI {DAY}",
            )
            for column in ("close", "volume", "turnover_value", "market_value", "listed_shares", "base_price")
        ),
        (f"UPDATE daily_market_data SET open = NULL WHERE {FIRST_ISSUE}", f"daily_market_data KOSPI {DAY}"),
        (f"UPDATE daily_market_data SET is_trade_halted = 1 WHERE {FIRST_ISSUE}", f"daily_market_data KOSPI {DAY}"),
        (f"DELETE FROM daily_market_data WHERE {FIRST_ISSUE}", f"daily_market_data KOSPI {DAY}"),
        (f"DELETE FROM daily_market_data WHERE trade_date = {NUMBER}", f"daily_market_data KOSDAQ {DAY}"),
        (
            f"UPDATE daily_market_data SET trade_date = trade_date + 1 WHERE {FIRST_ISSUE}",
            f"daily_market_data KOSPI {DAY}",
        ),
        (f"UPDATE benchmark_index_data SET close = close * 2 WHERE trade_date = {NUMBER}", f"KOSPI {DAY}"),
        ("UPDATE instruments SET instrument_name = 'other' WHERE instrument_id = 1", "instruments"),
        ("UPDATE instruments SET last_seen = date(last_seen, '-1 day') WHERE instrument_id = 1", "instruments"),
        ("UPDATE instruments SET listed_shares = 7 WHERE instrument_id = 1", "instruments"),
        (f"UPDATE trading_calendar SET state = 'closed' WHERE trade_date = '{DAY}'", "trading_calendar"),
        ("UPDATE price_adjustment_factors SET factor = factor * 2", "price_adjustment_factors"),
    ],
)
def test_a_changed_row_is_named_and_not_exported(home: Home, tmp_path: Path, statement: str, named: str) -> None:
    export(home, tmp_path / "before")
    tampered(home, statement)
    with pytest.raises(RowsChanged) as caught:
        export(home, tmp_path / "after", allow_errors=True)
    assert named in caught.value.message
    assert not (tmp_path / "after").exists()
    assert named in " ".join(map(str, examine(home.database)))


def test_a_day_outside_the_set_does_not_hold_it_up(home: Home, tmp_path: Path) -> None:
    tampered(home, f"UPDATE daily_market_data SET close = 1 WHERE {FIRST_ISSUE}")
    export(home, tmp_path / "earlier", date_to=FIRST)
    with pytest.raises(RowsChanged):
        export(home, tmp_path / "whole", layout=Layout.YEAR)


@pytest.mark.parametrize(
    ("dataset", "statement"),
    [
        (MACRO_SETS, "UPDATE macro_observation SET value = value + 0.01"),
        (STRESS_SETS, "UPDATE stress_index SET score = score + 0.01"),
        (STRESS_SETS, "UPDATE stress_contribution SET inputs = inputs || ' '"),
    ],
)
def test_other_datasets_too(home: Home, tmp_path: Path, dataset: ExportKind, statement: str) -> None:
    liquid.fill(home)
    export(home, tmp_path / "before", datasets=(dataset,))
    tampered(home, statement)
    with pytest.raises(RowsChanged):
        export(home, tmp_path / "after", datasets=(dataset,))


def test_columns_no_set_holds_are_seen_by_the_deep_look(home: Home, tmp_path: Path) -> None:
    tampered(home, f"UPDATE daily_market_data SET change = change + 1 WHERE {FIRST_ISSUE}")
    export(home, tmp_path / "set")
    assert examine(home.database) == [ChangedRows("daily_market_data", "KOSPI", DAY)]


# Columns of sets that are worked out while a set is made; findings are what checks make of the rows.
WORKED_OUT = {
    "instrument_daily": {"is_tradable", "signal_validity_reason", *(field.name for field in schemas.ADJUSTED)},
    "etf_daily": {"premium"},
    "instruments": {"is_identified"},
    "instrument_id_map": {"old_instrument_id"},
    "adjustment_factors": {"event_instrument_id"},
    "stress_daily": {f"{category}_{what}" for category in Category for what in ("z", "contribution")},
}


def test_every_stored_column_of_a_set_is_summed() -> None:
    told = {
        column.name
        for table in SCHEMA.tables
        if table.sums is not None
        for column in table.columns
        if column.name in table.key or column.part is not Part.NOTHING
    }
    kinds = [schemas.instrument_daily(adjusted=True), *schemas.SMALL_KINDS]
    missing = {
        kind.name: {field.name for field in kind.fields} - told - WORKED_OUT.get(kind.name, set())
        for kind in kinds
        if kind is not schemas.DATA_QUALITY_ISSUES
    }
    assert {name: columns for name, columns in missing.items() if columns} == {}
    in_sets = [(table, column) for table in SCHEMA.tables if table.sums is not None for column in table.in_sets]
    assert [
        f"{table.name}.{column.name}"
        for table, column in in_sets
        if column.part is Part.NOTHING and column.name not in table.key
    ] == []


def test_what_this_program_writes_keeps_its_sums(home: Home) -> None:
    liquid.fill(home)
    change(
        home,
        f"UPDATE daily_market_data SET close = 5 WHERE {FIRST_ISSUE}",
        f"DELETE FROM daily_market_data WHERE trade_date = {NUMBER} + 3",
        "UPDATE instruments SET instrument_name = '이름' WHERE instrument_id < 3",
        "UPDATE macro_observation SET value = -0.0",
        "DELETE FROM stress_index",
        "INSERT INTO crypto_metric (date, created_at) VALUES ('2024-01-05', '')",
    )
    assert examine(home.database) == []


def test_sums_made_anew_are_those_that_were_kept(home: Home) -> None:
    liquid.fill(home)
    with opened(home) as database, database.writing() as connection:
        kept = connection.execute("SELECT * FROM data_sums WHERE rows > 0").fetchall()
        sums.rebuild(connection, SCHEMA.summed)
        assert connection.execute("SELECT * FROM data_sums").fetchall() == kept
    assert len(kept) > 100
    assert examine(home.database) == []
