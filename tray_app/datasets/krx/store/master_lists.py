"""Marks of the sessions whose master list was asked for."""

import sqlite3
from datetime import date

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.store.marks import mark, marked
from tray_app.store.series import Provenance

PREFIX = "krx:master_list:"


def set_base_info_fetched(connection: sqlite3.Connection, market: Market, day: date, seen: Provenance) -> None:
    """Mark a session, in the transaction that stores what its list tells."""
    mark(connection, f"{PREFIX}{market}:{day}", seen)


def asked_days(connection: sqlite3.Connection, market: Market) -> list[date]:
    """Return the marked sessions of a market, ascending."""
    return [date.fromisoformat(day) for day in marked(connection, f"{PREFIX}{market}:")]
