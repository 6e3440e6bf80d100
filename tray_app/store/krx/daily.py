"""The daily bars of the issues."""

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import date

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


def read_market_day(connection: sqlite3.Connection, market: Market, day: date) -> tuple[EquityBar, ...]:
    """Return a market's stored session, by code. Of the listing section only the supervision mark is kept."""
    rows = connection.execute(
        """
        SELECT i.external_code, i.instrument_name, d.is_under_supervision, d.close, d.change, d.open, d.high, d.low,
               d.volume, d.turnover_value, d.market_value, d.listed_shares
        FROM daily_market_data d JOIN instruments i ON i.instrument_id = d.instrument_id
        WHERE d.trade_date = ? AND i.market_code = ? ORDER BY i.external_code
        """,
        (day_number(day), market),
    )
    return tuple(
        EquityBar(day, market, row[0], row[1], SUPERVISED if row[2] else "", *row[3:]) for row in rows.fetchall()
    )


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
