"""A sum over rows that changes when any value of any of them does, whatever order they come in.

A value becomes a word of 64 bits, a row the sum of its words times an odd number per column, times an odd number made
of its key; all modulo 2**64. Odd factors lose no bit, so a single changed value always shows; the key's factor shows
rows that changed places. Sums are added and taken away row by row. Not for adversaries: for disks and foreign programs.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import compress, repeat
from operator import add, mul, sub
from typing import cast

MASK = (1 << 64) - 1
TOP = 1 << 63
NULL_WORD = 0x9E3779B97F4A7C15
MIX = 0xBF58476D1CE4E5B9
FIRST = 0x94D049BB133111EB

DOUBLE, BITS = struct.Struct("<d"), struct.Struct("<Q")

Value = int | float | str | bytes | None


def factor(place: int) -> int:
    """Return the odd number of a column by its place."""
    return (FIRST * (2 * place + 1)) & MASK | 1


# More than any table has columns: rows are summed one by one where a trigger does it, thousands at a time.
FACTORS = tuple(factor(place) for place in range(64))


# Names of states and sources, days and symbols come again and again.
@lru_cache(maxsize=2048)
def text_word(text: str | bytes) -> int:
    """Return the word of a text; of bytes too, which only a damaged file holds."""
    found = text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(found, digest_size=8).digest(), "little")


def word(value: Value) -> int:
    """Return the word of a value; -0.0 is 0.0, as the database keeps it."""
    if value is None:
        return NULL_WORD
    if isinstance(value, int):
        return value & MASK
    if isinstance(value, float):
        return int(BITS.unpack(DOUBLE.pack(value + 0.0))[0])
    return text_word(value)


def key_factor(key: int) -> int:
    """Return the odd number of a row by the word of its key."""
    mixed = ((key & MASK) ^ ((key & MASK) >> 32)) * MIX & MASK
    return mixed ^ (mixed >> 29) | 1


def row_sum(key: Sequence[Value], values: Sequence[Value]) -> int:
    """Return what one row adds to a sum, as a signed number of 64 bits; nothing where no values are summed."""
    if not values:
        return 0
    of_key = sum(map(mul, FACTORS, map(word, key)))
    of_values = sum(map(mul, FACTORS, map(word, values)))
    return signed(key_factor(of_key) * (of_key + of_values))


@dataclass(frozen=True, slots=True)
class SumColumn:
    """A column of many rows; whole: of texts, or whole numbers, as the database keeps them whatever they came as."""

    values: Sequence[Value]
    is_whole: bool


def column(values: Sequence[Value]) -> SumColumn:
    """Return a column of values as the database gave them."""
    return SumColumn(values, not any(isinstance(value, float) for value in values))


def rows_sum(keys: Sequence[SumColumn], columns: Sequence[SumColumn]) -> int:
    """Return the sum of many rows by their columns: what row_sum says of each."""
    if not columns:
        return 0
    words = _key_words(keys) or [0] * len(columns[0].values)
    factors = [key_factor(each) for each in words]
    total = sum(map(mul, factors, words))
    for place, each in enumerate(columns):
        total += factor(place) * _column_sum(factors, each)
    return signed(total)


def changed_by(
    keys: Sequence[Sequence[Value]], before: Sequence[Sequence[Value]], after: Sequence[Sequence[Value]]
) -> list[int]:
    """Return what each of many rows that keep their keys adds to a sum when its values change; modulo 2**64.

    All are columns, of values as the database gives them; before and after have one at least.
    """
    changes = [0] * len(before[0])
    if before == after:
        return changes
    for place, (old, new) in enumerate(zip(before, after, strict=True)):
        if old != new:
            turned = map(sub, _words(column(new)), _words(column(old)))
            changes = list(map(add, changes, map(mul, repeat(factor(place)), turned)))
    of_keys = _key_words([column(key) for key in keys]) or [0] * len(changes)
    return list(map(mul, changes, map(key_factor, of_keys)))


def signed(number: int) -> int:
    """Return a number modulo 2**64 as SQLite keeps it."""
    return ((number + TOP) & MASK) - TOP


def _key_words(keys: Sequence[SumColumn]) -> list[int]:
    words: list[int] = []
    for place, key in enumerate(keys):
        weighted = [factor(place) * each & MASK for each in _words(key)]
        words = list(map(add, words, weighted)) if words else weighted
    return words


def _column_sum(factors: Sequence[int], column: SumColumn) -> int:
    missing = 0
    if None in column.values:
        missing = sum(compress(factors, [value is None for value in column.values])) * NULL_WORD
    # A missing value stands as zero here, whose word is 0 whatever its type.
    present = SumColumn([0 if value is None else value for value in column.values], column.is_whole)
    return missing + int(sum(map(mul, factors, _words(present))))


def _words(column: SumColumn) -> Sequence[int]:
    """Return the word of each value, modulo 2**64."""
    kinds = set(map(type, column.values))
    if not kinds.isdisjoint({str, bytes, type(None)}):
        # Only a damaged file holds texts and numbers in one column.
        return list(map(word, column.values))
    if column.is_whole:
        return cast("Sequence[int]", column.values)
    floats = [value + 0.0 for value in cast("Sequence[float]", column.values)]
    return struct.unpack(f"<{len(floats)}Q", struct.pack(f"<{len(floats)}d", *floats))
