"""Whether two headlines tell the same story, in English or Korean.

Titles are compared by their words once marks of the trade, spellings, particles and endings are taken away. Nearly the
same words are one story, and so are those of a short title within a long one, unless something denies it: a number, one
of a kind in place of another (gold, oil), the opposite said of the same thing, two things in each other's place (dollar
against euro, euro against dollar), a negation, or what is only expected.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from tray_app.datasets.news.rules.story_spellings import MARKS, SPELLINGS
from tray_app.datasets.news.rules.story_words import (
    AGAINST,
    ALIKE,
    DENYING,
    EMPTY,
    ENDINGS,
    HYPOTHETICAL,
    KINDS,
    KOREAN_AGAINST,
    KOREAN_HYPOTHETICAL,
    KOREAN_NEGATION,
    NEGATIONS,
    NUMBERS,
    OPPOSITES,
    PARTICLES,
    VERB_ENDS,
)

Key = TypeVar("Key")
Value = TypeVar("Value")

# Shares of the words that two titles have in common.
MOSTLY = 0.9
WITHIN = 0.4
FEWEST_WITHIN = 3
# So many words more tell something beside the story, and what they deny is not the story.
BESIDE = 3
# How many words lie between what is done and the word that it is only expected.
NEAR = 2
SHORTEST_SHORT = 3

_PIECE = re.compile(
    r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|[a-z]+(?:&[a-z]+)?(?:['’][a-z]+)?|[가-힣]+|[\u4e00-\u9fff]|\.{2,}|[,;:·\-–—\"“”]"
)
_SCALE = re.compile(r"\s?(pp|bp|%|천|만|억|조|million|billion|trillion|bn)")
_COUNTER = re.compile(rf"[가-힣](?:{'|'.join(PARTICLES)}){{0,2}}(?![가-힣])")
_HANGUL = re.compile(r"[가-힣]")
_BETWEEN = frozenset({"as", "and", "while", "amid"})
_ENDINGS_OF_ENGLISH = ("ies", "es", "s", "ing", "ed", "e", "'s")


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a title: as it stands, without particles or endings, and the sides of opposites it takes."""

    text: str
    stem: str
    sides: frozenset[tuple[int, int]]
    is_number: bool = False


@dataclass(frozen=True, slots=True)
class Title:
    """A headline as words in their order.

    sides: those its words take, and hypothetical those that are only expected; said_of: the sides of an axis that are
    said of a word; kinds: what it names of a kind; measures: against what its things are told; denied: what would deny
    it by standing in another title; korean: the Korean words as one; features: what to look it up by, of which words
    that cover each other share one.
    """

    words: tuple[Word, ...]
    stems: frozenset[str]
    sides: frozenset[tuple[int, int]]
    hypothetical: frozenset[tuple[int, int]]
    said_of: Mapping[tuple[str, int], frozenset[int]]
    kinds: Mapping[int, frozenset[str]]
    measures: frozenset[str]
    negations: int
    denied: frozenset[str]
    korean: str
    features: frozenset[str]


@lru_cache(maxsize=4096)
def read_title(text: str) -> Title:
    """Return a headline's words."""
    return _Reader().read(_spelled(text))


def same_story(one: Title, other: Title) -> bool:
    """Whether two headlines of about the same time tell the same story."""
    if not one.words or not other.words:
        return False
    mine = [word for word in one.words if not _covers(other, word)]
    theirs = [word for word in other.words if not _covers(one, word)]
    return _agree(one, other, mine, theirs) and not _deny(one, other, mine, theirs)


def _agree(one: Title, other: Title, mine: list[Word], theirs: list[Word]) -> bool:
    """Whether enough of two titles' words are the same."""
    short, long = sorted((len(one.words), len(other.words)))
    beside = len(mine) + len(theirs)
    if not mine or not theirs:
        return beside == 0 or (short >= FEWEST_WITHIN and short >= WITHIN * long) or (short > 1 and beside == 1)
    if mine[0] is one.words[0] and theirs[0] is other.words[0]:
        return False
    return short + long - beside >= MOSTLY * (short + long)


def _covers(title: Title, word: Word) -> bool:
    """Whether a title has a word, its like, or in Korean a part or the whole of a compound."""
    if word.is_number or not _HANGUL.match(word.stem):
        return any(word.stem == each.stem or word.sides & each.sides for each in title.words)
    return word.stem in title.korean or any(
        word.sides & each.sides
        or (len(each.stem) > 1 and word.stem.startswith(each.stem) | word.stem.endswith(each.stem))
        or _is_same_verb(word.text, each.text)
        or _is_short_for(word.stem, each.stem)
        or _is_short_for(each.stem, word.stem)
        for each in title.words
    )


