"""A piece of a run's work that goes on beside it: one request waits for its answer while the last one is worked on."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Value = TypeVar("Value")


class PrefetchThread:
    """One thread of one run, started when it is first wanted."""

    def __init__(self, at_end: Callable[[], None]) -> None:
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._at_end = at_end
        self._is_used = False

    def begin(self, work: Callable[[], Value]) -> Callable[[], Value]:
        """Begin work; what is returned waits for its end and gives its result, or raises what it raised."""
        self._is_used = True
        return self._pool.submit(work).result

    def close(self) -> None:
        """Wait for what was begun, which the run's cancelling ends too, and let the thread put its things away."""
        if self._is_used:
            self._pool.submit(self._at_end)
        self._pool.shutdown()
