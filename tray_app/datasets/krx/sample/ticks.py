"""Tick sizes and daily price limits of the exchange, by market and day; prices are whole won."""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from tray_app.datasets.krx.rows import Market

FINE_TICKS_FROM = date(2023, 1, 25)
PENNY_TICKS_FROM = date(2010, 10, 4)
WIDE_LIMIT_FROM = date(2015, 6, 15)

Prices = NDArray[np.float64]
_COARSE = ((5_000, 5), (10_000, 10), (50_000, 50), (100_000, 100), (500_000, 500))


@dataclass(frozen=True)
class Ticks:
    """A table of tick sizes: from each bound on the next size holds."""

    bounds: tuple[int, ...]
    sizes: tuple[int, ...]

    def of(self, prices: Prices) -> Prices:
        """Return the tick size at each price."""
        return np.asarray(self.sizes, dtype=np.float64)[np.searchsorted(self.bounds, prices, side="right")]

    def nearest(self, prices: Prices) -> Prices:
        """Return the tradable prices next to the given ones, never below one tick."""
        sizes = self.of(prices)
        return np.maximum(np.rint(prices / sizes) * sizes, sizes)

    def below(self, prices: Prices) -> Prices:
        """Return the highest tradable prices not above the given ones."""
        sizes = self.of(prices)
        return np.floor(prices / sizes) * sizes

    def above(self, prices: Prices) -> Prices:
        """Return the lowest tradable prices not below the given ones."""
        sizes = self.of(prices)
        return np.ceil(prices / sizes) * sizes


def ticks_of(market: Market, day: date) -> Ticks:
    """Return the tick sizes of a market on a day."""
    if day >= FINE_TICKS_FROM:
        return Ticks((2_000, 5_000, 20_000, 50_000, 200_000, 500_000), (1, 5, 10, 50, 100, 500, 1_000))
    low = 1 if day >= PENNY_TICKS_FROM else 5
    if market is Market.KOSPI:
        return Ticks((1_000, 5_000, 10_000, 50_000, 100_000, 500_000), (low, 5, 10, 50, 100, 500, 1_000))
    return Ticks((1_000, 5_000, 10_000, 50_000), (low, 5, 10, 50, 100))


def limit_percent(market: Market, day: date) -> int:
    """Return the daily price limit in per cent of the base."""
    return 30 if day >= WIDE_LIMIT_FROM and market is not Market.KONEX else 15


def on_coarse_tick(price: float) -> int:
    """Return a price near the given one that is tradable under every table."""
    size = next((tick for bound, tick in _COARSE if price < bound), 1_000)
    return max(size, round(price / size) * size)
