"""Histories divided anew, wholly or in part: every size, and never by mistake."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.rules.division import on_new_scales, scales, seam_of

FIRST = date(2026, 6, 1)
Closes = dict[date, float]


def history(days: int, seed: int = 1) -> Closes:
    random, price, result = Random(seed), 50.0, {}
    for day in range(days):
        price *= 1.0 + random.gauss(0.0, 0.01)
        result[FIRST + timedelta(days=day)] = round(price, 2)
    return result


def answered(closes: Closes) -> list[SeriesPoint]:
    return [SeriesPoint(day, value) for day, value in closes.items()]


def divided(closes: Closes, ratio: float, first: int = 0, last: int | None = None) -> Closes:
    """Return closes of which those from one place to another are divided, to the hundredth."""
    return {
        day: round(value * ratio, 2) if place in range(len(closes))[first:last] else value
        for place, (day, value) in enumerate(closes.items())
    }


def test_the_same_answer_is_as_stored() -> None:
    (found,) = scales(history(12), answered(history(12)))
    assert (found.is_as_stored, found.count, found.ratio) == (True, 11, 1.0)
    assert scales({}, answered(history(12))) == ()
    assert scales(history(12), []) == ()


@given(ratio=st.floats(0.02, 0.997) | st.floats(1.003, 50.0), seed=st.integers(0, 500), days=st.integers(3, 300))
def test_one_ratio_over_all_closes_is_a_division_whatever_its_size(ratio: float, seed: int, days: int) -> None:
    closes = history(days, seed)
    answer = answered(divided(closes, ratio))
    (found,) = scales(closes, answer)
    assert not found.is_as_stored
    assert found.ratio == pytest.approx(ratio, rel=0.02)
    assert seam_of(closes, answer) is None


@given(seed=st.integers(0, 500), place=st.integers(0, 10), moved=st.floats(0.5, 1.5))
def test_a_single_correction_divides_nothing(seed: int, place: int, moved: float) -> None:
    closes = history(12, seed)
    answer = answered(divided(closes, moved, place, place + 1))
    assert all(each.is_as_stored for each in scales(closes, answer))
    assert seam_of(closes, answer) is None


def test_the_newest_stored_close_says_nothing() -> None:
    closes = history(12)
    assert all(each.is_as_stored for each in scales(closes, answered(divided(closes, 0.5, 11))))


@pytest.mark.parametrize("ratio", [0.5, 2 / 3, 0.8123, 0.97, 1.231, 4.0])
@pytest.mark.parametrize("part", [(0, 60), (60, None)])
def test_a_history_divided_in_part_has_a_seam(ratio: float, part: tuple[int, int | None]) -> None:
    closes = history(100)
    answer = divided(closes, ratio, *part)
    seam = FIRST + timedelta(days=60)
    assert seam_of(closes, answered(answer)) == seam
    # And when the stored one was divided in part, the answer that is not heals it.
    assert seam_of(answer, answered(closes)) is None
    assert len(scales(answer, answered(closes))) == 2


def test_two_closes_corrected_alike_by_little_are_no_seam() -> None:
    closes = history(100)
    assert seam_of(closes, answered(divided(closes, 0.99, 96, 98))) is None


def test_stored_closes_the_answer_lacks_are_divided_with_it() -> None:
    closes = history(30)
    answer = answered({day: value for day, value in divided(closes, 0.5).items() if day.day not in {5, 6, 20}})
    whole = on_new_scales(scales(closes, answer), closes, answer)
    assert [point.date for point in whole] == list(closes)
    assert all(point.value == pytest.approx(closes[point.date] / 2, abs=0.02) for point in whole)
    older = on_new_scales(scales(closes, answer[10:]), closes, answer[10:])
    assert [point.date for point in older] == list(closes)
    assert older[0].value == pytest.approx(closes[FIRST] / 2, abs=0.02)
