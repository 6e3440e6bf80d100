"""Marks of the sessions whose master list was asked for."""

import sqlite3
from datetime import date

from tray_app.core.krx.rows import Market
from tray_app.core.times import iso_instant
from tray_app.store.series import Seen

PREFIX = "krx:master_list:"


def mark_asked(connection: sqlite3.Connection, market: Market, day: date, seen: Seen) -> None:
    """Mark a session, in the transaction that stores what its list tells."""
    connection.execute(
        "INSERT INTO series_progress (series, updated_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (f"{PREFIX}{market}:{day}", iso_instant(seen.at)),
    )


def asked_days(connection: sqlite3.Connection, market: Market) -> list[date]:
    """Return the marked sessions of a market, ascending."""
    prefix = f"{PREFIX}{market}:"
    rows = connection.execute("SELECT series FROM series_progress WHERE series LIKE ? ORDER BY series", (f"{prefix}%",))
    return [date.fromisoformat(row[0].removeprefix(prefix)) for row in rows]
