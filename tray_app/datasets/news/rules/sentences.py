"""Paragraphs cut into sentences."""

import re
from collections.abc import Iterable

# What ends in a full stop without ending a sentence.
_SHORT = re.compile(
    r"mr|mrs|ms|dr|jr|sr|vs|etc|inc|corp|co|ltd|u\.s|e\.g|i\.e|cf|al|pp|prof|gov|sen|rep"
    r"|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|[a-hj-z]"
)
_END = re.compile(r"""(?<![.!?])[.!?]++["'”’)\]]*+(?=\s+["'“‘(\[]*[A-Z0-9])""")
_LAST_WORD = re.compile(r"([A-Za-z.]+)$")
# More letters than any abbreviation has.
_LONGEST_SHORT = 12


def sentences_of(paragraphs: Iterable[str]) -> tuple[str, ...]:
    """Return the sentences of every paragraph in order; none is empty and no letter is lost but blanks."""
    return tuple(sentence for paragraph in paragraphs for sentence in _split(" ".join(paragraph.split())))


def _split(text: str) -> list[str]:
    sentences: list[str] = []
    start = 0
    for end in _END.finditer(text):
        if not _is_short(text[max(start, end.start() - _LONGEST_SHORT) : end.start()]) or end[0][0] != ".":
            sentences.append(text[start : end.end()].strip())
            start = end.end()
    rest = text[start:].strip()
    return [each for each in (*sentences, rest) if each]


def _is_short(before: str) -> bool:
    """Whether what stands before a full stop is an abbreviation or an initial."""
    last = _LAST_WORD.search(before)
    return last is not None and _SHORT.fullmatch(last[1].lower()) is not None
