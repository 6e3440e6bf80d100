"""Marks of a market's sessions, set and taken in the transaction of what they speak of."""

import sqlite3
from datetime import date
from enum import StrEnum

from tray_app.datasets.krx.rows import Market


class SessionMark(StrEnum):
    """What a mark says of a session.

    Nearly every issue reaches one day further with every session: writing that each time would cost as much as the
    day's rows. It is written every few sessions and at the end of a sweep; SPAN, written with the rows, tells the next
    process what one that was killed had left out.
    """

    SPAN = "span"
    MASTER_LIST = "master_list"


def mark_session(connection: sqlite3.Connection, mark: SessionMark, market: Market, day: date) -> None:
    """Mark a session: its listings reach further in memory than stored, or its master list was asked for."""
    connection.execute("INSERT INTO session_marks VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (mark, market, str(day)))


def marked_sessions(connection: sqlite3.Connection, mark: SessionMark) -> list[tuple[Market, date]]:
    """Return the marked sessions, of a market ascending."""
    rows = connection.execute(
        "SELECT market_code, trade_date FROM session_marks WHERE mark = ? ORDER BY market_code, trade_date", (mark,)
    )
    return [(Market(market), date.fromisoformat(day)) for market, day in rows]


def forget_marks(connection: sqlite3.Connection, mark: SessionMark) -> None:
    """Take a mark from all sessions."""
    connection.execute("DELETE FROM session_marks WHERE mark = ?", (mark,))
