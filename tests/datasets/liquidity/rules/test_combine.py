from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.liquidity.rules.combine import Due, chained, difference, first_choice, inverse, ratio, succeeded
from tray_app.datasets.liquidity.rules.tracks import Track

START = date(2020, 1, 6).toordinal()
Values = dict[int, float]


def track(values: Values, lag: int = 1, source: str = "A", carry: int = 5) -> Track:
    """Return values by business day; days and their numbers are the same here."""
    numbers, size = sorted(values), len(values)
    ordinals, known = [START + number for number in numbers], [number + lag for number in numbers]
    return Track(ordinals, numbers, [values[each] for each in numbers], known, [carry] * size, [source] * size)


def after(lag: int) -> Due:
    """Return when a series of this lag is due."""
    return lambda ordinals: [ordinal - START + lag for ordinal in ordinals]


def said(found: Track) -> list[tuple[int, float, int, str]]:
    """Return number, value, known and source of each observation."""
    return list(zip(found.numbers, found.values, found.known, found.sources, strict=True))


def test_a_spread_is_known_when_both_are() -> None:
    found = difference(track({0: 3.0, 1: 4.0, 3: 5.0}, 1), track({0: 1.0, 3: 1.5, 4: 9.0}, 2, "B"))
    assert said(found) == [(0, 2.0, 2, "A"), (3, 3.5, 5, "A")]


def test_ratios_and_inverses_are_of_prices_above_zero() -> None:
    assert said(ratio(track({0: 6.0, 1: 4.0, 2: -1.0}), track({0: 2.0, 1: 0.0, 2: 1.0}))) == [(0, 3.0, 1, "A")]
    assert said(inverse(track({0: 4.0, 1: 0.0}))) == [(0, 0.25, 1, "A")]


def test_a_fallback_speaks_once_the_first_choice_is_overdue() -> None:
    first = track({0: 10.0, 1: 11.0, 5: 15.0})
    quick = track({2: 12.5, 3: 13.5, 5: 99.0}, lag=0, source="B")
    assert said(first_choice(first, quick, after(1))) == [
        (0, 10.0, 1, "A"),
        (1, 11.0, 2, "A"),
        (2, 12.5, 3, "B"),
        (3, 13.5, 4, "B"),
        (5, 15.0, 6, "A"),
    ]


def test_a_slow_fallback_that_comes_after_a_newer_value_says_nothing() -> None:
    slow = track({1: 1.5, 2: 2.5}, lag=5, source="B")
    assert said(first_choice(track({0: 0.0, 3: 3.0}), slow, after(1))) == [(0, 0.0, 1, "A"), (3, 3.0, 4, "A")]


def test_a_chain_changes_as_one_source_does_whatever_their_levels() -> None:
    first = track({0: 100.0, 1: 102.0, 2: 101.0, 8: 110.0})
    fallback = track({day: 200.0 + day for day in range(10)}, lag=2, source="B")
    found = said(chained(first, fallback, after(1)))
    assert [(number, source) for number, _value, _known, source in found] == [
        *((number, "A") for number in range(3)),
        *((number, "B") for number in range(3, 8)),
        (8, "A"),
        (9, "B"),
    ]
    values = {number: value for number, value, _known, _source in found}
    assert values[3] / values[2] == pytest.approx(203.0 / 202.0)
    assert values[6] / values[5] == pytest.approx(206.0 / 205.0)
    assert values[8] / values[2] == pytest.approx(110.0 / 101.0)
    assert values[9] / values[8] == pytest.approx(209.0 / 208.0)


def test_a_first_choice_that_starts_late_waits_for_a_common_date() -> None:
    fallback = track({day: 200.0 + day for day in range(12)}, lag=3, source="B")
    found = said(chained(track({day: 50.0 + day for day in range(5, 12)}), fallback, after(1)))
    assert [source for _number, _value, _known, source in found] == ["B"] * 6 + ["A"] * 5
    values = {number: value for number, value, _known, _source in found}
    assert values[5] == 205.0
    assert values[11] / values[5] == pytest.approx(61.0 / 55.0)


def test_a_chain_without_one_of_them_is_the_other() -> None:
    prices = track({0: 2.0, 1: 3.0, 2: 0.0})
    assert said(chained(prices, track({}), after(1))) == said(chained(track({}), prices, after(1))) == said(prices)[:2]


def test_a_successor_is_shifted_to_what_it_succeeds() -> None:
    ended = track({day: 1.0 + 0.1 * (day % 2) for day in range(300) if day != 100})
    successor = track({day: 0.4 + 0.1 * (day % 2) for day in range(310)}, lag=2, source="B")
    values = {number: value for number, value, _known, _source in said(succeeded(ended, successor, after(1)))}
    assert values[99] == 1.1
    assert values[100] == pytest.approx(1.0)
    assert [values[day] for day in range(300, 304)] == pytest.approx([1.0, 1.1, 1.0, 1.1])


def test_a_successor_without_common_dates_goes_unshifted() -> None:
    successor = track({5: 0.4, 6: 0.5}, lag=2, source="B")
    assert said(succeeded(track({0: 1.0}), successor, after(1))) == [(0, 1.0, 1, "A"), *said(successor)]
    assert said(succeeded(track({}), successor, after(1))) == said(successor)


PRICES = st.dictionaries(st.integers(0, 30), st.floats(0.5, 2.0), max_size=30)


@pytest.mark.parametrize("combination", [first_choice, chained, succeeded])
@given(first=PRICES, fallback=PRICES, lag=st.integers(0, 6), last=st.integers(0, 30))
def test_what_was_known_never_changes(
    combination: Callable[[Track, Track, Due], Track], first: Values, fallback: Values, lag: int, last: int
) -> None:
    def known_by(first: Values, fallback: Values) -> list[tuple[int, float, int, str]]:
        found = combination(track(first), track(fallback, lag, "B"), after(1))
        assert list(found.ordinals) == sorted(set(found.ordinals))
        assert list(found.known) == sorted(found.known)
        return [each for each in said(found) if each[2] <= last]

    shorter = ({day: value for day, value in each.items() if day <= last} for each in (first, fallback))
    assert known_by(*shorter) == known_by(first, fallback)
