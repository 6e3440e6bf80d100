"""Time as this process lives it: it stands still while a busy machine lets nobody run."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

TICK_SECONDS = 0.02


class RunningTime:
    """Seconds in which this process had its turn, counted by a thread that does nothing but wake up."""

    def __init__(self) -> None:
        self._ticks = 0
        self._over = threading.Event()

    @property
    def seconds(self) -> float:
        """Return how long it is since the beginning, never more than by the wall's clock."""
        return self._ticks * TICK_SECONDS

    def count(self) -> None:
        """Count until the end."""
        while not self._over.wait(TICK_SECONDS):
            self._ticks += 1

    def end(self) -> None:
        """Count no further."""
        self._over.set()


@contextmanager
def running_time() -> Iterator[RunningTime]:
    """Give the time since now."""
    time = RunningTime()
    thread = threading.Thread(target=time.count, daemon=True)
    thread.start()
    try:
        yield time
    finally:
        time.end()
        thread.join()


def becomes_true(condition: Callable[[], bool], seconds: float) -> bool:
    """Whether something becomes true within so many seconds in which this process had its turn."""
    pause = threading.Event()
    for _ in range(round(seconds / TICK_SECONDS)):
        if condition():
            return True
        pause.wait(TICK_SECONDS)
    return condition()
