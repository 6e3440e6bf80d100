from __future__ import annotations

import math
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.ui.charts.series import Scale, Series
from tray_app.ui.charts.ticks import date_ticks, day_of, value_ticks
from tray_app.ui.charts.traces import all_days, decimate, extent, heights, line_of, runs, trace

DAYS = np.arange(np.datetime64("2026-01-01"), np.datetime64("2026-01-11"))
VALUES = np.array([1.0, 2.0, np.nan, 4.0, 8.0, np.nan, np.nan, -16.0, 0.0, 32.0])
LINE = line_of(0, Series("a", "A", DAYS, VALUES))
FIRST = float(LINE.days[0])


def test_gaps_split_a_line() -> None:
    assert [(run.start, run.stop) for run in runs(VALUES)] == [(0, 2), (3, 5), (7, 10)]
    assert list(runs(np.full(3, np.nan))) == []
    assert [(run.start, run.stop) for run in runs(np.ones(3))] == [(0, 3)]


def test_a_logarithm_leaves_out_what_has_none() -> None:
    logged = heights(VALUES, Scale.LOG, 1.0)
    assert logged[0] == 0
    assert np.isnan(logged[7:9]).all()


def test_rebasing_starts_at_the_first_visible_value() -> None:
    shown = trace(LINE, FIRST + 2, FIRST + 9, Scale.REBASED)
    assert shown.base == 4.0
    assert shown.height_of(8.0, Scale.REBASED) == 200.0


def test_a_line_runs_out_of_the_frame_on_both_sides() -> None:
    shown = trace(LINE, FIRST + 3.5, FIRST + 4.5, Scale.LINEAR)
    assert shown.days.tolist() == [FIRST + 3, FIRST + 4, FIRST + 5]


def test_only_visible_values_stretch_the_axis() -> None:
    assert extent([trace(LINE, FIRST, FIRST + 4, Scale.LINEAR)], FIRST, FIRST + 4) == (1.0, 8.0)
    assert extent([], 0, 1) is None


def test_days_may_be_dates_or_numbers() -> None:
    numbers = line_of(0, Series("b", "B", DAYS.astype(np.int64), VALUES))
    assert numbers.days.tolist() == LINE.days.tolist()
    assert all_days([LINE]).tolist() == LINE.days[np.isfinite(VALUES)].tolist()
    assert day_of(FIRST) == date(2026, 1, 1)
    assert LINE.value_at(FIRST + 1) == 2.0
    assert LINE.value_at(FIRST + 2) is None
    assert LINE.value_at(FIRST + 99) is None


@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=400), st.integers(1, 50))
def test_thinning_keeps_order_ends_and_extremes(values: list[float], buckets: int) -> None:
    down = np.array(values)
    across = np.arange(len(down), dtype=np.float64)
    xs, ys = decimate(across, down, buckets)
    assert len(xs) <= max(len(down), 0) + 2
    assert (np.diff(xs) >= 0).all()
    assert (xs[0], xs[-1]) == (across[0], across[-1])
    assert (ys.min(), ys.max()) == (down.min(), down.max())


@given(st.floats(-1e12, 1e12), st.floats(1e-6, 1e12), st.integers(1, 12))
def test_value_ticks_lie_inside_and_are_few(low: float, span: float, count: int) -> None:
    high = low + span
    ticks = value_ticks(low, high, count, Scale.LINEAR)
    assert len(ticks) <= count + 2
    slack = span * 1e-6 + 2 * math.ulp(max(abs(low), abs(high)))
    assert all(low - slack <= tick.place <= high + slack for tick in ticks)
    assert all("e" not in tick.text for tick in ticks)


@given(st.floats(-8, 8), st.floats(0.01, 10), st.integers(2, 12))
def test_logarithmic_ticks_lie_inside(low: float, span: float, count: int) -> None:
    ticks = value_ticks(low, low + span, count, Scale.LOG)
    assert all(low - 1e-6 <= tick.place <= low + span + 1e-6 for tick in ticks)
    assert all("e" not in tick.text for tick in ticks)


@given(st.integers(-100_000, 100_000), st.integers(1, 40_000), st.integers(1, 12))
def test_date_ticks_lie_inside_and_are_few(left: int, span: int, count: int) -> None:
    ticks = date_ticks(left, left + span, count)
    assert len(ticks) <= count + 2
    assert all(left <= tick.place <= left + span for tick in ticks)


@pytest.mark.parametrize(
    ("days", "texts"),
    [(6, ["01-01", "01-03", "01-05", "01-07"]), (200, ["2026-01", "2026-04", "2026-07"])],
)
def test_dates_are_round(days: int, texts: list[str]) -> None:
    left = (date(2026, 1, 1) - date(1970, 1, 1)).days
    assert [tick.text for tick in date_ticks(left, left + days, 3)] == texts
