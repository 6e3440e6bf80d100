"""What an input says on each day of the index: the newest value known, for as long as it holds, and how unusual it is.

Mean and deviation of a z expand from the first stored observation, so a value never knows the future and never changes
when more is collected. A long history matters more than the formula: a window of three years takes a quiet decade's
small moves for stress.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import inf, isfinite, isnan, nan, sqrt

from tray_app.datasets.liquidity.rules.index_days import IndexDays
from tray_app.datasets.liquidity.rules.inputs import StressInput
from tray_app.datasets.liquidity.rules.model import InputReading
from tray_app.datasets.liquidity.rules.tracks import Track

MINIMUM = 252
LOWEST, HIGHEST = -3.0, 6.0


def readings(source: StressInput, days: IndexDays) -> list[InputReading | None]:
    """Return the input's reading on each day, nothing where it says nothing.

    Its z is that of the observation, so carrying a value moves nothing and counts nothing twice.
    """
    track, scores, size = source.track, expanding_z(source.track.values), len(days)
    places = [
        place
        for place, (score, begin) in enumerate(zip(scores, track.known, strict=True))
        if begin < size and not isnan(score)
    ]
    known = [track.known[place] for place in places]
    result: list[InputReading | None] = [None] * size
    for place, begin, following in zip(places, known, [*known, size][1:], strict=True):
        # Of what becomes known together only the newest is heard.
        if begin == following:
            continue
        observed = date.fromordinal(track.ordinals[place])
        said = InputReading(source.name, track.sources[place], track.values[place], scores[place], observed, 0)
        result[begin] = said
        for number, age in _held(days, begin, following, track.carries[place]):
            result[number] = replace(said, age=age) if age else said
    return result


@dataclass(frozen=True, slots=True)
class CarriedValue:
    """A value held on a day of the index, and the business day it belongs to."""

    value: float
    number: int


def held(track: Track, days: IndexDays) -> Sequence[CarriedValue | None]:
    """Return the newest known value on each day, nothing where none holds."""
    size = len(days)
    result: list[CarriedValue | None] = [None] * size
    for place, begin in enumerate(track.known):
        following = min(track.known[place + 1] if place + 1 < len(track.known) else size, size)
        if begin >= following:
            continue
        said = result[begin] = CarriedValue(track.values[place], track.numbers[place])
        for number, _age in _held(days, begin, following, track.carries[place]):
            result[number] = said
    return result


def _held(days: IndexDays, begin: int, following: int, carry: int) -> Iterator[tuple[int, int]]:
    """Yield the days after begin on which its value still holds, and its age in business days."""
    business = days.business_numbers
    for number in range(begin + 1, following):
        age = business[number] - business[begin]
        if age > carry:
            return
        yield number, age


def expanding_z(values: Sequence[float], minimum: int = MINIMUM) -> list[float]:
    """Return each value's distance from the mean so far in standard deviations (n - 1), clipped to [-3, 6].

    nan stands for nothing: where the value is no number, where fewer than minimum values are known, and while all of
    them are equal. Welford's recurrence runs in the order of the values, so a shorter series gives the same bits.
    """
    scores: list[float] = []
    count, mean, squares = 0, 0.0, 0.0
    for value in values:
        if not isfinite(value):
            scores.append(nan)
            continue
        count += 1
        delta = value - mean
        mean += delta / count
        squares += delta * (value - mean)
        if count < minimum or not 0.0 < squares < inf:
            scores.append(nan)
            continue
        score = (value - mean) / sqrt(squares / (count - 1))
        scores.append(score if LOWEST <= score <= HIGHEST else min(HIGHEST, max(LOWEST, score)))
    return scores
