from datetime import date, timedelta
from math import inf, nan
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.datasets.liquidity.catalogue import MacroSeries, Provider
from tray_app.datasets.liquidity.rules.index_days import IndexDays
from tray_app.datasets.liquidity.rules.model import Observation
from tray_app.datasets.liquidity.rules.tracks import Track, read_track

MONDAY = date(2026, 3, 2)
DAYS = IndexDays(MONDAY, MONDAY + timedelta(days=60))
LAST = MONDAY + timedelta(days=40)


def read(rows: list[Observation], lag: int = 2, through: date = LAST) -> Track:
    return read_track(rows, MacroSeries("X", "x", "index", Provider.FRED, MONDAY, lag=lag), DAYS, through)


def on(day: int, value: float = 1.0) -> Observation:
    return Observation(MONDAY + timedelta(days=day), value)


@pytest.mark.parametrize(
    ("day", "known"),
    [
        (0, 2),
        (4, 6),  # Friday counts from Tuesday
        (5, 6),  # and so does Saturday
    ],
)
def test_a_value_counts_from_its_lag(day: int, known: int) -> None:
    assert read([on(day)]).known == [known]


def test_order_twins_and_what_is_no_number_are_irrelevant() -> None:
    rows = [on(3, 3.0), on(1, 8.0), on(1, 1.0), on(2, nan), on(4, inf), on(45)]
    found = read(rows)
    assert (list(found.values), [each - MONDAY.toordinal() for each in found.ordinals]) == ([1.0, 3.0], [1, 3])
    assert (list(found.carries), list(found.sources), list(found.numbers)) == ([5, 5], ["X", "X"], [1, 3])
    Random(1).shuffle(rows)
    assert read(rows) == found


@given(st.lists(st.integers(0, 40), max_size=25), st.integers(0, 40), st.integers(0, 3))
def test_nothing_is_known_before_its_date_or_because_of_a_later_one(rows: list[int], last: int, lag: int) -> None:
    stored = [on(day, float(place)) for place, day in enumerate(rows)]
    full = read(stored, lag)
    assert list(full.known) == sorted(full.known)
    assert all(DAYS.ordinal(known) >= day for known, day in zip(full.known, full.ordinals, strict=True))
    through = MONDAY + timedelta(days=last)
    short = read([each for each in stored if each.observed <= through], lag, through)
    assert seen_by(short, through) == seen_by(full, through)


def seen_by(track: Track, through: date) -> list[tuple[int, int, float]]:
    rows = zip(track.ordinals, track.known, track.values, strict=True)
    return [each for each in rows if DAYS.ordinal(each[1]) <= through.toordinal()]
