"""Marks of the sessions whose listings reach further in memory than in the table of instruments.

Nearly every issue reaches one day further with every session: writing that each time would cost as much as the day's
rows. It is written every few sessions and at the end of a sweep; the marks, written with the rows, tell the next
process what one that was killed had left out.
"""

import sqlite3
from datetime import date

from tray_app.core.days import day_number
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.store.marks import mark, marked
from tray_app.store.series import Provenance

PREFIX = "krx:span:"


def mark_span(connection: sqlite3.Connection, market: Market, day: date, seen: Provenance) -> None:
    """Mark a session of a market."""
    mark(connection, f"{PREFIX}{market}:{day}", seen)


def marked_spans(connection: sqlite3.Connection) -> list[tuple[Market, date]]:
    """Return the marked sessions."""
    parts = (name.split(":") for name in marked(connection, PREFIX))
    return [(Market(market), date.fromisoformat(day)) for market, day in parts]


def forget_span_marks(connection: sqlite3.Connection) -> None:
    """Take all marks away, in the transaction that writes how far the listings reach."""
    connection.execute("DELETE FROM series_progress WHERE series LIKE ?", (f"{PREFIX}%",))


def instruments_of(connection: sqlite3.Connection, market: Market, day: date) -> frozenset[int]:
    """Return the instrument ids of a market's session."""
    rows = connection.execute(
        "SELECT d.instrument_id FROM daily_market_data d JOIN instruments i ON i.instrument_id = d.instrument_id"
        " WHERE d.trade_date = ? AND i.market_code = ?",
        (day_number(day), market),
    )
    return frozenset(row[0] for row in rows)
