"""What is kept beside the tables in the writing transaction: marks of sessions, rows per day, a counter per month."""

import sqlite3
from datetime import date
from enum import StrEnum

from tray_app.core.days import day_number, day_of
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.tables import DAY_SUMMARY
from tray_app.store.statements import upsert

SAVE_ROWS = upsert(DAY_SUMMARY, if_other=True)


class SessionMark(StrEnum):
    """What a mark says of a session.

    Nearly every issue reaches one day further with every session: writing that each time would cost as much as the
    day's rows. It is written every few sessions and at the end of a sweep; SPAN, written with the rows, tells the next
    process what one that was killed had left out.
    """

    SPAN = "span"
    MASTER_LIST = "master_list"


def mark_session(connection: sqlite3.Connection, mark: SessionMark, market: Market, day: date) -> None:
    """Mark a session: its listings reach further in memory than stored, or its master list is stored."""
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


def upsert_day_summary(connection: sqlite3.Connection, dataset: str, market: str, day: date, rows: int) -> None:
    """Keep how many rows a market has on a session."""
    connection.execute(SAVE_ROWS, (dataset, market, day_number(day), rows))


def has_rows(connection: sqlite3.Connection, dataset: str, market: str, day: date) -> bool:
    """Whether a market has rows on a session."""
    found = connection.execute(
        "SELECT rows FROM day_summary WHERE dataset = ? AND market_code = ? AND trade_date = ?",
        (dataset, market, day_number(day)),
    ).fetchone()
    return found is not None and found[0] > 0


def set_pending_check(connection: sqlite3.Connection, day: date) -> None:
    """Mark a session whose factors and quality are to be worked out, in the transaction that writes its rows."""
    connection.execute("INSERT INTO pending_checks (trade_date) VALUES (?) ON CONFLICT DO NOTHING", (day_number(day),))


def clear_pending_check(connection: sqlite3.Connection, day: date) -> None:
    """Take the mark from a session, in the transaction that writes its issues."""
    connection.execute("DELETE FROM pending_checks WHERE trade_date = ?", (day_number(day),))


def is_unchecked(connection: sqlite3.Connection, day: date) -> bool:
    """Whether a session is marked."""
    marked = connection.execute("SELECT 1 FROM pending_checks WHERE trade_date = ?", (day_number(day),))
    return marked.fetchone() is not None


def unchecked_days(connection: sqlite3.Connection) -> list[date]:
    """Return the marked sessions, ascending."""
    return [day_of(row[0]) for row in connection.execute("SELECT trade_date FROM pending_checks ORDER BY trade_date")]


def bump_month(connection: sqlite3.Connection, table: str, day: date) -> None:
    """Count a write to a month of a table."""
    connection.execute(
        """
        INSERT INTO month_stamp (table_name, month, stamp) VALUES (?, ?, 1)
        ON CONFLICT (table_name, month) DO UPDATE SET stamp = month_stamp.stamp + 1
        """,
        (table, f"{day:%Y-%m}"),
    )
