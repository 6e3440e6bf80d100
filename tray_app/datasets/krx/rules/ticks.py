"""Tick sizes and daily price limits by market and date, in won.

The tick grids of 2010-10-04 and 2023-01-25 and the limits are general knowledge, checked against the recordings of 2024
and 2026. Source: docs/sources/krx.md, "Ticks and price limits".
"""

from datetime import date

from tray_app.datasets.krx.rows import Market

FINE_TICKS_FROM = date(2010, 10, 4)
ALIKE_FROM = date(2023, 1, 25)
WIDE_LIMIT_FROM = date(2015, 6, 15)
WIDE_LIMIT = 0.30
NARROW_LIMIT = 0.15

Grid = tuple[tuple[float, int], ...]

_REST = float("inf")
_ALIKE: Grid = ((2_000, 1), (5_000, 5), (20_000, 10), (50_000, 50), (200_000, 100), (500_000, 500), (_REST, 1_000))
_KOSPI: Grid = ((1_000, 1), (5_000, 5), (10_000, 10), (50_000, 50), (100_000, 100), (500_000, 500), (_REST, 1_000))
_KOSDAQ: Grid = ((1_000, 1), (5_000, 5), (10_000, 10), (50_000, 50), (_REST, 100))
_KOSPI_EARLY: Grid = _KOSPI[1:]


def tick_grid(market: Market, day: date) -> Grid:
    """Return the grid of a market on a day: upper bounds (exclusive) in won and the tick below them."""
    if day >= ALIKE_FROM:
        return _ALIKE
    if market is not Market.KOSPI:
        return _KOSDAQ
    return _KOSPI if day >= FINE_TICKS_FROM else _KOSPI_EARLY


def tick_size(market: Market, day: date, price: float) -> int:
    """Return the tick of a price in won."""
    for bound, tick in tick_grid(market, day):
        if price < bound:
            return tick
    raise ValueError(f"no price: {price!r}")


def price_limit(market: Market, day: date) -> float:
    """Return the daily price limit as a share of the base price: 15 % until 2015-06-14, 30 % since; KONEX 15 %."""
    if market is Market.KONEX or day < WIDE_LIMIT_FROM:
        return NARROW_LIMIT
    return WIDE_LIMIT


def limit_prices(market: Market, day: date, base_price: float) -> tuple[float, float]:
    """Return the lowest and the highest price a session allows, in won.

    The width is the share of the base cut to its tick; each bound is cut to its own tick, towards the base.
    """
    width = _cut(market, day, base_price * price_limit(market, day), at=base_price)
    lowest, highest = base_price - width, base_price + width
    tick = tick_size(market, day, lowest)
    return -(-lowest // tick) * tick, _cut(market, day, highest, at=highest)


def _cut(market: Market, day: date, amount: float, *, at: float) -> float:
    tick = tick_size(market, day, at)
    return round(amount, 6) // tick * tick