def _is_same_verb(one: str, other: str) -> bool:
    """Whether two Korean words are forms of a verb: 높아, 높다."""
    return one[0] == other[0] and one[-1] in VERB_ENDS and other[-1] in VERB_ENDS


def _is_short_for(short: str, long: str) -> bool:
    """Whether a Korean word is made of syllables of a longer one: 주금공, 주택금융공사."""
    if not SHORTEST_SHORT <= len(short) < len(long) or short[0] != long[0]:
        return False
    syllables = iter(long)
    return all(each in syllables for each in short)


def _deny(one: Title, other: Title, mine: list[Word], theirs: list[Word]) -> bool:
    if any(word.is_number for word in mine) and any(word.is_number for word in theirs):
        return True
    if one.negations % 2 != other.negations % 2 and len(mine) + len(theirs) < BESIDE:
        return True
    if any(
        one.kinds[kind] - other.kinds[kind] and other.kinds[kind] - one.kinds[kind]
        for kind in _both(one.kinds, other.kinds)
    ):
        return True
    if any(one.said_of[place].isdisjoint(other.said_of[place]) for place in _both(one.said_of, other.said_of)):
        return True
    if _is_turned_around(one, other):
        return True
    return bool(one.denied & other.stems or other.denied & one.stems) or _differ_in_certainty(one, other)


def _is_turned_around(one: Title, other: Title) -> bool:
    """Whether two titles tell of the same things, each against what the other tells of."""
    mine, its = one.measures, other.measures
    return bool(mine and its) and mine.isdisjoint(its) and mine <= other.stems and its <= one.stems


def _both(one: Mapping[Key, Any], other: Mapping[Key, Any]) -> AbstractSet[Key]:
    return one.keys() & other.keys()


def _differ_in_certainty(one: Title, other: Title) -> bool:
    return any((side in one.hypothetical) != (side in other.hypothetical) for side in one.sides & other.sides)


def _spelled(text: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold()).strip()
    for _ in range(3):
        plain = MARKS.sub(" ", plain).strip()
    for pattern, written in SPELLINGS:
        plain = pattern.sub(written, plain)
    return " ".join(plain.split())


class _Reader:
    """Reads one title from left to right, clause by clause."""

    def __init__(self) -> None:
        self._words: list[Word] = []
        self._clauses: list[list[Word]] = [[]]
        self._negations = 0
        self._by: set[int] = set()

    def read(self, text: str) -> Title:
        place = 0
        while (piece := _PIECE.search(text, place)) is not None:
            place = piece.end()
            if piece[0][0].isdecimal():
                scale = _SCALE.match(text, place)
                place = _behind_counter(text, scale.end() if scale else place)
                self._add(_number(piece[0], scale[1] if scale else ""))
            elif not (piece[0][0].isalpha()):
                self._clauses.append([])
            else:
                self._take(piece[0].replace("’", "'"))
        words = tuple(self._words)
        stems = frozenset(word.stem for word in words)
        korean = "".join(word.text for word in words if _HANGUL.match(word.text))
        names = ((_KIND_OF[name], name) for word in words for name in (word.text, word.stem) if name in _KIND_OF)
        return Title(
            words=words,
            stems=stems,
            sides=frozenset(side for word in words for side in word.sides),
            hypothetical=frozenset(self._hypothetical()),
            said_of=_grouped(((stem, axis), side) for stem, axis, side in self._said_of()),
            kinds=_grouped(names),
            measures=frozenset(self._measures()),
            negations=self._negations,
            denied=frozenset(_denied(stems)) - stems,
            korean=korean,
            features=frozenset(_features(words, korean)),
        )

    def _take(self, text: str) -> None:
        is_korean = _HANGUL.match(text) is not None
        self._negations += (
            text in NEGATIONS or text.endswith("n't") or (is_korean and bool(KOREAN_NEGATION.search(text)))
        )
        if text == "by":
            self._by.add(len(self._words))
        if text in NUMBERS:
            self._add(_number(NUMBERS[text], ""))
        elif text in _BETWEEN:
            self._clauses.append([])
        elif not (text in EMPTY or text in NEGATIONS or (is_korean and _says_nothing_by_itself(text))):
            stem = _korean_stem(text) if is_korean else _english_stem(text)
            stem = _ONE_OF.get(stem, stem)
            self._add(Word(text, stem, frozenset(_sides(text, is_korean=is_korean))))

    def _add(self, word: Word) -> None:
        self._words.append(word)
        self._clauses[-1].append(word)

    def _said_of(self) -> Iterator[tuple[str, int, int]]:
        """Yield what a word that takes a side is said of: what stands before it or, in English, behind it, or in it."""
        last = last_plain = ""
        for clause in self._clauses:
            for place, word in enumerate(clause):
                behind = next((each.stem for each in clause[place + 1 :] if not each.sides and not each.is_number), "")
                near = {stem for stem in (last, last_plain, behind, _within(word)) if stem}
                yield from ((stem, axis, side) for axis, side in word.sides for stem in near)
                last = last if word.is_number else word.stem
                last_plain = last_plain if word.is_number or word.sides else word.stem

    def _measures(self) -> Iterator[str]:
        """Yield against what things are told: what stands behind such a word in English, before it in Korean."""
        for place, word in enumerate(self._words):
            if word.stem in KOREAN_AGAINST:
                yield from (each.stem for each in self._words[max(0, place - 1) : place])
            elif word.stem in _AGAINST and place + 1 not in self._by:
                yield from (each.stem for each in self._words[place + 1 : place + 2] if not each.is_number)

    def _hypothetical(self) -> Iterator[tuple[int, int]]:
        for clause in self._clauses:
            for place, word in enumerate(clause):
                before, since = clause[max(0, place - NEAR) : place], clause[place : place + NEAR + 1]
                if any(each.text in HYPOTHETICAL for each in before) or any(
                    KOREAN_HYPOTHETICAL.search(each.text) for each in since
                ):
                    yield from word.sides


