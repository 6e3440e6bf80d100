"""What is read from prices and yields: how much they move, how far they have fallen, how far they have come.

Every function keeps a track's observations and replaces their values; nan stands where too little is known yet.
"""

from collections import deque
from collections.abc import Sequence
from math import isnan, log, nan, sqrt

from tray_app.datasets.liquidity.rules.tracks import Track

HALF_LIFE = 20
DECAY = 0.5 ** (1 / HALF_LIFE)
DRAWDOWN_WINDOW = 504
DAYS_A_YEAR = 252
PER_CENT = 100.0


def logarithms(prices: Track) -> Track:
    """Return natural logarithms; what is not above zero says nothing."""
    return prices.with_values([log(value) if value > 0.0 else nan for value in prices.values])


def volatility(levels: Track) -> Track:
    """Return the volatility of daily changes: their exponentially weighted mean square, half-life 20 observations.

    Unit: a hundredth of the levels' a year: per cent for logarithms of prices, basis points for yields in per cent.
    A change over closed days is one change and counts whole: what happened while a market was shut is its volatility.
    """
    result: list[float] = []
    squares, weights, count = 0.0, 0.0, 0
    before = nan
    for value in levels.values:
        change = value - before
        if not isnan(change):
            squares = DECAY * squares + change * change
            weights = DECAY * weights + 1.0
            count += 1
        if not isnan(value):
            before = value
        result.append(PER_CENT * sqrt(DAYS_A_YEAR * squares / weights) if count >= HALF_LIFE else nan)
    return levels.with_values(result)


def drawdown(prices: Track) -> Track:
    """Return CMAX in per cent: how far the price is below the highest of its last 504 observations (two years)."""
    result: list[float] = []
    # Falling candidates for the highest price, the highest first.
    candidates: deque[tuple[int, float]] = deque()
    for place, price in enumerate(prices.values):
        if not price > 0.0:
            result.append(nan)
            continue
        while candidates and candidates[-1][1] <= price:
            candidates.pop()
        candidates.append((place, price))
        if candidates[0][0] <= place - DRAWDOWN_WINDOW:
            candidates.popleft()
        result.append(PER_CENT * (1.0 - price / candidates[0][1]))
    return prices.with_values(result)


def change_over(levels: Track, days: int) -> Track:
    """Return the change against the last observation at least so many business days older, in hundredths."""
    result: list[float] = []
    base = -1
    for value, number in zip(levels.values, levels.numbers, strict=True):
        while levels.numbers[base + 1] <= number - days:
            base += 1
        result.append(PER_CENT * (value - levels.values[base]) if base >= 0 else nan)
    return levels.with_values(result)


def mean_of_last(levels: Track, count: int) -> Track:
    """Return the mean of the last so many observations."""
    values = levels.values
    return levels.with_values(
        [nan if place < count - 1 else _mean(values[place - count + 1 : place + 1]) for place in range(len(values))]
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
