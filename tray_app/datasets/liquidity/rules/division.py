"""Price histories divided anew, for a split or a fund that was hived off: all of it, or by mistake a part only.

A source divides a history by giving every past close anew. Closes are known to a hundredth, so each pair of a stored
and an answered one says of their ratio only between which bounds it lies.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log

from tray_app.core.series import SeriesPoint

HALF_A_CENT = 0.005
# Closes come as binary fractions of single precision, too.
PRECISION = 1e-6
# One close is corrected now and then; what happens to two in a row happens to the history.
FEWEST = 2
# Fewer closes than these that moved by less are corrections that happen to be alike.
FEW, LITTLE = 5, 0.05


@dataclass(frozen=True, slots=True)
class Scale:
    """Dates in a row on which an answer stands in one ratio to what is stored; low and high are the ratio's bounds."""

    first: date
    last: date
    count: int
    low: float
    high: float

    @property
    def ratio(self) -> float:
        """Return the likeliest ratio."""
        return 1.0 if self.is_as_stored else (self.low + self.high) / 2

    @property
    def is_correction(self) -> bool:
        """Whether it is so short and so near to what is stored that no history was divided."""
        return self.count < FEW and not self.is_as_stored and abs(self.ratio - 1.0) < LITTLE

    @property
    def is_as_stored(self) -> bool:
        """Whether the answer says what is stored."""
        return self.low <= 1.0 <= self.high


def scales(stored: Mapping[date, float], points: Iterable[SeriesPoint]) -> tuple[Scale, ...]:
    """Return the scales of an answer, the oldest first; single corrections are none, nor is the newest stored close.

    A newest close may still move, so it says nothing of the history.
    """
    newest = max(stored, default=date.min)
    found: list[Scale] = []
    for point in sorted(points, key=lambda each: each.date):
        if point.date >= newest or point.date not in stored or min(stored[point.date], point.value) <= HALF_A_CENT:
            continue
        pair = _pair(point, stored[point.date])
        joined = _joined(found[-1], pair) if found else None
        if joined is None:
            found.append(pair)
        else:
            found[-1] = joined
    return _merged([each for each in found if each.count >= FEWEST])


def on_new_scales(
    found: Sequence[Scale], stored: Mapping[date, float], points: Sequence[SeriesPoint]
) -> tuple[SeriesPoint, ...]:
    """Return an answer on other scales than what is stored, with the stored closes it lacks divided alike.

    Left as they were they would be a jump on both of their sides.
    """
    told = {point.date for point in points}
    last = max(told, default=date.min)
    lacking = [day for day in stored if day not in told and day < last]
    divided = [SeriesPoint(day, stored[day] * _scale_on(day, found).ratio) for day in lacking]
    return tuple(sorted([*points, *divided], key=lambda each: each.date))


def _scale_on(day: date, found: Sequence[Scale]) -> Scale:
    return next((scale for scale in found if day <= scale.last), found[-1])


def seam_of(stored: Mapping[date, float], points: Sequence[SeriesPoint]) -> date | None:
    """Return the first day on which an answer changes its scale though what is stored does not.

    Of two histories that differ in scale from a day on, the one that moves less on that day is believed.
    """
    answered = {point.date: point.value for point in points}
    found = scales(stored, points)
    for earlier, later in pairwise(_merged([scale for scale in found if not scale.is_correction])):
        ours = abs(log(stored[later.first] / stored[earlier.last]))
        theirs = abs(log(answered[later.first] / answered[earlier.last]))
        if theirs > ours:
            return later.first
    return None


def _pair(point: SeriesPoint, stored: float) -> Scale:
    low = (point.value - HALF_A_CENT) / (stored + HALF_A_CENT) * (1 - PRECISION)
    high = (point.value + HALF_A_CENT) / (stored - HALF_A_CENT) * (1 + PRECISION)
    return Scale(point.date, point.date, 1, low, high)


def _joined(scale: Scale, following: Scale) -> Scale | None:
    low, high = max(scale.low, following.low), min(scale.high, following.high)
    return Scale(scale.first, following.last, scale.count + following.count, low, high) if low <= high else None


def _merged(found: Sequence[Scale]) -> tuple[Scale, ...]:
    """Join neighbours that only a correction has parted."""
    merged: list[Scale] = []
    for scale in found:
        joined = _joined(merged[-1], scale) if merged else None
        if joined is None:
            merged.append(scale)
        else:
            merged[-1] = joined
    return tuple(merged)
