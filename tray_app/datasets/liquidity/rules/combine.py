"""How one series is made of two: spreads, ratios, and fallbacks that do not jump.

A fallback speaks for a date only once the first choice would have been known and is not there. Everything is decided in
the order in which observations become known, by what was known then: a value never changes because of a later one.
An observation that becomes known after a newer one has spoken says nothing any more.
"""

from collections import deque
from collections.abc import Callable, Sequence
from math import fsum
from operator import sub, truediv

from tray_app.datasets.liquidity.rules.tracks import Track

OVERLAP = 5
# The index days by which a first choice is due, of the dates (ordinals) a fallback has values for.
Due = Callable[[Sequence[int]], Sequence[int]]


def difference(first: Track, second: Track) -> Track:
    """Return first less second where both have a value."""
    return _of_both(first, second, sub)


def ratio(first: Track, second: Track) -> Track:
    """Return first over second where both have a value above zero."""
    return _of_both(_positive(first), _positive(second), truediv)


def inverse(prices: Track) -> Track:
    """Return one over each price above zero."""
    positive = _positive(prices)
    return positive.with_values([1.0 / value for value in positive.values])


def first_choice(first: Track, fallback: Track, due: Due) -> Track:
    """Return the first choice, and for dates it lacks the fallback, which measures the same thing."""
    rows, chosen = _Rows(), set(first.ordinals)
    for known, ordinal, is_fallback, place in _events(first, fallback, due):
        if not is_fallback:
            rows.add(first, place, first.values[place], known)
        elif ordinal not in chosen:
            rows.add(fallback, place, fallback.values[place], known)
    return rows.track()


def chained(first: Track, fallback: Track, due: Due) -> Track:
    """Return a price whose changes are those of one source at a time: the first choice, or else the fallback.

    Two sources quote at different hours; the difference between them is no change of the price. So each is scaled to
    the level of the last date on which both were known. A first choice that starts late waits for such a date.
    """
    tracks = (_positive(first), _positive(fallback))
    rows = _Rows()
    levels: dict[int, float] = {}
    values: tuple[dict[int, float], dict[int, float]] = ({}, {})
    scales: list[float | None] = [None, None]
    for known, ordinal, is_fallback, place in _events(*tracks, due):
        value = values[is_fallback][ordinal] = tracks[is_fallback].values[place]
        if ordinal in levels:
            scales[is_fallback] = levels[ordinal] / value
            continue
        scale = scales[is_fallback] if levels else 1.0
        if scale is None or not rows.add(tracks[is_fallback], place, scale * value, known):
            continue
        scales[is_fallback] = scale
        levels[ordinal] = scale * value
        other = values[not is_fallback].get(ordinal)
        if other is not None:
            scales[not is_fallback] = levels[ordinal] / other
    return rows.track()


def succeeded(first: Track, successor: Track, due: Due) -> Track:
    """Return a spread that has ended, continued by the one that took its place.

    The successor is shifted by the mean difference of the last five dates on which both were known, so that neither the
    end of the first nor a date it lacks is a jump. Without such dates it goes unshifted.
    """
    rows = _Rows()
    values: tuple[dict[int, float], dict[int, float]] = ({}, {})
    apart: deque[float] = deque(maxlen=OVERLAP)
    shift = 0.0
    for known, ordinal, is_successor, place in _events(first, successor, due):
        track = successor if is_successor else first
        values[is_successor][ordinal] = track.values[place]
        if ordinal in values[not is_successor]:
            apart.append(values[False][ordinal] - values[True][ordinal])
        if not is_successor:
            rows.add(track, place, track.values[place], known)
        elif ordinal not in values[False]:
            shift = fsum(apart) / len(apart) if apart else 0.0
            rows.add(track, place, track.values[place] + shift, known)
    return rows.track()


class _Rows:
    """A track being made, in the order in which its values become known."""

    def __init__(self) -> None:
        self._ordinals: list[int] = []
        self._numbers: list[int] = []
        self._values: list[float] = []
        self._known: list[int] = []
        self._carries: list[int] = []
        self._sources: list[str] = []

    def add(self, track: Track, place: int, value: float, known: int) -> bool:
        """Take a value unless a newer one has spoken; say whether it was taken."""
        ordinal = track.ordinals[place]
        if self._ordinals and ordinal <= self._ordinals[-1]:
            return False
        self._ordinals.append(ordinal)
        self._numbers.append(track.numbers[place])
        self._values.append(value)
        self._known.append(known)
        self._carries.append(track.carries[place])
        self._sources.append(track.sources[place])
        return True

    def track(self) -> Track:
        """Return what was taken."""
        return Track(self._ordinals, self._numbers, self._values, self._known, self._carries, self._sources)


def _events(first: Track, fallback: Track, due: Due) -> list[tuple[int, int, bool, int]]:
    """Return when observations speak: known, ordinal, whether it is the fallback's, and its place in the track."""
    overdue = due(fallback.ordinals)
    spoken = [(known, ordinal, False, place) for place, (known, ordinal) in _places(first)]
    spoken += [(max(known, overdue[place]), ordinal, True, place) for place, (known, ordinal) in _places(fallback)]
    spoken.sort()
    return spoken


def _places(track: Track) -> "enumerate[tuple[int, int]]":
    return enumerate(zip(track.known, track.ordinals, strict=True))


def _positive(track: Track) -> Track:
    """Return the observations above zero."""
    if all(value > 0.0 for value in track.values):
        return track
    rows = _Rows()
    for place, value in enumerate(track.values):
        if value > 0.0:
            rows.add(track, place, value, track.known[place])
    return rows.track()


def _of_both(first: Track, second: Track, operation: Callable[[float, float], float]) -> Track:
    places = {ordinal: place for place, ordinal in enumerate(second.ordinals)}
    rows = _Rows()
    for place, ordinal in enumerate(first.ordinals):
        other = places.get(ordinal)
        if other is not None:
            value = operation(first.values[place], second.values[other])
            rows.add(first, place, value, max(first.known[place], second.known[other]))
    return rows.track()
