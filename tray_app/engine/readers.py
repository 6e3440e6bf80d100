"""A small pool of threads for the queries of windows; results go to a callback on the pool's thread."""

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

logger = logging.getLogger(__name__)

Result = TypeVar("Result")


class Readers:
    """Two threads, so that a slow query does not hold a quick one."""

    def __init__(self, closing: Callable[[], None]) -> None:
        self._closing = closing
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="reader")

    def submit(
        self,
        query: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Run a query and hand its result, or its error, to a callback."""
        self._pool.submit(self._guarded, query, done, failed)

    def stop(self) -> None:
        """Drop what is queued and wait for what runs."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _guarded(
        self, query: Callable[[], Result], done: Callable[[Result], None], failed: Callable[[Exception], None]
    ) -> None:
        try:
            result = query()
        except Exception as error:
            logger.exception("a query failed")
            failed(error)
        else:
            done(result)
        finally:
            self._closing()
