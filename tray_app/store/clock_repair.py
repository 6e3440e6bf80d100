"""What runs left in the store that were made while the computer's clock was ahead: taken back, once it is right again.

Only what a later run would be misled by is touched. An instant that lies ahead becomes the present, which is the first
moment it can be vouched for; days that have not come lose what was noted of them, and are asked for again.
"""

import sqlite3
from datetime import datetime, timedelta

from tray_app.core.due import CLOCK_WAS_WRONG
from tray_app.core.times import iso_instant, parse_instant, utc_date
from tray_app.store.database import Database
from tray_app.store.migrations import Schema
from tray_app.store.models import EngineState
from tray_app.store.statements import upsert_rows

REPAIRED_THROUGH = "clock_repaired_through_run"
# The log keeps what it was told; locks and jobs belong to processes; the index is computed anew.
APART = frozenset({"collection_runs", "export_jobs", "lease", "stress_index"})
# Rows about days that have not come, and when they were brought: today's are not believed of a run that was ahead.
OWN_DAYS = (("api_usage", "day", "day"), ("data_quality_issues", "trade_date", "first_seen_at"))
# The index is computed anew by the next run.
COMPUTED = (
    "DELETE FROM stress_contribution WHERE date IN (SELECT date FROM stress_index WHERE updated_at > ?)",
    "DELETE FROM stress_index WHERE updated_at > ?",
)
# A series is known as far as it has values: how far it was asked for cannot be told any more.
NEWEST_STORED = """
    CASE WHEN series LIKE 'macro:%'
        THEN (SELECT MAX(date) FROM macro_observation WHERE series_id = SUBSTR(series, 7))
    WHEN series LIKE 'coin:%'
        THEN (SELECT MAX(date) FROM crypto_price WHERE coin_id = SUBSTR(series, 6))
    END
"""
CLIP = f"""
    UPDATE series_progress SET
        covered_through = MAX(covered_from, MIN(?, COALESCE({NEWEST_STORED}, covered_from))),
        final_through = MIN(final_through, ?)
    WHERE covered_through > ? OR final_through > ?
"""
# What a source was said to lack of a day that was not so old yet.
BLANKS = "DELETE FROM blank_days WHERE date_through > date(?, '-' || age || ' days')"


class ClockRepair:
    """Finds out whether runs were made while the clock was ahead, and takes back what they left."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def ahead(self, now: datetime) -> datetime | None:
        """Return when, ahead of now, a run was logged and not repaired yet; which clock was wrong, that leaves open."""
        with self._database.reading() as connection:
            found = _last_ahead(connection, now)
        return parse_instant(found[1]) if found else None

    def repair(self, now: datetime) -> None:
        """Take back what lies ahead of now, which must be known to be right."""
        schema, today = self._database.schema, utc_date(now)
        ahead, present = iso_instant(now + CLOCK_WAS_WRONG), iso_instant(now)
        tomorrow = (today + timedelta(days=1)).isoformat()
        with self._database.writing() as connection:
            last = _last_ahead(connection, now)
            for statement in COMPUTED:
                connection.execute(statement, (ahead,))
            for table, day, brought in (*OWN_DAYS, *schema.observed):
                connection.execute(
                    f"DELETE FROM {table} WHERE {day} > ? OR ({day} >= ? AND {brought} > ?)",
                    (tomorrow, today.isoformat(), ahead),
                )
            yesterday = (today - timedelta(days=1)).isoformat()
            connection.execute(CLIP, (today.isoformat(), yesterday, today.isoformat(), yesterday))
            connection.execute(BLANKS, (today.isoformat(),))
            seconds = tuple(int(each.timestamp()) for each in (now, now + CLOCK_WAS_WRONG))
            for table, column in instants(schema):
                values = seconds if (table, column) in schema.moments else (present, ahead)
                connection.execute(f"UPDATE {table} SET {column} = ? WHERE {column} > ?", values)
            connection.execute(upsert_rows(EngineState), (REPAIRED_THROUGH, str(last[0] if last else 0)))


def instants(schema: Schema) -> tuple[tuple[str, str], ...]:
    """Return the columns, each with its table, of something done or waited for: both were counted from that present."""
    return tuple(each for each in schema.instants if each[0] not in APART)


def _last_ahead(connection: sqlite3.Connection, now: datetime) -> tuple[int, str] | None:
    found: tuple[int, str] | None = connection.execute(
        "SELECT run_id, started_at FROM collection_runs WHERE started_at > ?"
        " AND run_id > COALESCE((SELECT CAST(value AS INTEGER) FROM engine_state WHERE name = ?), 0)"
        " ORDER BY run_id DESC LIMIT 1",
        (iso_instant(now + CLOCK_WAS_WRONG), REPAIRED_THROUGH),
    ).fetchone()
    return found
