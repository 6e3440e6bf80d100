"""Tick sizes and daily price limits of the exchange, by market and day; prices are whole won."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

FINE_TICKS_FROM = date(2023, 1, 25)
PENNY_TICKS_FROM = date(2010, 10, 4)
WIDE_LIMIT_FROM = date(2015, 6, 15)

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def nearest(prices: Floats, is_kospi: Flags, day: date) -> Floats:
    """Return the tradable prices next to the given ones, never below one tick."""
    penny = 1 if day >= PENNY_TICKS_FROM else 5
    if day >= FINE_TICKS_FROM:
        bounds, sizes = (2_000, 5_000, 20_000, 50_000, 200_000, 500_000), (1, 5, 10, 50, 100, 500, 1_000)
    else:
        bounds, sizes = (1_000, 5_000, 10_000, 50_000, 100_000, 500_000), (penny, 5, 10, 50, 100, 500, 1_000)
    ticks = np.asarray(sizes, dtype=np.float64)[np.searchsorted(bounds, prices, side="right")]
    if day < FINE_TICKS_FROM:
        ticks = np.where(is_kospi, ticks, np.minimum(ticks, 100.0))
    return np.maximum(np.rint(prices / ticks) * ticks, ticks)


def limits(is_konex: Flags, day: date) -> Floats:
    """Return how far from its base a price may go, as a share of it, less what rounding to a tick may add."""
    return np.where(is_konex | (day < WIDE_LIMIT_FROM), 0.14, 0.29)


def on_coarse_tick(price: float) -> int:
    """Return a price near the given one that is tradable under every table."""
    bounds = ((5_000, 5), (10_000, 10), (50_000, 50), (100_000, 100), (500_000, 500))
    size = next((tick for bound, tick in bounds if price < bound), 1_000)
    return max(size, round(price / size) * size)
