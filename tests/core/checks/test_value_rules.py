"""Rules on the values of a series: sign, range, jumps and standing still."""

from datetime import date, timedelta
from math import inf

from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.checks.value_rules import LEAST_CHANGES, Sign, ValueRules, check_values
from tray_app.core.quality import ValueCode
from tray_app.core.series import SeriesPoint

FIRST = date(2026, 1, 1)
YIELD = ValueRules(low=-2.0, high=25.0, jump=0.5)
PRICE = ValueRules(sign=Sign.POSITIVE, jump=0.4, is_relative=True)


def points(*values: float) -> list[SeriesPoint]:
    return [SeriesPoint(FIRST + timedelta(days=offset), value) for offset, value in enumerate(values)]


def quiet(count: int = 60, level: float = 4.5, step: float = 0.03) -> list[float]:
    return [level + step * 4 * ((place * 0.618034) % 1 - 0.5) for place in range(count)]


def told(values: list[float], rules: ValueRules, since: date = date.min) -> list[tuple[ValueCode, date | None]]:
    return [(finding.code, finding.day) for finding in check_values("x", points(*values), rules, since)]


def day(place: int) -> date:
    return FIRST + timedelta(days=place)


def test_a_value_far_from_all_before_it_is_a_jump() -> None:
    (finding,) = check_values("DGS10", points(*quiet(), 9.99), YIELD)
    assert (finding.subject, finding.code, finding.day) == ("DGS10", ValueCode.VALUE_JUMP, day(60))
    assert finding.detail == "4.49568 on 2026-03-01, then 9.99"


def test_of_a_spike_only_the_value_itself_is_in_doubt() -> None:
    assert told([*quiet(), 9.99, 4.52, 4.5], YIELD) == [(ValueCode.VALUE_JUMP, day(60))]


def test_a_new_level_is_told_once() -> None:
    assert told([*quiet(), *quiet(level=9.99)], YIELD) == [(ValueCode.VALUE_JUMP, day(60))]


def test_a_lively_series_may_move_further() -> None:
    assert told([*quiet(step=0.3), 7.5], YIELD) == []
    assert told([*quiet(step=0.03), 7.5], YIELD) != []


def test_without_enough_changes_nothing_is_a_jump() -> None:
    assert told([*quiet(LEAST_CHANGES), 9.99], YIELD) == []
    assert told([*quiet(LEAST_CHANGES + 1), 9.99], YIELD) == [(ValueCode.VALUE_JUMP, day(LEAST_CHANGES + 1))]


def test_over_a_hole_a_series_may_move_further() -> None:
    before = points(*quiet())
    after = SeriesPoint(before[-1].date + timedelta(days=7 * 16), before[-1].value + 1.9)
    assert check_values("x", [*before, after], YIELD) == ()
    near = SeriesPoint(before[-1].date + timedelta(days=3), before[-1].value + 1.9)
    assert check_values("x", [*before, near], YIELD) != ()


def test_relative_jumps_count_up_and_down_alike() -> None:
    prices = quiet(level=100.0, step=1.0)
    assert told([*prices, 200.0], PRICE) == told([*prices, 50.0], PRICE) == [(ValueCode.VALUE_JUMP, day(60))]
    assert told([*prices, 130.0], PRICE) == []


def test_sign_and_range() -> None:
    assert told([1.0, -1.0], ValueRules(sign=Sign.NOT_NEGATIVE)) == [(ValueCode.VALUE_SIGN, day(1))]
    assert told([1.0, 0.0], ValueRules(sign=Sign.NOT_NEGATIVE)) == []
    assert told([1.0, 0.0], PRICE) == [(ValueCode.VALUE_SIGN, day(1))]
    assert told([-2.0, 25.0, 25.1], YIELD) == [(ValueCode.VALUE_RANGE, day(2))]


def test_a_frozen_series_is_told_on_the_day_it_lasts_too_long() -> None:
    rules = ValueRules(frozen=4)
    assert told([1.0, 2.0, 2.0, 2.0], rules) == []
    assert told([1.0, 2.0, 2.0, 2.0, 2.0, 2.0], rules) == [(ValueCode.VALUE_FROZEN, day(4))]


def test_only_days_from_the_first_new_one_on_are_told() -> None:
    values = [*quiet(), 9.99, 4.5, 30.0]
    assert told(values, YIELD, day(61)) == [(ValueCode.VALUE_RANGE, day(62)), (ValueCode.VALUE_JUMP, day(62))]


@given(st.lists(st.floats(-1e15, 1e15), max_size=60), st.booleans(), st.integers(0, 5))
def test_any_series_can_be_judged(values: list[float], is_relative: bool, frozen: int) -> None:
    rules = ValueRules(jump=0.5, is_relative=is_relative, frozen=frozen)
    for finding in check_values("x", points(*values), rules):
        assert finding.day is not None
        assert FIRST <= finding.day < FIRST + timedelta(days=len(values))
    assert check_values("x", points(*values), ValueRules(jump=inf)) == ()
