"""Lines of the log: how bad each is, and which are wanted."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


class Level(StrEnum):
    """From which level on lines are shown."""

    ALL = "all"
    WARNING = "warning"
    ERROR = "error"


_BAD = frozenset({"ERROR", "CRITICAL"})
_WORDS_OF = {Level.ALL: frozenset[str](), Level.WARNING: _BAD | {"WARNING"}, Level.ERROR: _BAD}


def level_word(line: str) -> str:
    """Return the level that a line was logged at: the third word, after date and time."""
    words = line.split(maxsplit=3)
    return words[2] if len(words) > 2 else ""


def level_of(line: str) -> Level:
    """Return how bad a line is."""
    word = level_word(line)
    if word in _BAD:
        return Level.ERROR
    return Level.WARNING if word == "WARNING" else Level.ALL


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Wants lines from a level on that hold every word of a text, in any case of letters."""

    text: str = ""
    level: Level = Level.ALL

    def wanted(self, lines: Sequence[str]) -> list[str]:
        """Return the lines that pass."""
        words = self.text.casefold().split()
        levels = _WORDS_OF[self.level]
        return [line for line in lines if self._passes(line, words, levels)]

    @staticmethod
    def _passes(line: str, words: Sequence[str], levels: frozenset[str]) -> bool:
        if levels and level_word(line) not in levels:
            return False
        folded = line.casefold() if words else ""
        return all(word in folded for word in words)
