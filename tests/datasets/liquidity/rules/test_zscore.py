from math import inf, isnan, nan
from statistics import mean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.liquidity.rules.readings import expanding_z

LEVELS = st.lists(st.floats(-1e3, 1e3), max_size=40)


@given(LEVELS)
def test_each_value_is_measured_against_all_up_to_it(values: list[float]) -> None:
    for place, score in enumerate(expanding_z(values, 3)):
        known = values[: place + 1]
        if len(known) < 3 or len(set(known)) == 1:
            assert isnan(score)
        elif stdev(known) > 1e-6:
            assert score == pytest.approx(max(-3.0, min(6.0, (known[-1] - mean(known)) / stdev(known))), abs=1e-6)


@given(LEVELS, st.integers(0, 40))
def test_what_follows_changes_no_bit(values: list[float], size: int) -> None:
    assert repr(expanding_z(values[:size], 2)) == repr(expanding_z(values, 2)[:size])


def test_a_score_needs_a_year_and_is_clipped() -> None:
    scores = expanding_z([*([0.0, 1.0] * 126), 1e6, -1e9])
    assert all(map(isnan, scores[:251]))
    assert 0.9 < scores[251] < 1.1
    assert scores[252:] == [6.0, -3.0]


def test_what_is_no_number_is_passed_over() -> None:
    assert repr(expanding_z([1.0, nan, 2.0, inf, 4.0], 2)) == repr(
        [nan, nan, *expanding_z([1.0, 2.0, 4.0], 2)[1:2], nan, *expanding_z([1.0, 2.0, 4.0], 2)[2:]]
    )
