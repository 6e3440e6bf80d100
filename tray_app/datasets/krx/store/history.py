"""Small reads for the quality rules: a few issues over a few weeks, never the whole history."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

from tray_app.core.days import day_number
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.quality.series import SeriesRow
from tray_app.datasets.krx.store.codes import EQUITY_TABLE


def read_codes(connection: sqlite3.Connection, market: Market, day: date) -> frozenset[str]:
    """Return the codes with a row on a market's session."""
    rows = connection.execute(
        f"SELECT i.external_code FROM {EQUITY_TABLE} d CROSS JOIN instruments i ON i.instrument_id = d.instrument_id"
        " WHERE d.trade_date = ? AND i.market_code = ?",
        (day_number(day), market),
    )
    return frozenset(row[0] for row in rows)


def read_wide_moves(connection: sqlite3.Connection, market: Market, day: date, least: float) -> frozenset[str]:
    """Return the codes that moved by at least this share of their base price on a market's session."""
    rows = connection.execute(
        f"SELECT i.external_code FROM {EQUITY_TABLE} d CROSS JOIN instruments i ON i.instrument_id = d.instrument_id"
        " WHERE d.trade_date = ? AND ABS(d.change) >= ? * d.base_price AND i.market_code = ?",
        (day_number(day), least, market),
    )
    return frozenset(row[0] for row in rows)


def read_series(
    connection: sqlite3.Connection, days: Sequence[date], codes: Mapping[int, str]
) -> dict[str, list[SeriesRow]]:
    """Return some issues' rows of some sessions by code, ascending. codes: by instrument id. One seek a row."""
    series: dict[str, list[SeriesRow]] = {code: [] for code in codes.values()}
    each_day, each_id = (", ".join("?" for _ in among) for among in (days, codes))
    rows = connection.execute(
        f"SELECT instrument_id, trade_date, close, change, volume FROM {EQUITY_TABLE}"
        f" WHERE trade_date IN ({each_day}) AND instrument_id IN ({each_id}) ORDER BY trade_date",
        (*map(day_number, days), *codes),
    )
    day_by_number = {day_number(day): day for day in days}
    for instrument_id, number, close, change, volume in rows:
        series[codes[instrument_id]].append(SeriesRow(day_by_number[number], close, change, volume))
    return series


def read_restated(connection: sqlite3.Connection, day: date) -> dict[Market, dict[str, set[str]]]:
    """Return the columns of a session's rows that a later answer changed, by market and code."""
    rows = connection.execute(
        """
        SELECT i.market_code, i.external_code, r.column_name
        FROM restatements r JOIN instruments i ON i.instrument_id = CAST(substr(r.row_key, 12) AS INTEGER)
        WHERE r.table_name = ? AND r.row_key >= ? AND r.row_key < ?
        """,
        (EQUITY_TABLE, f"{day}/", f"{day}0"),
    )
    restated: dict[Market, dict[str, set[str]]] = {}
    for market, code, column in rows:
        restated.setdefault(Market(market), {}).setdefault(code, set()).add(column)
    return restated


def has_factor(connection: sqlite3.Connection, market: Market) -> bool:
    """Whether any factor of a market is stored."""
    found = connection.execute(
        "SELECT 1 FROM price_adjustment_factors f JOIN instruments i ON i.instrument_id = f.instrument_id"
        " WHERE i.market_code = ? LIMIT 1",
        (market,),
    )
    return found.fetchone() is not None
