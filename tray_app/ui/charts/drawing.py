"""Lines made of stored values, and whether a chart would draw them alike; imported on reader threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from tray_app.ui.charts.series import Series
from tray_app.ui.charts.ticks import EPOCH

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date


@dataclass(frozen=True, eq=False, slots=True)
class Drawing:
    """The lines of one chart and what is to be said about them."""

    lines: tuple[Series, ...]
    note: str = ""

    def looks_like(self, other: Drawing | None) -> bool:
        """Tell whether both would be drawn alike."""
        if other is None or self.note != other.note or len(self.lines) != len(other.lines):
            return False
        return all(map(_same, self.lines, other.lines))


def daily(key: str, name: str, days: Sequence[date], values: Sequence[float | None]) -> Series:
    """Return a line with a place for every day from its first value to its last; a day without one is a gap."""
    numbers = np.array([day.toordinal() for day in days], np.int64) - EPOCH
    known = np.array(values, np.float64)
    present = np.isfinite(known)
    numbers, known = numbers[present], known[present]
    if not len(numbers):
        return Series(key, name, numbers, known)
    whole = np.arange(numbers[0], numbers[-1] + 1)
    drawn = np.full(len(whole), np.nan)
    drawn[numbers - numbers[0]] = known
    return Series(key, name, whole, drawn)


def spaced(key: str, name: str, days: Sequence[date], values: Sequence[float | None], most: int) -> Series:
    """Return a line through values that come on some days only; more than so many days without one are a gap."""
    numbers = np.array([day.toordinal() for day in days], np.int64) - EPOCH
    known = np.array(values, np.float64)
    holes = np.flatnonzero(np.diff(numbers) > most) + 1
    return Series(key, name, np.insert(numbers, holes, numbers[holes] - 1), np.insert(known, holes, np.nan))


def _same(one: Series, other: Series) -> bool:
    return (
        (one.key, one.name) == (other.key, other.name)
        and np.array_equal(one.days, other.days)
        and np.array_equal(one.values, other.values, equal_nan=True)
    )
