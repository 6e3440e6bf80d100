"""One thread that makes the submitted runs, one after another; the process's only writer of market data."""

import logging
from collections import deque
from collections.abc import Callable
from threading import Condition, Thread

from tray_app.core.errors import AlreadyRunning, AppError, Cancelled
from tray_app.core.events import EngineChanged, Notice
from tray_app.core.model import Job, Run, Trigger
from tray_app.core.words import tr
from tray_app.engine.bus import Bus
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.runner import Runner
from tray_app.memory import give_back

logger = logging.getLogger(__name__)


class Worker:
    """A queue of jobs and the thread that empties it. An equal job is refused."""

    def __init__(
        self, runner: Runner, bus: Bus, finished: Callable[[Job, Run], None], closing: Callable[[], None]
    ) -> None:
        self._runner = runner
        self._bus = bus
        self._finished = finished
        self._closing = closing
        self._queue: deque[Job] = deque()
        self._current: Job | None = None
        self._cancel = CancelFlag()
        self._stopping = False
        self._told = ""
        self._changed = Condition()
        self._thread = Thread(target=self._work, name="worker")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def submit(self, job: Job) -> bool:
        """Queue a job; False when an equal one is queued or running."""
        with self._changed:
            active = [*self._queue, *([self._current] if self._current else [])]
            if self._stopping or any(job.repeats(other) for other in active):
                return False
            self._queue.append(job)
            self._changed.notify_all()
        self._bus.publish(EngineChanged())
        return True

    def cancel(self, wanted: Callable[[Job], bool] = lambda _job: True) -> tuple[Job, ...]:
        """Ask the running job to stop and drop those behind it, if they are wanted; returns what was queued."""
        with self._changed:
            dropped = tuple(job for job in self._queue if wanted(job))
            self._queue = deque(job for job in self._queue if not wanted(job))
            if self._current is not None and wanted(self._current):
                self._cancel.set()
        self._bus.publish(EngineChanged())
        return dropped

    @property
    def active(self) -> tuple[Job, ...]:
        """Return the running job and those behind it."""
        with self._changed:
            return (*([self._current] if self._current else []), *self._queue)

    def stop(self, seconds: float) -> bool:
        """Cancel everything and join the thread; False when it did not end in time."""
        with self._changed:
            self._stopping = True
            self._queue.clear()
            self._cancel.leave()
            self._changed.notify_all()
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        try:
            while (job := self._next()) is not None:
                self._guarded(job)
                give_back()
                with self._changed:
                    self._current = None
                self._bus.publish(EngineChanged())
        finally:
            self._closing()

    def _next(self) -> Job | None:
        with self._changed:
            while not self._queue and not self._stopping:
                self._changed.wait()
            if self._stopping:
                return None
            self._current = self._queue.popleft()
            self._cancel = CancelFlag()
            return self._current

    def _guarded(self, job: Job) -> None:
        try:
            if job.probe_first and not self._runner.can_reach(job.collector, self._cancel):
                return
            self._finished(job, self._runner.run(job, self._cancel))
            self._told = ""
        except (AlreadyRunning, Cancelled) as error:
            logger.info("%s", error)
        except AppError as error:
            logger.warning("%s", error)
            self._tell_once(job, error.title, str(error))
        except Exception:
            logger.exception("a fault of ours while collecting %s", job.collector)
            self._tell_once(job, tr("A fault in Market Tray"), tr("Collecting stopped; the log has the details."))

    def _tell_once(self, job: Job, title: str, message: str) -> None:
        # What is due is tried again at every tick: a full disk is told once, not every 20 seconds.
        if title != self._told or job.trigger is Trigger.TRAY:
            self._told = title
            self._bus.publish(Notice(title, message, is_failure=True))
