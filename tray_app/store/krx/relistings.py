"""Parting a listing in the tables: the later rows, and all that is said of them, go to an instrument of their own."""

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from datetime import date

from tray_app.core.days import day_number
from tray_app.core.krx.episodes import EpisodeKey
from tray_app.core.krx.relistings import Parting
from tray_app.store.krx.codes import EQUITY_TABLE
from tray_app.store.krx.factors import TABLE as FACTOR_TABLE
from tray_app.store.krx.stamps import bump_month


def parting_around(
    connection: sqlite3.Connection, key: EpisodeKey, instrument_id: int, day: date, stored: Sequence[date]
) -> Parting | None:
    """Return the rows right before a day and from it on; nothing when one side has none. stored: ascending."""
    place = bisect_left(stored, day)
    before = next((each for each in reversed(stored[:place]) if _has_row(connection, instrument_id, each)), None)
    after = next((each for each in stored[place:] if _has_row(connection, instrument_id, each)), None)
    return None if before is None or after is None else Parting(key, before, after)


def move_rows(connection: sqlite3.Connection, old: int, new: int, days: Sequence[date]) -> None:
    """Give an instrument's rows of some sessions to another one."""
    for table in (EQUITY_TABLE, FACTOR_TABLE):
        connection.executemany(
            f"UPDATE {table} SET instrument_id = ? WHERE trade_date = ? AND instrument_id = ?",
            [(new, day_number(day), old) for day in days],
        )
        for day in {day.replace(day=1) for day in days}:
            bump_month(connection, table, day)
    connection.executemany(
        "UPDATE data_quality_issues SET instrument_id = ? WHERE dataset_name = 'equity' AND trade_date = ?"
        " AND instrument_id = ?",
        [(new, day.isoformat(), old) for day in days],
    )
    connection.executemany(
        "UPDATE restatements SET row_key = ? WHERE table_name = ? AND row_key = ?",
        [(f"{day}/{new}", EQUITY_TABLE, f"{day}/{old}") for day in days],
    )


def _has_row(connection: sqlite3.Connection, instrument_id: int, day: date) -> bool:
    found = connection.execute(
        f"SELECT 1 FROM {EQUITY_TABLE} WHERE trade_date = ? AND instrument_id = ?", (day_number(day), instrument_id)
    )
    return found.fetchone() is not None
