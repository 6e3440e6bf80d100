"""One thread that lets the `schedule` library call one function every 20 seconds; it asks what is due and submits it.

Nothing else hangs on `schedule`: it forgets over restarts, storms at the end of foreign summer time, and a job that
raises starves the others. Here the run log remembers, and the function never raises.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event, Thread

import schedule

from tray_app.core.clock import Clock

logger = logging.getLogger(__name__)

TICK_SECONDS = 20
SLEPT = timedelta(seconds=2 * TICK_SECONDS + 5)


class Ticker:
    """Calls `tick(slept)` now and every 20 seconds; slept says that the computer was away since the last call."""

    def __init__(self, clock: Clock, tick: Callable[[bool], None], closing: Callable[[], None]) -> None:
        self._clock = clock
        self._tick = tick
        self._closing = closing
        self._stopping = Event()
        self._last: datetime | None = None
        self._scheduler = schedule.Scheduler()
        self._thread = Thread(target=self._work, name="ticker")

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self, seconds: float) -> bool:
        """Join the thread; False when it did not end in time."""
        self._stopping.set()
        if self._thread.ident is not None:
            self._thread.join(seconds)
        return not self._thread.is_alive()

    def tick(self) -> None:
        """Make one tick; whatever it meets is logged, never raised."""
        try:
            now = self._clock.now()
            slept = self._last is not None and now - self._last > SLEPT
            self._last = now
            self._tick(slept)
        except Exception:
            logger.exception("a tick failed")

    def _work(self) -> None:
        try:
            self.tick()
            self._scheduler.every(TICK_SECONDS).seconds.do(self.tick)
            while not self._stopping.wait(1.0):
                self._run_pending()
        finally:
            self._closing()

    def _run_pending(self) -> None:
        # A clock that was set back leaves schedule waiting for its old time: plan anew once it is far off.
        idle = self._scheduler.idle_seconds
        if idle is not None and idle > 2 * TICK_SECONDS:
            self._scheduler.clear()
            self._scheduler.every(TICK_SECONDS).seconds.do(self.tick)
        self._scheduler.run_pending()
