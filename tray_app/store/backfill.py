"""History somebody asked for, kept until it is stored, whatever happens in between."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from tray_app.core.model import CollectorName, Window
from tray_app.core.times import iso_instant, parse_instant
from tray_app.store.database import Database


class RequestState(StrEnum):
    """Where a request for history stands."""

    PENDING = "pending"
    DONE = "done"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class HistoryRequest:
    """A range of a collector's history to fill."""

    request_id: int
    collector: CollectorName
    window: Window
    attempts: int
    next_try_at: datetime | None


class BackfillStore:
    """Reads and writes backfill_requests."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def request(self, collector: CollectorName, window: Window, now: datetime) -> int:
        """Keep a request; one that is pending for the same range is not doubled. Returns its id."""
        window_end = window.date_to.isoformat() if window.date_to else None
        with self._database.writing() as connection:
            row = connection.execute(
                "SELECT request_id FROM backfill_requests"
                " WHERE collector = ? AND date_from = ? AND date_to IS ? AND newest_first = ? AND state = ?"
                " AND (again_since IS NOT NULL) = ? AND only_subject = ?",
                (
                    collector,
                    window.date_from.isoformat(),
                    window_end,
                    window.newest_first,
                    RequestState.PENDING,
                    window.is_again,
                    window.only,
                ),
            ).fetchone()
            if row:
                return int(row[0])
            cursor = connection.execute(
                "INSERT INTO backfill_requests"
                " (collector, date_from, date_to, newest_first, state, requested_at, again_since, only_subject)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    collector,
                    window.date_from.isoformat(),
                    window_end,
                    window.newest_first,
                    RequestState.PENDING,
                    iso_instant(now),
                    iso_instant(window.again_since) if window.again_since else None,
                    window.only,
                ),
            )
            return int(cursor.lastrowid or 0)

    def pending(self) -> tuple[HistoryRequest, ...]:
        """Return what is still to be filled, oldest request first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT request_id, collector, date_from, date_to, attempts, next_try_at, newest_first,"
                " again_since, only_subject"
                " FROM backfill_requests"
                " WHERE state = ? ORDER BY request_id",
                (RequestState.PENDING,),
            ).fetchall()
        return tuple(_request(row) for row in rows)

    def windows(self, collector: CollectorName) -> tuple[Window, ...]:
        """Return the ranges that are still to be filled for a collector."""
        return tuple(request.window for request in self.pending() if request.collector == collector)

    def going_on(self, collector: CollectorName, window: Window) -> Window:
        """Return a range as it was first asked for while it is still to be filled, else as it is given."""
        return next((each for each in self.windows(collector) if each.is_same_work(window)), window)

    def close(self, request_id: int, state: RequestState) -> None:
        """Note that a request is done or was cancelled."""
        with self._database.writing() as connection:
            connection.execute("UPDATE backfill_requests SET state = ? WHERE request_id = ?", (state, request_id))

    def postpone(self, request_id: int, next_try_at: datetime) -> None:
        """Note a try that did not finish the request, and when to go on."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE backfill_requests SET attempts = attempts + 1, next_try_at = ? WHERE request_id = ?",
                (iso_instant(next_try_at), request_id),
            )


def _request(row: tuple[Any, ...]) -> HistoryRequest:
    return HistoryRequest(
        request_id=row[0],
        collector=row[1],
        window=Window(
            date.fromisoformat(row[2]),
            date.fromisoformat(row[3]) if row[3] else None,
            bool(row[6]),
            parse_instant(row[7]) if row[7] else None,
            row[8],
        ),
        attempts=row[4],
        next_try_at=parse_instant(row[5]) if row[5] else None,
    )
