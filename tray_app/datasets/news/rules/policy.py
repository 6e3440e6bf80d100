"""Policy tone of a sentence: topics near words of direction, turned by negations, and phrases of stance."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tray_app.datasets.news.rules.dictionary import ToneDictionary, Topic
from tray_app.datasets.news.rules.model import Hit, HitKind
from tray_app.datasets.news.rules.words import Found, Patterns

# How many words may stand between a wish and what is wanted.
WISHED_WITHIN = 4

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
    # A lack of something is its fall, unless what it denies is told by a word of its own.
    turned = set[Found | None]()
    hits: list[Hit] = []
    for kind, place in _phrases(words, dictionary):
        if taken.isdisjoint(range(place.start, place.end)):
            taken.update(range(place.start, place.end))
            if kind is not None:
                negation = negation_before(place, negations, window)
                turned.add(negation)
                hits.append(_hit(words, (place,), kind, negation))
    topics = _whole([(topic, place) for topic in dictionary.topics for place in _free(topic.words, words, taken)])
    directions = _directions(words, dictionary, taken)
    turning = {negation_before(each.place, negations, window) for each in directions} | turned
    near = {
        each: found
        for each in directions
        if each.place not in turning and (found := _nearest(each, topics, dictionary.window)) is not None
    }
    pace = {each.start for each in dictionary.pace.find(words)}
    for direction, (topic, place) in near.items():
        if direction.place.start not in pace or not _is_told_nearer(direction, place, near):
            is_wished = not direction.is_rising and _is_wished(topic, words, place, direction.place)
            kind = topic.rising if direction.is_rising or is_wished else _OPPOSITE[topic.rising]
            negation = negation_before(direction.place, negations, window)
            hits.append(_hit(words, (place, direction.place), kind, negation))
    return tuple(hits)


def _is_told_nearer(direction: _Direction, place: Found, near: Mapping[_Direction, tuple[Topic, Found]]) -> bool:
    """Whether something nearer to a place says the other direction of it: a decline in it has been faster."""
    return any(
        other == place
        and each.is_rising is not direction.is_rising
        and place.gap(each.place) < place.gap(direction.place)
        for each, (_, other) in near.items()
    )


def _is_wished(topic: Topic, words: Sequence[str], *places: Found) -> bool:
    """Whether what stands at some places is wanted: a wish stands shortly before one of them."""
    return any(0 <= place.start - each.end <= WISHED_WITHIN for each in topic.wishes.find(words) for place in places)


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


def _phrases(words: Sequence[str], dictionary: ToneDictionary) -> list[tuple[HitKind | None, Found]]:
    """Return the phrases of stance, and the neutral ones as of no kind: the longest first, then neutral ones."""
    lists = ((None, dictionary.neutral), (HitKind.HAWKISH, dictionary.hawkish), (HitKind.DOVISH, dictionary.dovish))
    found = [(kind, place) for kind, phrases in lists for place in phrases.find(words)]
    return sorted(found, key=lambda each: each[1].start - each[1].end)


def _free(patterns: Patterns, words: Sequence[str], taken: set[int]) -> list[Found]:
    return [each for each in patterns.find(words) if taken.isdisjoint(range(each.start, each.end))]


def _whole(topics: list[tuple[Topic, Found]]) -> list[tuple[Topic, Found]]:
    """Return the topics without those that are a part of another's words, as the labor market in labor market slack."""
    spans = {(place.start, place.end) for _, place in topics}
    return [
        (topic, place)
        for topic, place in topics
        if not any(
            start <= place.start and place.end <= end and end - start > place.end - place.start for start, end in spans
        )
    ]


def _directions(words: Sequence[str], dictionary: ToneDictionary, taken: set[int]) -> list[_Direction]:
    """Return where the words say what rises and what falls; a rise right beside a fall says how it falls."""
    falling = _free(dictionary.falling, words, taken)
    rising = [each for each in _free(dictionary.rising, words, taken) if all(each.gap(other) for other in falling)]
    found = [
        *(_Direction(each, is_rising=True) for each in rising),
        *(_Direction(each, is_rising=False) for each in falling),
    ]
    return sorted(found, key=lambda each: (each.place.start, each.is_rising))


def _nearest(direction: _Direction, topics: Iterable[tuple[Topic, Found]], window: int) -> tuple[Topic, Found] | None:
    near = [(place.gap(direction.place), topic, place) for topic, place in topics]
    near = [each for each in near if 0 <= each[0] <= window]
    # Of two equally near, a word right beside is said of what stands before it, a farther one of what follows.
    best = min(near, key=lambda each: (each[0], -each[2].start if each[0] else each[2].start), default=None)
    return None if best is None else (best[1], best[2])


def _hit(words: Sequence[str], places: tuple[Found, ...], kind: HitKind, negation: Found | None) -> Hit:
    if negation is None:
        return Hit(kind, phrase(words, places))
    return Hit(_OPPOSITE[kind], phrase(words, (negation, *places)))
