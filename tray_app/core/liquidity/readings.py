"""What an input says on each business day: the newest value known, for as long as it holds."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isnan

from tray_app.core.liquidity.availability import Track
from tray_app.core.liquidity.inputs import StressInput
from tray_app.core.liquidity.model import InputReading
from tray_app.core.liquidity.zscore import expanding_z


def readings(source: StressInput, size: int) -> list[InputReading | None]:
    """Return the input's reading on each of the first so many business days, nothing where it says nothing.

    Its z is that of the observation, so carrying a value moves nothing and counts nothing twice.
    """
    track, scores = source.track, expanding_z(source.track.values, source.minimum)
    places = [place for place, score in enumerate(scores) if not isnan(score)]
    result: list[InputReading | None] = [None] * size
    for position, place in enumerate(places):
        begin = track.known[place]
        following = track.known[places[position + 1]] if position + 1 < len(places) else size
        end = min(following, begin + track.carries[place] + 1, size)
        if begin >= end:
            continue
        said = InputReading(
            source.name,
            track.sources[place],
            track.values[place],
            scores[place],
            date.fromordinal(track.ordinals[place]),
            0,
        )
        result[begin] = said
        for number in range(begin + 1, end):
            result[number] = replace(said, age=number - begin)
    return result


@dataclass(frozen=True, slots=True)
class Held:
    """A value held on a business day, and the business day it belongs to."""

    value: float
    number: int


def held(track: Track, size: int) -> Sequence[Held | None]:
    """Return the newest known value on each of the first so many business days, nothing where none holds."""
    result: list[Held | None] = [None] * size
    for place, begin in enumerate(track.known):
        following = track.known[place + 1] if place + 1 < len(track.known) else size
        said = Held(track.values[place], track.numbers[place])
        for number in range(begin, min(following, begin + track.carries[place] + 1, size)):
            result[number] = said
    return result
