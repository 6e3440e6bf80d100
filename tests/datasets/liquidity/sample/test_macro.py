"""The calendar and the walks beneath the sample FRED and Yahoo."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.days import day_number
from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.sample.macro import Economy, Stairs
from tray_app.datasets.liquidity.sample.macro_turns import turning_points
from tray_app.datasets.liquidity.sample.us_days import is_bond_day, is_exchange_day, later
from tray_app.demo.series import Series, anchors, day_of

ECONOMY = Economy()


@pytest.mark.parametrize(
    ("day", "bonds", "exchange"),
    [
        ("2026-01-01", False, False),
        ("2026-01-19", False, False),
        ("2026-04-03", True, False),
        ("2026-05-25", False, False),
        ("2026-06-19", False, False),
        ("2026-10-12", False, True),
        ("2026-11-11", False, True),
        ("2026-11-26", False, False),
        ("2021-07-05", False, False),
        ("2020-07-03", True, False),
        ("2021-12-31", True, True),
        ("2023-01-02", False, False),
        ("2019-06-19", True, True),
        ("1997-01-20", False, True),
        ("2018-03-30", True, False),
        ("2026-11-21", False, False),
        ("2026-11-20", True, True),
    ],
)
def test_days_of_the_bond_market_and_of_the_exchanges(day: str, bonds: bool, exchange: bool) -> None:
    assert (is_bond_day(date.fromisoformat(day)), is_exchange_day(date.fromisoformat(day))) == (bonds, exchange)


def test_working_days_later() -> None:
    assert later(date(2026, 11, 25), 1) == date(2026, 11, 27)
    assert later(date(2026, 11, 20), 2) == date(2026, 11, 24)
    assert later(date(2026, 11, 21), 0) == date(2026, 11, 21)


@pytest.mark.parametrize("name", sorted(turning_points()))
def test_turning_points_go_forward_and_are_positive(name: str) -> None:
    points = turning_points()[name]
    assert all(earlier.day < later.day for earlier, later in itertools.pairwise(points))
    assert all(point.value > 0 for point in points)


@given(st.lists(st.integers(0, 15_000), min_size=1, max_size=8))
def test_a_walk_is_the_same_in_any_order(offsets: list[int]) -> None:
    first, second = (Series("a walk", anchors("1990-01:10 2008-10:50 2027-01:20"), step=0.02) for _ in range(2))
    days = [day_of("1989-12-01") + offset for offset in offsets]
    assert [first.open(day) for day in days] == [second.open(day) for day in reversed(days)][::-1]


def test_a_walk_rests_at_weekends() -> None:
    for name in ("DGS5", "A-SERIES-WITHOUT-A-LINE"):
        days = (day_number(date(2026, 11, 20)) + place for place in range(4))
        friday, saturday, sunday, monday = (ECONOMY.value(name, day) for day in days)
        assert friday == saturday == sunday != monday


def test_stairs_keep_a_rate_until_the_next_meeting() -> None:
    stairs = Stairs(anchors("1990-01:8 1990-02-01:7"))
    day = day_of("1990-02-01")
    assert (stairs.at(day - 1), stairs.at(day)) == (8.0, 7.0)
    assert stairs.at(day + 10_000) == pytest.approx(7.0)
    assert stairs.mean(day - 1, day) == 7.5
    assert stairs.at(day - 10_000) == 8


def test_every_series_of_the_catalogue_is_the_same_in_another_economy() -> None:
    other, days = Economy(), (day_of("2026-11-20"), day_of("2008-10-10"))
    for name in ("NOSUCH", *(series.series_id for series in reversed(catalogue()))):
        assert [other.value(name, day) for day in days] == [ECONOMY.value(name, day) for day in reversed(days)][::-1]
    assert ECONOMY.value("NOSUCH", days[0]) != ECONOMY.value("NOSUCH2", days[0])


def test_stocks_move_more_when_fear_is_great() -> None:
    def restlessness(start: str) -> float:
        days = [day for day in range(day_of(start), day_of(start) + 60) if day % 7 not in {2, 3}]
        prices = [ECONOMY.value("^GSPC", day) for day in days]
        moves = [abs(after / before - 1) for before, after in itertools.pairwise(prices)]
        return sum(moves) / len(moves)

    assert restlessness("2008-10-01") > 2.0 * restlessness("2006-10-01")
    assert restlessness("2020-03-01") > 2.0 * restlessness("2017-03-01")


def test_repo_costs_more_at_the_turn_of_a_quarter() -> None:
    def spread(text: str) -> float:
        return ECONOMY.value("SOFR", day_of(text)) - ECONOMY.value("EFFR", day_of(text))

    assert spread("2023-03-31") > max(spread("2023-03-15"), spread("2023-04-12"))
    assert spread("2019-09-17") > 2.5
    assert ECONOMY.value("SOFR99", day_of("2019-09-17")) > ECONOMY.value("SOFR", day_of("2019-09-17"))
