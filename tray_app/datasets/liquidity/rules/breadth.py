"""Breadth: how many parts of the market are tense at the same time.

The aggregation of the CISS (Hollo, Kremer and Lo Duca, "CISS - a composite indicator of systemic stress in the
financial system", ECB Working Paper 1426, 2012), with the expanding ranks and equal weights of its daily successor
(Chavleishvili and Kremer, ECB Working Paper 2842, 2023): with s the categories' ranks and w their weights,
breadth = (w s)' C (w s), C the exponentially weighted correlations of s - 1/2. It nears 1 only when every category is
near its worst and they move together; the plain mean cannot tell that from one category's alarm.
"""

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import combinations
from math import sqrt

# 0.93 a week.
DECAY = 0.93 ** (1 / 5)
WARM_UP = 252


class ExpandingRank:
    """The share of the values so far that are not above the newest one, itself counted, in (0, 1]."""

    def __init__(self) -> None:
        self._ordered: list[float] = []

    def __len__(self) -> int:
        return len(self._ordered)

    def rank(self, value: float) -> float:
        """Take a value and return its rank."""
        insort(self._ordered, value)
        return bisect_right(self._ordered, value) / len(self._ordered)


class Breadth:
    """The breadth of a fixed number of categories, day by day in order."""

    def __init__(self, categories: int) -> None:
        self._ranks = [ExpandingRank() for _each in range(categories)]
        self._pairs = tuple(combinations(range(categories), 2))
        self._squares = [0.0] * categories
        self._products = [0.0] * len(self._pairs)

    def breadth(self, scores: Sequence[float | None]) -> float | None:
        """Take a day's z of each category and return the breadth in [0, 1].

        A category counts once it has been there for 252 days; nothing is returned before any has.
        """
        ranks = [0.5 if score is None else rank.rank(score) for score, rank in zip(scores, self._ranks, strict=True)]
        self._correlate([rank - 0.5 for rank in ranks])
        counted = [
            0.0 if score is None or len(rank) < WARM_UP else value
            for score, rank, value in zip(scores, self._ranks, ranks, strict=True)
        ]
        size = len(counted) - counted.count(0.0)
        return max(0.0, min(1.0, self._aggregate(counted) / size**2)) if size else None

    def _correlate(self, deviations: Sequence[float]) -> None:
        """Let a day into the moments; a missing category deviates by nothing, which keeps every correlation below 1."""
        self._squares = [DECAY * square + each * each for square, each in zip(self._squares, deviations, strict=True)]
        self._products = [
            DECAY * product + deviations[first] * deviations[second]
            for product, (first, second) in zip(self._products, self._pairs, strict=True)
        ]

    def _aggregate(self, ranks: Sequence[float]) -> float:
        # A category never seen has no deviation to divide by.
        scaled = [rank / sqrt(square) if square else 0.0 for rank, square in zip(ranks, self._squares, strict=True)]
        total = 0.0
        for rank in ranks:
            total += rank * rank
        for product, (first, second) in zip(self._products, self._pairs, strict=True):
            total += 2.0 * product * scaled[first] * scaled[second]
        return total
