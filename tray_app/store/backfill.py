"""History somebody asked for, kept until it is stored, whatever happens in between."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from tray_app.core.model import CollectorName, Window
from tray_app.core.times import maybe_date, maybe_instant
from tray_app.store.database import Database
from tray_app.store.models import BackfillRequest
from tray_app.store.statements import Prepared


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
        is_same = (
            (BackfillRequest.collector == collector)
            & (BackfillRequest.date_from == window.date_from)
            & (BackfillRequest.date_to == window.date_to)
            & (BackfillRequest.newest_first == window.newest_first)
            & (BackfillRequest.state == RequestState.PENDING)
            & BackfillRequest.again_since.is_null(not window.is_again)
            & (BackfillRequest.only_subject == window.only)
        )
        with self._database.writing():
            known = self._database.value(BackfillRequest.select(BackfillRequest.request_id).where(is_same))
            if known is not None:
                return int(known)
            return self._database.write(
                BackfillRequest.insert(
                    collector=collector,
                    date_from=window.date_from,
                    date_to=window.date_to,
                    newest_first=window.newest_first,
                    state=RequestState.PENDING,
                    requested_at=now,
                    again_since=window.again_since,
                    only_subject=window.only,
                )
            )

    def pending(self) -> tuple[HistoryRequest, ...]:
        """Return what is still to be filled, oldest request first."""
        return self._database.look(_PENDING)

    def windows(self, collector: CollectorName) -> tuple[Window, ...]:
        """Return the ranges that are still to be filled for a collector."""
        return tuple(request.window for request in self.pending() if request.collector == collector)

    def going_on(self, collector: CollectorName, window: Window) -> Window:
        """Return a range as it was first asked for while it is still to be filled, else as it is given."""
        return next((each for each in self.windows(collector) if each.is_same_work(window)), window)

    def close(self, request_id: int, state: RequestState) -> None:
        """Note that a request is done or was cancelled."""
        self._database.write(BackfillRequest.update(state=state).where(BackfillRequest.request_id == request_id))

    def postpone(self, request_id: int, next_try_at: datetime) -> None:
        """Note a try that did not finish the request, and when to go on."""
        tried = BackfillRequest.update(attempts=BackfillRequest.attempts + 1, next_try_at=next_try_at)
        self._database.write(tried.where(BackfillRequest.request_id == request_id))


def _request(row: BackfillRequest) -> HistoryRequest:
    window = Window(
        date.fromisoformat(row.date_from),
        maybe_date(row.date_to),
        row.newest_first,
        maybe_instant(row.again_since),
        row.only_subject,
    )
    return HistoryRequest(row.request_id, row.collector, window, row.attempts, maybe_instant(row.next_try_at))


_PENDING = Prepared(
    BackfillRequest.select().where(BackfillRequest.state == RequestState.PENDING).order_by(BackfillRequest.request_id),
    _request,
)
