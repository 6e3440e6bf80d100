"""Rows made day by day and kept, so that what was told of a past day never changes."""

import threading
from bisect import bisect_right
from collections.abc import Callable
from typing import Generic, TypeVar

Row = TypeVar("Row")


class DayRows(Generic[Row]):
    """The rows from a first day on (whole days since 1970-01-01 UTC); safe to use from any thread.

    make: returns a day's row, or None for a day without one.
    """

    def __init__(self, first: int, make: Callable[[int], Row | None]) -> None:
        self._next = first
        self._make = make
        self._lock = threading.Lock()
        self._days: list[int] = []
        self._rows: list[Row] = []

    def through(self, day: int) -> list[Row]:
        """Return the rows up to a day, oldest first."""
        with self._lock:
            for each in range(self._next, day + 1):
                row = self._make(each)
                if row is not None:
                    self._days.append(each)
                    self._rows.append(row)
            self._next = max(self._next, day + 1)
            return self._rows[: bisect_right(self._days, day)]
