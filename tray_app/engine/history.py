"""Ranges of history somebody asks for: what they take, which are pending, and how to go on or give up."""

from tray_app.core.model import CollectorName, Job, Trigger, Window
from tray_app.core.plan import BackfillPlan
from tray_app.engine.parts import EngineParts
from tray_app.engine.worker import Worker
from tray_app.store.backfill import HistoryRequest, RequestState


class History:
    """Reads and writes the store: not for the UI thread."""

    def __init__(self, parts: EngineParts, worker: Worker) -> None:
        self._parts = parts
        self._worker = worker

    def plan(self, name: CollectorName, window: Window) -> BackfillPlan | None:
        """Return what filling a range takes and the days it goes on; nothing for a source without daily limit."""
        now, collector = self._parts.clock.now(), self._parts.collectors[name]
        source, _limit = collector.quota()
        return collector.backfill(window, now, self._parts.usage.calls(source, now))

    def keep(self, name: CollectorName, window: Window) -> None:
        """Keep a range for whoever collects by the schedule, without collecting it here."""
        self._parts.backfills.request(name, window, self._parts.clock.now())

    def going_on(self, name: CollectorName, window: Window) -> Window:
        """Return a range as it was first asked for while it is still to be filled, else as it is given."""
        return self._parts.backfills.going_on(name, window)

    def pending(self) -> tuple[HistoryRequest, ...]:
        """Return the requests that are not filled yet, oldest first."""
        return self._parts.backfills.pending()

    def resume(self, request: HistoryRequest) -> bool:
        """Go on with a request now; False when it is queued or running."""
        return self._worker.submit(
            Job(request.collector, Trigger.TRAY, window=request.window, request_id=request.request_id)
        )

    def cancel(self, request: HistoryRequest) -> None:
        """Give a request up, also when it is running; what it has stored stays."""
        self._parts.backfills.close(request.request_id, RequestState.CANCELLED)
        self._worker.cancel(lambda job: job.request_id == request.request_id)
