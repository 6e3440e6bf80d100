"""Daily bars of an issue as plain numbers, and the few of them that a screen has room for."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from tray_app.ui.charts.traces import Numbers


@dataclass(frozen=True, eq=False, slots=True)
class Bars:
    """One place for every session; open, high and low are NaN where nothing was traded and the close is carried."""

    days: Numbers
    open: Numbers
    high: Numbers
    low: Numbers
    close: Numbers
    volume: Numbers

    def place_of(self, day: float) -> int | None:
        """Return the place of exactly this day."""
        place = int(np.searchsorted(self.days, day))
        return place if place < len(self.days) and self.days[place] == day else None

    def is_halted(self, place: int) -> bool:
        """Whether nothing was traded."""
        return bool(np.isnan(self.open[place]))


@dataclass(frozen=True, eq=False, slots=True)
class Candles:
    """What is drawn: each candle stands for one session or for a few, from its first day to its last."""

    first: Numbers
    last: Numbers
    open: Numbers
    high: Numbers
    low: Numbers
    close: Numbers
    volume: Numbers
    rises: Numbers
    is_halted: np.ndarray[tuple[int], np.dtype[np.bool_]]


def candles(bars: Bars, left: float, right: float, most: int) -> Candles:
    """Return at most so many candles for the visible days; panning does not regroup them."""
    start, stop = (int(place) for place in np.searchsorted(bars.days, (left, right)))
    start, stop = max(0, start - 1), min(len(bars.days), stop + 1)
    size = max(1, math.ceil((stop - start) / max(1, most)))
    start -= start % size
    firsts = np.arange(start, stop, size)
    lasts = np.minimum(firsts + size, stop) - 1
    shown, groups = slice(start, stop), firsts - start
    if not len(firsts):
        empty = np.empty(0)
        return Candles(empty, empty, empty, empty, empty, empty, empty, empty, np.empty(0, np.bool_))
    halted = np.isnan(bars.open)
    opened, high, low = (np.where(halted, bars.close, each) for each in (bars.open, bars.high, bars.low))
    before = bars.close[np.maximum(firsts - 1, 0)]
    rises = bars.close[lasts] - opened[firsts]
    return Candles(
        first=bars.days[firsts],
        last=bars.days[lasts],
        open=opened[firsts],
        high=np.maximum.reduceat(high[shown], groups),
        low=np.minimum.reduceat(low[shown], groups),
        close=bars.close[lasts],
        volume=np.add.reduceat(bars.volume[shown], groups) / size,
        rises=np.where(rises == 0, bars.close[lasts] - before, rises),
        is_halted=np.logical_and.reduceat(halted[shown], groups),
    )


def price_range(bars: Bars, left: float, right: float) -> tuple[float, float] | None:
    """Return the lowest and the highest price of the visible days."""
    start, stop = np.searchsorted(bars.days, (left, right + 1))
    shown = slice(int(start), int(stop))
    if start >= stop:
        return None
    low = np.where(np.isnan(bars.low[shown]), bars.close[shown], bars.low[shown])
    high = np.where(np.isnan(bars.high[shown]), bars.close[shown], bars.high[shown])
    return float(low.min()), float(high.max())
