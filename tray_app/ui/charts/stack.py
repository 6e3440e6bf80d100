"""Parts that add up to a total, as heights above and below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tray_app.ui.charts.traces import Line, Numbers


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """One part's areas: from base to top above zero, and likewise below."""

    place: int
    base_above: Numbers
    top_above: Numbers
    base_below: Numbers
    top_below: Numbers


@dataclass(frozen=True, eq=False, slots=True)
class Stack:
    """The areas of the visible days."""

    days: Numbers
    layers: tuple[Layer, ...]

    def extent(self) -> tuple[float, float] | None:
        """Return the lowest and the highest edge."""
        if not self.layers or not len(self.days):
            return None
        return float(self.layers[-1].top_below.min()), float(self.layers[-1].top_above.max())


def stack(parts: Sequence[Line], left: float, right: float, most: int) -> Stack:
    """Return the areas of at most so many days between two edges, one day beyond either of them.

    Parts have the same days. Of many days that share a pixel, the one with the largest sum is drawn with all its parts,
    so that what is seen is a day that was.
    """
    if not parts:
        return Stack(np.empty(0), ())
    days = parts[0].days
    start, stop = (int(place) for place in np.searchsorted(days, (left, right)))
    shown = slice(max(0, start - 1), stop + 1)
    values = np.nan_to_num(np.stack([part.values[shown] for part in parts]))
    kept = _days_kept(values, most)
    return Stack(days[shown][kept], _layers(parts, values[:, kept]))


def _days_kept(values: Numbers, most: int) -> NDArray[np.intp]:
    count = values.shape[1]
    size = max(1, count // max(1, most))
    if size == 1:
        return np.arange(count)
    weight = np.abs(values).sum(axis=0)
    whole = count // size * size
    highest = weight[:whole].reshape(-1, size).argmax(axis=1) + np.arange(0, whole, size)
    return np.concatenate((highest, np.arange(whole, count)))


def _layers(parts: Sequence[Line], values: Numbers) -> tuple[Layer, ...]:
    above, below = np.cumsum(np.maximum(values, 0), axis=0), np.cumsum(np.minimum(values, 0), axis=0)
    ground = np.zeros(values.shape[1])
    return tuple(
        Layer(
            part.place,
            above[number - 1] if number else ground,
            above[number],
            below[number - 1] if number else ground,
            below[number],
        )
        for number, part in enumerate(parts)
    )
