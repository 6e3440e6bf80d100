"""A sum over rows that changes when any value of any of them does, whatever order they come in.

A value becomes a word of 64 bits, a row the sum of its words times an odd number per column, times an odd number made
of its key; all modulo 2**64. Odd factors lose no bit, so a single changed value always shows; the key's factor shows
rows that changed places. Sums are added and taken away row by row. Not for adversaries: for disks and foreign programs.
"""

import struct
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from operator import mul, sub
from typing import cast

MASK = (1 << 64) - 1
TOP = 1 << 63
NULL_WORD = 0x9E3779B97F4A7C15
MIX = 0xBF58476D1CE4E5B9
FIRST = 0x94D049BB133111EB
# Bytes of a row within the number that many rows are.
LANE = 16

DOUBLE, BITS = struct.Struct("<d"), struct.Struct("<Q")
# The number whose word is that of nothing.
NULL_REAL = float(DOUBLE.unpack(BITS.pack(NULL_WORD))[0])
# The highest byte of -0.0, and of numbers that come near it.
NEGATIVE_ZERO = 0x80

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


class KeyedRows:
    """Many rows by the columns of their keys: what row_sum says of each, for all of them at once.

    A column's words are one whole number with a lane of 128 bits a row, so that columns are added and multiplied by
    single operations of whole numbers: nearly as fast as arrays of a library, which the tray does not load.
    """

    def __init__(self, rows: int, keys: Sequence[SumColumn]) -> None:
        self._rows = rows
        self._ones = _ones(rows)
        self._low = self._ones * MASK
        self._keys = self._weighted(keys)
        self._factors = _key_factors(rows, self._keys)

    def sum(self, columns: Sequence[SumColumn]) -> int:
        """Return what all rows add to a sum, as a signed number of 64 bits; nothing where no values are summed."""
        if not columns:
            return 0
        return signed(sum(map(mul, self._factors, _low_words(self._rows, self._keys + self._weighted(columns)))))

    def changes(self, before: Sequence[SumColumn], after: Sequence[SumColumn]) -> list[int]:
        """Return what each row adds to a sum when its values change; modulo 2**64."""
        taken, given = (_low_words(self._rows, self._weighted(columns)) for columns in (before, after))
        return list(map(mul, self._factors, map(sub, given, taken)))

    def _weighted(self, columns: Sequence[SumColumn]) -> int:
        # The factors of columns are FIRST times 1, 3, 5 ...: with these no lane runs over into the next.
        total = sum((2 * place + 1) * self._lanes(each) for place, each in enumerate(columns))
        return (total & self._low) * FIRST & self._low

    def _lanes(self, column: SumColumn) -> int:
        values = column.values
        if column.is_whole and values[0] == values[-1] and values.count(values[0]) == self._rows:
            return word(values[0]) * self._ones
        spread = array("Q", bytes(LANE * self._rows))
        spread[::2] = array("Q", _packed(column))
        return int.from_bytes(spread, "little")


def _ones(rows: int) -> int:
    return int.from_bytes(b"\1".ljust(LANE, b"\0") * rows, "little")


# The issues of a market are nearly always those of the session before.
@lru_cache(maxsize=4)
def _key_factors(rows: int, keys: int) -> list[int]:
    """Return the odd number of each row; keys: a lane each, the words of their keys."""
    low = _ones(rows) * MASK
    mixed = ((keys ^ keys >> 32) & low) * MIX & low
    return [word | 1 for word in _low_words(rows, mixed ^ mixed >> 29)]


def _low_words(rows: int, lanes: int) -> list[int]:
    return array("Q", lanes.to_bytes(LANE * rows, "little"))[::2].tolist()


def signed(number: int) -> int:
    """Return a number modulo 2**64 as SQLite keeps it."""
    return ((number + TOP) & MASK) - TOP


def _packed(column: SumColumn) -> bytes:
    """Return the word of each value."""
    values, form, missing = column.values, "d", NULL_REAL
    if column.is_whole:
        # The same as q, in a third of its time.
        form, missing = "n", signed(NULL_WORD)
    try:
        words = struct.pack(f"{len(values)}{form}", *values)
    except struct.error:
        if None in values:
            return _packed(SumColumn([missing if value is None else value for value in values], column.is_whole))
        # Texts. Only a damaged file holds texts and numbers in one column.
        return struct.pack(f"{len(values)}Q", *map(word, values))
    if not column.is_whole and NEGATIVE_ZERO in words[7::8]:
        words = struct.pack(f"{len(values)}d", *[value + 0.0 for value in cast("Sequence[float]", values)])
    return words
