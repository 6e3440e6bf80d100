"""Policy tone of a sentence: topics near words of direction, turned by negations, and phrases of stance."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tray_app.core.news.dictionary import ToneDictionary, Topic
from tray_app.core.news.model import Hit, HitKind
from tray_app.core.news.words import Found, Patterns

_OPPOSITE = {HitKind.HAWKISH: HitKind.DOVISH, HitKind.DOVISH: HitKind.HAWKISH}


@dataclass(frozen=True, slots=True)
class _Direction:
    place: Found
    is_rising: bool


def tone_of(hits: Iterable[Hit]) -> int:
    """Return 1 when more hits are hawkish than dovish, -1 when fewer, else 0."""
    net = sum((hit.kind is HitKind.HAWKISH) - (hit.kind is HitKind.DOVISH) for hit in hits)
    return (net > 0) - (net < 0)


def policy_hits(words: Sequence[str], dictionary: ToneDictionary) -> tuple[Hit, ...]:
    """Return what a sentence's words say of policy, phrases first."""
    negations = tuple(dictionary.negations.find(words))
    window = dictionary.negation_window
    taken = set[int]()
    hits: list[Hit] = []
    for kind, phrases in (
        (None, dictionary.neutral),
        (HitKind.HAWKISH, dictionary.hawkish),
        (HitKind.DOVISH, dictionary.dovish),
    ):
        for place in _free(phrases, words, taken):
            taken.update(range(place.start, place.end))
            if kind is not None:
                hits.append(_hit(words, (place,), kind, negation_before(place, negations, window)))
    topics = [(topic, place) for topic in dictionary.topics for place in _free(topic.words, words, taken)]
    for direction in _directions(words, dictionary, taken):
        nearest = _nearest(direction, topics, dictionary.window)
        if nearest is not None:
            topic, place = nearest
            kind = topic.rising if direction.is_rising else _OPPOSITE[topic.rising]
            negation = negation_before(direction.place, negations, window)
            hits.append(_hit(words, (place, direction.place), kind, negation))
    return tuple(hits)


def negation_before(place: Found, negations: Iterable[Found], window: int) -> Found | None:
    """Return a negation that ends at most so many words before a place."""
    return next((each for each in negations if 0 <= place.start - each.end < window), None)


def phrase(words: Sequence[str], places: Iterable[Found]) -> str:
    """Return the words at some places in their order, with dots for what is left out between."""
    text = ""
    last = None
    for place in sorted(places, key=lambda each: each.start):
        if last is not None:
            text += " ... " if place.start > last else " "
        text += " ".join(words[place.start : place.end])
        last = place.end
    return text


def _free(patterns: Patterns, words: Sequence[str], taken: set[int]) -> list[Found]:
    return [each for each in patterns.find(words) if taken.isdisjoint(range(each.start, each.end))]


def _directions(words: Sequence[str], dictionary: ToneDictionary, taken: set[int]) -> list[_Direction]:
    rising = [_Direction(place, is_rising=True) for place in _free(dictionary.rising, words, taken)]
    falling = [_Direction(place, is_rising=False) for place in _free(dictionary.falling, words, taken)]
    return sorted((*rising, *falling), key=lambda each: (each.place.start, each.is_rising))


def _nearest(direction: _Direction, topics: Iterable[tuple[Topic, Found]], window: int) -> tuple[Topic, Found] | None:
    near = [(place.gap(direction.place), topic, place) for topic, place in topics]
    near = [each for each in near if 0 <= each[0] <= window]
    best = min(near, key=lambda each: (each[0], each[2].start), default=None)
    return None if best is None else (best[1], best[2])


def _hit(words: Sequence[str], places: tuple[Found, ...], kind: HitKind, negation: Found | None) -> Hit:
    if negation is None:
        return Hit(kind, phrase(words, places))
    return Hit(_OPPOSITE[kind], phrase(words, (negation, *places)))
