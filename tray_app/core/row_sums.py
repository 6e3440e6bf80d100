"""A sum over rows that changes when any value of any of them does, whatever order they come in.

A value becomes a word of 64 bits, a row the sum of its words times an odd number per column, times an odd number made
of its key; all modulo 2**64. Odd factors lose no bit, so a single changed value always shows; the key's factor shows
rows that changed places. Sums are added and taken away row by row. Not for adversaries: for disks and foreign programs.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import compress
from operator import mul

MASK = (1 << 64) - 1
TOP = 1 << 63
NULL_WORD = 0x9E3779B97F4A7C15
MIX = 0xBF58476D1CE4E5B9
FIRST = 0x94D049BB133111EB

DOUBLE, BITS = struct.Struct("<d"), struct.Struct("<Q")

Value = int | float | str | None


def factor(place: int) -> int:
    """Return the odd number of a column by its place."""
    return (FIRST * (2 * place + 1)) & MASK | 1


# More than any table has columns: rows are summed one by one where a trigger does it, thousands at a time.
FACTORS = tuple(factor(place) for place in range(64))


def text_word(text: str) -> int:
    """Return the word of a text."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


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
    """Return what one row adds to a sum, as a signed number of 64 bits."""
    of_key = sum(map(mul, FACTORS, map(word, key)))
    of_values = sum(map(mul, FACTORS, map(word, values)))
    return signed(key_factor(of_key) * (of_key + of_values))


@dataclass(frozen=True, slots=True)
class SumColumn:
    """A column of many rows; whole: of texts, or whole numbers, as the database keeps them whatever they came as."""

    values: Sequence[Value]
    is_whole: bool


def rows_sum(keys: Sequence[int], columns: Sequence[SumColumn]) -> int:
    """Return the sum of many rows by their columns: what row_sum says of each, with a whole number as key."""
    words = [(factor(0) * key) & MASK for key in keys]
    factors = [key_factor(each) for each in words]
    total = sum(map(mul, factors, words))
    for place, column in enumerate(columns):
        total += factor(place) * _column_sum(factors, column)
    return signed(total)


def signed(number: int) -> int:
    """Return a number modulo 2**64 as SQLite keeps it."""
    return ((number + TOP) & MASK) - TOP


def _column_sum(factors: Sequence[int], column: SumColumn) -> int:
    missing = 0
    values = column.values
    if None in values:
        missing = sum(compress(factors, [value is None for value in values])) * NULL_WORD
    if str in set(map(type, values)):
        values = [text_word(value) if isinstance(value, str) else value for value in values]
    # A missing value stands as zero here, whose word is 0 whatever its type.
    present: list[float | int] = [0 if value is None else value for value in values]  # type: ignore[misc]
    if column.is_whole:
        return missing + int(sum(map(mul, factors, present)))
    floats = [value + 0.0 for value in present]
    bits = struct.unpack(f"<{len(floats)}Q", struct.pack(f"<{len(floats)}d", *floats))
    return missing + int(sum(map(mul, factors, bits)))
