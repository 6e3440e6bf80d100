"""From days and values to the few points a line needs on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tray_app.ui.charts.series import Scale

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from tray_app.ui.charts.series import Series

    Numbers = NDArray[np.float64]

REBASED_START = 100.0


@dataclass(frozen=True, eq=False)
class Line:
    """A series as plain numbers, its colour fixed by its place."""

    place: int
    key: str
    name: str
    days: Numbers
    values: Numbers

    def value_at(self, day: float) -> float | None:
        """Return the value of exactly this day."""
        index = int(np.searchsorted(self.days, day))
        if index >= len(self.days) or self.days[index] != day or not np.isfinite(self.values[index]):
            return None
        return float(self.values[index])


@dataclass(frozen=True, eq=False)
class Trace:
    """The visible part of a line, in the heights of a scale."""

    line: Line
    days: Numbers
    heights: Numbers
    base: float = 1.0

    def height_of(self, value: float, scale: Scale) -> float | None:
        """Return where a value of this line lies."""
        height = float(heights(np.array([value]), scale, self.base)[0])
        return height if np.isfinite(height) else None

    def last(self) -> tuple[float, float] | None:
        """Return the day and height of the last visible value."""
        known = np.flatnonzero(np.isfinite(self.heights))
        return (float(self.days[known[-1]]), float(self.heights[known[-1]])) if len(known) else None


def line_of(place: int, series: Series) -> Line:
    """Return a series as plain numbers."""
    return Line(place, series.key, series.name, day_numbers(series.days), np.asarray(series.values, np.float64))


def day_numbers(days: NDArray[Any]) -> Numbers:
    """Return days since 1970."""
    known = np.asarray(days)
    if known.dtype.kind == "M":
        known = known.astype("datetime64[D]").astype(np.int64)
    return known.astype(np.float64)


def all_days(lines: Sequence[Line]) -> Numbers:
    """Return every day on which some line has a value."""
    parts = [line.days[np.isfinite(line.values)] for line in lines]
    if not parts:
        return np.empty(0)
    days = np.sort(np.concatenate(parts))
    # Not np.unique: its first call loads masked arrays, which takes 50 ms.
    return days[np.diff(days, prepend=-np.inf) > 0]


def days_between(days: Numbers, edges: tuple[float, float]) -> list[float]:
    """Return the days between the edges of the view."""
    return [float(day) for day in days[(days >= edges[0]) & (days <= edges[1])]]


def heights(values: Numbers, scale: Scale, base: float) -> Numbers:
    """Return where values lie on a scale; what cannot lie on it is a gap."""
    if scale is Scale.LOG:
        return np.log10(np.where(values > 0, values, np.nan))
    if scale is Scale.REBASED:
        return values / base * REBASED_START if base else np.full_like(values, np.nan)
    return values


def value_of(height: float, scale: Scale) -> float:
    """Return the value the axis names at a height."""
    return float(10.0**height) if scale is Scale.LOG else height


def trace(line: Line, left: float, right: float, scale: Scale) -> Trace:
    """Return the visible part of a line, one point beyond either edge so that it runs out of the frame."""
    start, stop = np.searchsorted(line.days, (left, right))
    inside = slice(max(0, int(start) - 1), int(stop) + 1)
    base = 1.0
    if scale is Scale.REBASED:
        visible = line.values[int(start) : int(stop) + 1]
        known = visible[np.isfinite(visible)]
        base = float(known[0]) if len(known) else np.nan
    return Trace(line, line.days[inside], heights(line.values[inside], scale, base), base)


def extent(traces: Sequence[Trace], left: float, right: float) -> tuple[float, float] | None:
    """Return the lowest and the highest visible height."""
    lows, highs = [], []
    for one in traces:
        shown = one.heights[(one.days >= left) & (one.days <= right) & np.isfinite(one.heights)]
        if len(shown):
            lows.append(float(shown.min()))
            highs.append(float(shown.max()))
    return (min(lows), max(highs)) if lows else None


def runs(heights_of_line: Numbers) -> Iterator[slice]:
    """Yield the stretches without a gap."""
    known = np.isfinite(heights_of_line)
    if known.all():
        if len(known):
            yield slice(0, len(known))
        return
    edges = np.flatnonzero(np.diff(np.concatenate(((False,), known, (False,))).astype(np.int8)))
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        yield slice(int(start), int(stop))


def decimate(across: Numbers, down: Numbers, buckets: int) -> tuple[Numbers, Numbers]:
    """Keep the lowest and highest point of each bucket, in their order, when there are many more points."""
    size = len(down) // max(1, buckets)
    if size < 3:
        return across, down
    whole = len(down) // size * size
    cut = down[:whole].reshape(-1, size)
    pair = np.stack((cut.argmin(axis=1), cut.argmax(axis=1)), axis=1)
    pair.sort(axis=1)
    kept = (pair + np.arange(0, whole, size)[:, None]).ravel()
    kept = np.concatenate(([0], kept, np.arange(whole, len(down)), [len(down) - 1]))
    return across[kept], down[kept]
