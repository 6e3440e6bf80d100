"""What is kept beside the big tables in the writing transaction: rows per day, and a counter per month."""

import sqlite3
from datetime import date

from tray_app.core.days import day_number, day_of
from tray_app.datasets.krx.tables import DAY_SUMMARY
from tray_app.store.statements import upsert

SAVE_ROWS = upsert(DAY_SUMMARY, if_other=True)


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
