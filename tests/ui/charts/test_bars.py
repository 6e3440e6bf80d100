from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tray_app.ui.charts.bars import Bars, candles, price_range


def bars(count: int, halted: tuple[int, ...] = ()) -> Bars:
    days = np.arange(count, dtype=np.float64) + 20_000
    opened = 100.0 + np.sin(days) * 10
    close = 100.0 + np.cos(days) * 10
    high, low = np.maximum(opened, close) + 2, np.minimum(opened, close) - 2
    for values in (opened, high, low):
        values[list(halted)] = np.nan
    return Bars(days, opened, high, low, close, np.full(count, 10.0))


@given(st.integers(0, 400), st.integers(1, 120), st.integers(-50, 450), st.integers(1, 450))
def test_candles_are_few_and_hold_every_extreme(count: int, most: int, start: int, wide: int) -> None:
    whole = bars(count, halted=tuple(range(3, min(count, 9))))
    left, right = 20_000.0 + start, 20_000.0 + start + wide
    shown = candles(whole, left, right, most)
    assert len(shown.first) <= most + 1
    inside = (whole.days >= left) & (whole.days <= right)
    if inside.any():
        assert shown.first[0] <= whole.days[inside][0]
        assert shown.last[-1] >= whole.days[inside][-1]
        assert shown.high.max() >= np.nanmax(np.where(inside, np.fmax(whole.high, whole.close), np.nan))
        assert shown.low.min() <= np.nanmin(np.where(inside, np.fmin(whole.low, whole.close), np.nan))
        assert (shown.low <= shown.high).all()


def test_panning_does_not_regroup_the_candles() -> None:
    whole = bars(300)
    one, other = candles(whole, 20_050, 20_250, 40), candles(whole, 20_051, 20_251, 40)
    assert set(one.first[2:-2]) <= set(other.first)


def test_a_halted_session_is_marked_and_no_price_of_its_own() -> None:
    shown = candles(bars(10, halted=(4,)), 20_000, 20_009, 100)
    assert shown.is_halted.tolist() == [place == 4 for place in range(10)]
    assert shown.high[4] == shown.low[4] == shown.close[4]


def test_the_range_is_of_the_visible_days() -> None:
    whole = bars(50)
    assert price_range(whole, 30_000, 30_001) is None
    found = price_range(whole, 20_010, 20_012)
    assert found == (whole.low[10:14].min(), whole.high[10:14].max())
