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
        for number in range(begin + 1, min(following, begin + track.carries[place] + 1)):
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
