"""The daily bars of the issues."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import repeat
from operator import attrgetter
from typing import Any

from tray_app.core.columns import rows_of
from tray_app.core.days import day_number, day_of
from tray_app.datasets.krx import tables
from tray_app.datasets.krx.rows import SUPERVISED, EquityBar, Market, is_supervised
from tray_app.datasets.krx.rules.ledger import BarKind
from tray_app.datasets.krx.store.clustered import ClusteredTable, Columns
from tray_app.datasets.krx.store.marks import has_rows, upsert_day_summary
from tray_app.datasets.krx.tables import RecordStatus, SourceCode
from tray_app.store.series import Provenance

DAILY = ClusteredTable(tables.DAILY)
ETFS = ClusteredTable(tables.ETFS)


def store_market_day(
    connection: sqlite3.Connection, day: date, bars: Sequence[EquityBar], ids: Mapping[str, int], seen: Provenance
) -> int:
    """Upsert a market's session, at least one bar, of ETFs with their figures; returns the rows new or changed.

    ids gives the instrument id of each code on that session.
    """
    market = bars[0].market
    known = instruments_of(connection, market, day) if has_rows(connection, BarKind.EQUITY, market, day) else None
    by_id = {ids[bar.code]: bar for bar in bars}
    keys = sorted(by_id)
    in_order = [by_id[key] for key in keys]
    changed = DAILY.store(connection, day, keys, _columns(in_order), seen, market, known)
    figures = {key: bar.etf for key, bar in zip(keys, in_order, strict=True) if bar.etf is not None}
    if figures:
        columns = {name: list(map(attrgetter(name), figures.values())) for name in ETFS.values}
        changed = max(changed, ETFS.store(connection, day, list(figures), columns, seen, market, known))
    upsert_day_summary(connection, BarKind.EQUITY, market, day, len(bars))
    return changed


BAR_FIELDS = (
    "code",
    "name",
    "section",
    "close",
    "change",
    "open",
    "high",
    "low",
    "volume",
    "turnover_value",
    "market_value",
    "listed_shares",
)
BAR_COLUMNS = f"""
    i.external_code, (
        SELECT n.name FROM instrument_names n
        WHERE n.instrument_id = i.instrument_id AND n.valid_from <= '{{day}}' ORDER BY n.valid_from DESC LIMIT 1
    ), COALESCE((
        SELECT s.section FROM instrument_sections s
        WHERE s.instrument_id = i.instrument_id AND s.valid_from <= '{{day}}' ORDER BY s.valid_from DESC LIMIT 1
    ), CASE WHEN {{row}}.is_under_supervision THEN '{SUPERVISED}' ELSE '' END),
    {{row}}.close, {{row}}.change, {{row}}.open, {{row}}.high, {{row}}.low, {{row}}.volume, {{row}}.turnover_value,
    {{row}}.market_value, {{row}}.listed_shares
"""
BAR_WIDTH = len(BAR_FIELDS)
# In days: after more sessions without a row a code is another listing.
LONGEST_ABSENCE = 31


def instruments_of(connection: sqlite3.Connection, market: Market, day: date) -> frozenset[int]:
    """Return the instrument ids of a market's session."""
    rows = connection.execute(
        "SELECT d.instrument_id FROM daily_market_data d JOIN instruments i ON i.instrument_id = d.instrument_id"
        " WHERE d.trade_date = ? AND i.market_code = ?",
        (day_number(day), market),
    )
    return frozenset(row[0] for row in rows)


def read_day(connection: sqlite3.Connection, market: Market, day: date) -> tuple[EquityBar, ...]:
    """Return a market's stored session. Of sections that were not kept then only the supervision mark is known."""
    rows = connection.execute(
        f"""
        SELECT {BAR_COLUMNS.format(row="d", day=day)}
        FROM daily_market_data d CROSS JOIN instruments i ON i.instrument_id = d.instrument_id
        WHERE d.trade_date = ? AND i.market_code = ?
        """,
        (day_number(day), market),
    ).fetchall()
    return _bars(market, day, rows)


def read_base_price_moves(
    connection: sqlite3.Connection, before: date, day: date
) -> dict[Market, dict[int, tuple[EquityBar, EquityBar]]]:
    """Return the rows of a session and of the one before of the issues whose base price is not their close before.

    By instrument id. An issue without a row on the session before is compared with the last row it has.
    """
    rows = connection.execute(
        f"""
        SELECT i.market_code, d.instrument_id, i.first_seen, p.close,
            {BAR_COLUMNS.format(row="p", day=before)}, {BAR_COLUMNS.format(row="d", day=day)}
        FROM daily_market_data d
        LEFT JOIN daily_market_data p ON p.trade_date = ? AND p.instrument_id = d.instrument_id
        CROSS JOIN instruments i ON i.instrument_id = d.instrument_id
        WHERE d.trade_date = ? AND (p.close IS NULL OR d.base_price <> p.close)
        """,
        (day_number(before), day_number(day)),
    ).fetchall()
    moves: dict[Market, dict[int, tuple[EquityBar, EquityBar]]] = {market: {} for market in Market}
    for market_code, instrument_id, first_seen, close_before, *cells in rows:
        market, new = Market(market_code), cells[BAR_WIDTH:]
        old = EquityBar(before, market, *cells[:BAR_WIDTH]) if close_before is not None else None
        if old is None and first_seen < str(day):
            old = read_last_bar(connection, market, instrument_id, before)
        if old is not None:
            moves[market][instrument_id] = (old, EquityBar(day, market, *new))
    return moves


def read_last_bar(connection: sqlite3.Connection, market: Market, instrument_id: int, before: date) -> EquityBar | None:
    """Return the last row of an issue up to a day; nearly always it is only a few sessions back."""
    row = connection.execute(
        f"""
        SELECT d.trade_date, {BAR_COLUMNS.format(row="d", day=before)}
        FROM daily_market_data d CROSS JOIN instruments i ON i.instrument_id = d.instrument_id
        WHERE d.trade_date BETWEEN ? AND ? AND d.instrument_id = ? ORDER BY d.trade_date DESC LIMIT 1
        """,
        (day_number(before) - LONGEST_ABSENCE, day_number(before), instrument_id),
    ).fetchone()
    return None if row is None else EquityBar(day_of(row[0]), market, *row[1:])


def _bars(market: Market, day: date, rows: Sequence[tuple[Any, ...]]) -> tuple[EquityBar, ...]:
    if not rows:
        return ()
    columns: dict[str, Iterable[object]] = dict(zip(BAR_FIELDS, zip(*rows, strict=True), strict=True))
    columns |= {"trade_date": repeat(day), "market": repeat(market), "rate": repeat(None), "etf": repeat(None)}
    return rows_of(EquityBar, len(rows), columns)


def _columns(bars: Sequence[EquityBar]) -> Columns:
    told: Columns = {
        "base_price": [bar.close - bar.change for bar in bars],
        # The property of the same name costs most of this function's time where it is asked of every row.
        "is_trade_halted": [int(bar.volume == 0 and bar.is_trade_halted) for bar in bars],
        "is_under_supervision": [int(is_supervised(bar.section)) for bar in bars],
        "record_status": [int(RecordStatus.VALID)] * len(bars),
        "source_name": [int(SourceCode.KRX_OPEN_API)] * len(bars),
    }
    return {**told, **{name: list(map(attrgetter(name), bars)) for name in DAILY.values if name not in told}}
