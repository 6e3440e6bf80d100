from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.rules.kit import RECORDED_DAYS, needs_recordings, recorded_bars
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.ticks import Grid, limit_prices, price_limit, tick_grid, tick_size

EARLY, MIDDLE, LATE = date(2010, 10, 1), date(2010, 10, 4), date(2023, 1, 25)


def is_on_grid(price: float, grid: Grid) -> bool:
    """Whether a price lies on a tick grid."""
    return next((price % tick == 0 for bound, tick in grid if price < bound), False)


@pytest.mark.parametrize(
    ("market", "day", "price", "tick"),
    [
        (Market.KOSPI, EARLY, 500, 5),
        (Market.KOSDAQ, EARLY, 500, 1),
        (Market.KOSPI, MIDDLE, 999, 1),
        (Market.KOSPI, MIDDLE, 1_000, 5),
        (Market.KOSPI, MIDDLE, 5_000, 10),
        (Market.KOSPI, MIDDLE, 49_950, 50),
        (Market.KOSPI, MIDDLE, 50_000, 100),
        (Market.KOSPI, MIDDLE, 100_000, 500),
        (Market.KOSPI, date(2023, 1, 24), 500_000, 1_000),
        (Market.KOSDAQ, date(2023, 1, 24), 500_000, 100),
        (Market.KONEX, date(2023, 1, 24), 10_000, 50),
        (Market.KOSPI, LATE, 1_999, 1),
        (Market.KOSDAQ, LATE, 2_000, 5),
        (Market.KONEX, LATE, 5_000, 10),
        (Market.KOSPI, LATE, 20_000, 50),
        (Market.KOSDAQ, LATE, 50_000, 100),
        (Market.KOSPI, LATE, 200_000, 500),
        (Market.KOSDAQ, LATE, 500_000, 1_000),
    ],
)
def test_ticks(market: Market, day: date, price: float, tick: int) -> None:
    assert tick_size(market, day, price) == tick


def test_what_is_no_number_has_no_tick() -> None:
    with pytest.raises(ValueError, match="no price"):
        tick_size(Market.KOSPI, LATE, float("nan"))
    assert not is_on_grid(float("nan"), tick_grid(Market.KOSPI, LATE))


@pytest.mark.parametrize("market", STOCK_MARKETS)
@pytest.mark.parametrize("day", [EARLY, MIDDLE, LATE])
def test_grids_ascend(market: Market, day: date) -> None:
    assert all(low[0] < high[0] and low[1] < high[1] for low, high in pairwise(tick_grid(market, day)))


@pytest.mark.parametrize(
    ("market", "day", "limit"),
    [
        (Market.KOSPI, date(2015, 6, 14), 0.15),
        (Market.KOSPI, date(2015, 6, 15), 0.30),
        (Market.KOSDAQ, date(2024, 1, 5), 0.30),
        (Market.KONEX, date(2024, 1, 5), 0.15),
    ],
)
def test_price_limits(market: Market, day: date, limit: float) -> None:
    assert price_limit(market, day) == limit


@pytest.mark.parametrize(
    ("base", "lowest", "highest"), [(10_000, 7_000, 13_000), (2_085, 1_460, 2_710), (1_999, 1_400, 2_595)]
)
def test_limit_prices_lie_on_the_grid(base: float, lowest: float, highest: float) -> None:
    assert limit_prices(Market.KOSDAQ, LATE, base) == (lowest, highest)


@given(st.integers(100, 2_000_000), st.sampled_from(list(STOCK_MARKETS)), st.sampled_from([EARLY, MIDDLE, LATE]))
def test_limit_prices_are_inside_the_limit(base: int, market: Market, day: date) -> None:
    lowest, highest = limit_prices(market, day, base)
    width = base * price_limit(market, day) + 1e-6
    assert base - width <= lowest <= base <= highest <= base + width
    grid = tick_grid(market, day)
    assert is_on_grid(lowest, grid)
    assert is_on_grid(highest, grid)


@needs_recordings
@pytest.mark.parametrize("market", STOCK_MARKETS)
def test_recorded_prices_lie_on_the_grid(market: Market) -> None:
    for day in RECORDED_DAYS:
        grid = tick_grid(market, day)
        traded = [one for one in recorded_bars(market, day) if not one.is_no_trade]
        off = [one.code for one in traded if not all(is_on_grid(price or 0, grid) for price in (one.open, one.close))]
        assert off == []
