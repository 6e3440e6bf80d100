"""The daily bars of the issues."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tray_app.core.days import day_number
from tray_app.core.krx.rows import SUPERVISED, EquityBar, Market
from tray_app.store.krx.clustered import ClusteredTable, Values
from tray_app.store.krx.codes import EQUITY, RecordStatus, SourceCode
from tray_app.store.krx.stamps import note_day
from tray_app.store.series import Seen

DAILY = ClusteredTable(
    "daily_market_data",
    "instrument_id",
    (
        "open",
        "high",
        "low",
        "close",
        "change",
        "volume",
        "turnover_value",
        "market_value",
        "listed_shares",
        "base_price",
        "is_trade_halted",
        "is_under_supervision",
        "record_status",
        "source_name",
    ),
)


def store_market_day(
    connection: sqlite3.Connection, day: date, bars: Sequence[EquityBar], ids: Mapping[str, int], seen: Seen
) -> int:
    """Upsert a market's session, at least one bar; returns the rows new or changed.

    ids gives the instrument id of each code on that session.
    """
    changed = DAILY.store(connection, day, {ids[bar.code]: _values(bar) for bar in bars}, seen)
    note_day(connection, EQUITY, bars[0].market, day, len(bars))
    return changed


BAR_COLUMNS = """
    i.external_code, i.instrument_name, {row}.is_under_supervision, {row}.close, {row}.change, {row}.open, {row}.high,
    {row}.low, {row}.volume, {row}.turnover_value, {row}.market_value, {row}.listed_shares
"""
BAR_WIDTH = 12


def read_market_day(connection: sqlite3.Connection, market: Market, day: date) -> tuple[EquityBar, ...]:
    """Return a market's stored session, by code. Of the listing section only the supervision mark is kept."""
    rows = connection.execute(
        f"""
        SELECT {BAR_COLUMNS.format(row="d")}
        FROM daily_market_data d JOIN instruments i ON i.instrument_id = d.instrument_id
        WHERE d.trade_date = ? AND i.market_code = ? ORDER BY i.external_code
        """,
        (day_number(day), market),
    )
    return tuple(_bar(market, day, row) for row in rows.fetchall())


def read_base_price_moves(
    connection: sqlite3.Connection, market: Market, before: date, day: date
) -> dict[int, tuple[EquityBar, EquityBar]]:
    """Return the rows of two sessions of the issues whose base price is not their close before, by instrument id."""
    rows = connection.execute(
        f"""
        SELECT d.instrument_id, {BAR_COLUMNS.format(row="p")}, {BAR_COLUMNS.format(row="d")}
        FROM daily_market_data d
        CROSS JOIN daily_market_data p ON p.trade_date = ? AND p.instrument_id = d.instrument_id
        CROSS JOIN instruments i ON i.instrument_id = d.instrument_id
        WHERE d.trade_date = ? AND d.base_price <> p.close AND i.market_code = ?
        """,
        (day_number(before), day_number(day), market),
    )
    return {
        row[0]: (_bar(market, before, row[1 : 1 + BAR_WIDTH]), _bar(market, day, row[1 + BAR_WIDTH :]))
        for row in rows.fetchall()
    }


def _bar(market: Market, day: date, row: tuple[Any, ...]) -> EquityBar:
    return EquityBar(day, market, row[0], row[1], SUPERVISED if row[2] else "", *row[3:])


def _values(bar: EquityBar) -> Values:
    return (
        bar.open,
        bar.high,
        bar.low,
        bar.close,
        bar.change,
        bar.volume,
        bar.turnover_value,
        bar.market_value,
        bar.listed_shares,
        bar.base_price,
        int(bar.is_trade_halted),
        int(bar.is_under_supervision),
        int(RecordStatus.VALID),
        int(SourceCode.KRX_OPEN_API),
    )
