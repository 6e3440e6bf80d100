from datetime import date, timedelta
from math import inf, nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.liquidity.availability import Track, read_track
from tray_app.core.liquidity.business_days import BusinessDays
from tray_app.core.liquidity.catalogue import MacroSeries, Provider
from tray_app.core.liquidity.model import Observation

MONDAY = date(2026, 3, 2)
DAYS = BusinessDays(MONDAY, MONDAY + timedelta(days=60))
LAST = MONDAY + timedelta(days=40)


def read(rows: list[Observation], lag: int = 2, through: date = LAST) -> Track:
    return read_track(rows, MacroSeries("X", "x", "index", Provider.FRED, MONDAY, lag=lag), DAYS, through)


def on(day: int, first_seen: int | None = None, value: float = 1.0) -> Observation:
    seen = None if first_seen is None else MONDAY + timedelta(days=first_seen)
    return Observation(MONDAY + timedelta(days=day), value, seen)


@pytest.mark.parametrize(
    ("day", "first_seen", "known"),
    [
        (0, None, 2),
        (4, None, 6),  # Friday counts from Tuesday
        (5, None, 6),  # and so does Saturday
        (0, 1, 1),
        (0, 0, 0),
        (0, 30, 2),  # a backfill moves nothing
        (3, 5, 5),  # seen on a Saturday, known on Monday: as the lag says
        (2, 1, 2),  # a clock that ran behind
        (2, 50, 4),  # seen after the last day asked for
    ],
)
def test_a_value_counts_from_its_lag_or_from_when_it_was_seen_if_that_was_earlier(
    day: int, first_seen: int | None, known: int
) -> None:
    assert read([on(day, first_seen)]).known == [known]


def test_what_is_older_than_a_known_value_is_known() -> None:
    assert read([on(0), on(1), on(2, 2), on(3)]).known == [2, 2, 2, 5]


def test_order_twins_and_what_is_no_number_are_irrelevant() -> None:
    rows = [on(3, None, 3.0), on(1, 4, 8.0), on(1, 1, 1.0), on(2, None, nan), on(4, None, inf), on(45)]
    found = read(rows)
    assert (list(found.values), [each - MONDAY.toordinal() for each in found.ordinals]) == ([1.0, 3.0], [1, 3])
    assert (list(found.carries), list(found.sources), list(found.numbers)) == ([5, 5], ["X", "X"], [1, 3])
    Random(1).shuffle(rows)
    assert read(rows) == found


@given(st.lists(st.tuples(st.integers(0, 40), st.none() | st.integers(0, 55)), max_size=25), st.integers(0, 40))
def test_nothing_is_known_before_its_date_or_because_of_a_later_one(
    rows: list[tuple[int, int | None]], last: int
) -> None:
    stored = [on(day, seen, float(place)) for place, (day, seen) in enumerate(rows)]
    full = read(stored)
    assert list(full.known) == sorted(full.known)
    assert all(known >= DAYS.at_or_after(day) for known, day in zip(full.known, full.ordinals, strict=True))
    assert all(known <= number + 2 for known, number in zip(full.known, full.numbers, strict=True))
    through = MONDAY + timedelta(days=last)
    short = read([each for each in stored if each.observed <= through], through=through)
    today = DAYS.at_or_before(through.toordinal())
    assert seen_by(short, today) == seen_by(full, today)


def seen_by(track: Track, today: int) -> list[tuple[int, int, float]]:
    rows = zip(track.ordinals, track.known, track.values, strict=True)
    return [(ordinal, known, value) for ordinal, known, value in rows if known <= today]
