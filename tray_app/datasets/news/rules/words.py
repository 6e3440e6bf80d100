"""A sentence as words, and patterns of words to find in it."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[0-9]+(?:\.[0-9]+)?")


def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a text in lower case: letters with an apostrophe inside, and numbers."""
    return tuple(_WORD.findall(text.lower().replace("’", "'")))


@dataclass(frozen=True, slots=True)
class Pattern:
    """Words in a row; each is whole, or with is_start only the start of a word."""

    parts: tuple[tuple[str, bool], ...]

    def fits(self, words: Sequence[str], place: int) -> bool:
        """Whether the words at a place are these."""
        if place + len(self.parts) > len(words):
            return False
        return all(
            words[place + step].startswith(part) if is_start else words[place + step] == part
            for step, (part, is_start) in enumerate(self.parts)
        )


@dataclass(frozen=True, slots=True)
class Found:
    """Where a pattern fits: words[start:end]."""

    start: int
    end: int

    def gap(self, other: "Found") -> int:
        """Return how many words stand between the two; negative when they overlap."""
        return max(self.start, other.start) - min(self.end, other.end)


class Patterns:
    """Patterns to look for; the longest at a place wins, and what is found does not overlap."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.texts = tuple(texts)
        self._whole: dict[str, list[Pattern]] = {}
        self._starts: dict[str, list[Pattern]] = {}
        for text in self.texts:
            pattern = parse_pattern(text)
            first, is_start = pattern.parts[0]
            if is_start:
                self._starts.setdefault(first[0], []).append(pattern)
            else:
                self._whole.setdefault(first, []).append(pattern)

    def find(self, words: Sequence[str]) -> Iterator[Found]:
        """Yield where the patterns fit, from left to right."""
        place = 0
        while place < len(words):
            fitting = [
                len(pattern.parts)
                for pattern in (*self._whole.get(words[place], ()), *self._starts.get(words[place][0], ()))
                if pattern.fits(words, place)
            ]
            if fitting:
                yield Found(place, place + max(fitting))
            place += max(fitting, default=1)


def parse_pattern(text: str) -> Pattern:
    """Read words such as "price pressure*"; a star makes a word the start of one. ValueError when it is none."""
    parts: list[tuple[str, bool]] = []
    for word in text.lower().replace("’", "'").split():
        bare = word.removesuffix("*")
        if not _WORD.fullmatch(bare):
            raise ValueError(text)
        parts.append((bare, bare != word))
    if not parts:
        raise ValueError(text)
    return Pattern(tuple(parts))
