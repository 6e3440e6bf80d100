"""How unusual a value is against everything known up to it.

The mean and deviation expand from the first stored observation, so a value never knows the future and never changes
when more is collected. A long history matters more than the formula: a window of three years takes a quiet decade's
small moves for stress.
"""

from collections.abc import Sequence
from math import inf, isfinite, nan, sqrt

MINIMUM = 252
LOWEST, HIGHEST = -3.0, 6.0


def expanding_z(values: Sequence[float], minimum: int = MINIMUM) -> list[float]:
    """Return each value's distance from the mean so far in standard deviations (n - 1), clipped to [-3, 6].

    nan stands for nothing: where the value is no number, where fewer than minimum values are known, and while all of
    them are equal. Welford's recurrence runs in the order of the values, so a shorter series gives the same bits.
    """
    scores: list[float] = []
    count, mean, squares = 0, 0.0, 0.0
    for value in values:
        if not isfinite(value):
            scores.append(nan)
            continue
        count += 1
        delta = value - mean
        mean += delta / count
        squares += delta * (value - mean)
        if count < minimum or not 0.0 < squares < inf:
            scores.append(nan)
            continue
        score = (value - mean) / sqrt(squares / (count - 1))
        scores.append(score if LOWEST <= score <= HIGHEST else min(HIGHEST, max(LOWEST, score)))
    return scores
