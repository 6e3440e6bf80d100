"""How many calls each source got today, shared by every process."""

import sqlite3
from dataclasses import dataclass
from datetime import date, datetime

from tray_app.core.times import kst_date
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class SourceUsage:
    """Calls sent to a source on a Korean day."""

    source: str
    calls: int


class UsageStore:
    """Counts calls per source and Korean day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, source: str, now: datetime, limit: int | None = None) -> bool:
        """Count one call before it is sent, so that a kill can overcount but never undercount.

        False, and nothing counted, when the day's calls have reached the limit.
        """
        day = kst_date(now).isoformat()
        with self._database.writing() as connection:
            if limit is not None and _calls(connection, source, day) >= limit:
                return False
            connection.execute(
                """
                INSERT INTO api_usage (source, day, calls) VALUES (?, ?, 1)
                ON CONFLICT (source, day) DO UPDATE SET calls = calls + 1
                """,
                (source, day),
            )
        return True

    def calls(self, source: str, now: datetime) -> int:
        """Return how many calls the source got on the Korean day."""
        with self._database.reading() as connection:
            return _calls(connection, source, kst_date(now).isoformat())

    def usage_of(self, day: date) -> tuple[SourceUsage, ...]:
        """Return the calls of a Korean day, by source."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT source, calls FROM api_usage WHERE day = ? ORDER BY source", (day.isoformat(),)
            ).fetchall()
        return tuple(SourceUsage(*row) for row in rows)

    def close_thread(self) -> None:
        """Close the calling thread's connection."""
        self._database.close_thread()


def _calls(connection: sqlite3.Connection, source: str, day: str) -> int:
    row = connection.execute("SELECT calls FROM api_usage WHERE source = ? AND day = ?", (source, day)).fetchone()
    return int(row[0]) if row else 0