def _within(word: Word) -> str:
    """Return what a Korean compound says its side of: 영업 of 영업정지."""
    rest = _KOREAN_SIDES.sub("", word.stem) if word.sides and _HANGUL.match(word.stem) else ""
    return rest if len(rest) > 1 else ""


def _says_nothing_by_itself(text: str) -> bool:
    """Whether a Korean word is a syllable, or a negation in any of its forms: 않겠다, 못한다."""
    return len(text) == 1 or KOREAN_NEGATION.match(text) is not None


def _behind_counter(text: str, place: int) -> int:
    """Return the place behind the one syllable that counts what a Korean number is of, and its particle: 6곳에."""
    counter = _COUNTER.match(text, place)
    return counter.end() if counter else place


def _grouped(pairs: Iterable[tuple[Key, Value]]) -> Mapping[Key, frozenset[Value]]:
    found: dict[Key, set[Value]] = {}
    for key, value in pairs:
        found.setdefault(key, set()).add(value)
    return {key: frozenset(values) for key, values in found.items()}


def _denied(stems: Iterable[str]) -> Iterator[str]:
    """Yield what a title's words deny by what they begin with: likely by unlikely, 가능 by 불가능."""
    for stem in stems:
        yield from (rest for each in DENYING if stem.startswith(each) and len(rest := stem.removeprefix(each)) > 1)


def _features(words: Iterable[Word], korean: str) -> Iterator[str]:
    yield from (korean[place : place + 2] for place in range(len(korean) - 1))
    for word in words:
        if not _HANGUL.match(word.stem):
            yield word.stem
        yield from (f"{axis}:{side}" for axis, side in word.sides)


def _number(digits: str, scale: str) -> Word:
    value = float(digits.replace(",", ""))
    text = f"{value / 100:g}pp" if scale == "bp" else f"{value:.10g}{scale.removesuffix('%')}"
    return Word(text, text, frozenset(), is_number=True)


def _korean_stem(text: str) -> str:
    for endings in (ENDINGS, PARTICLES):
        ending = next((each for each in endings if text.endswith(each) and len(text) - len(each) >= 2), "")
        text = text.removesuffix(ending)
    return text


def _english_stem(text: str) -> str:
    text = text.removesuffix("'s")
    ending = next((each for each in _ENDINGS_OF_ENGLISH if text.endswith(each) and len(text) - len(each) >= 3), "")
    return text.removesuffix(ending) + ("y" if ending == "ies" else "")


def _sides(text: str, *, is_korean: bool) -> Iterable[tuple[int, int]]:
    if not is_korean:
        return _SIDES_OF.get(text) or _SIDES_OF.get(_english_stem(text)) or ()
    return {side for stem in _KOREAN_SIDES.findall(text) for side in _SIDES_OF[stem]}


def _table() -> Mapping[str, frozenset[tuple[int, int]]]:
    found: dict[str, set[tuple[int, int]]] = {}
    for axis, sides in enumerate(OPPOSITES):
        for side, words in enumerate(sides):
            for word in words:
                for form in {word, _english_stem(word)}:
                    found.setdefault(form, set()).add((axis, side))
    return {word: frozenset(sides) for word, sides in found.items()}


_SIDES_OF = _table()
_KOREAN_SIDES = re.compile("|".join(sorted((word for word in _SIDES_OF if _HANGUL.match(word)), key=len, reverse=True)))
_ONE_OF = {
    form: min(words) for words in ALIKE for word in words for form in (word, _korean_stem(word), _english_stem(word))
}
_KIND_OF = {word: kind for kind, words in enumerate(KINDS) for word in words}
_AGAINST = frozenset(_ONE_OF.get(stem, stem) for stem in map(_english_stem, AGAINST))
