"""How many calls each source got today, shared by every process."""

from datetime import datetime

from tray_app.core.times import kst_date
from tray_app.store.database import Database


class UsageStore:
    """Counts calls per source and Korean day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, source: str, now: datetime) -> int:
        """Count one call before it is sent, so that a kill can overcount but never undercount. Returns the day's."""
        with self._database.writing() as connection:
            (calls,) = connection.execute(
                """
                INSERT INTO api_usage (source, day, calls) VALUES (?, ?, 1)
                ON CONFLICT (source, day) DO UPDATE SET calls = calls + 1
                RETURNING calls
                """,
                (source, kst_date(now).isoformat()),
            ).fetchone()
        return int(calls)
