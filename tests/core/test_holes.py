"""Which days are holes: days that should have a value and have none, until their source has had its time."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st
from support import examples

from tray_app.core.coverage import Coverage
from tray_app.core.holes import AGES, Blank, KnownDays, blanks_after, first_hole

DAY = timedelta(days=1)
EARLIEST = date(2026, 1, 1)
SPAN = 160
days = st.integers(0, SPAN).map(lambda number: EARLIEST + number * DAY)
subsets = st.frozensets(days, max_size=SPAN)


def every(first: int, last: int) -> list[date]:
    return [EARLIEST + number * DAY for number in range(first, last + 1)]


def known(stored: frozenset[date], blanks: list[Blank] | None = None, covered: Coverage | None = None) -> KnownDays:
    return KnownDays(stored, max(stored, default=None), covered, blanks or [])


ALL = every(0, SPAN)
TODAY = ALL[-1]


def test_a_day_without_a_value_is_a_hole_from_two_days_on() -> None:
    for age in range(6):
        day = TODAY - age * DAY
        stored = frozenset(ALL) - {day}
        assert first_hole(ALL, known(stored), TODAY) == (day if age >= AGES[0] else None)


def test_it_is_asked_for_at_growing_ages_and_then_left() -> None:
    day = ALL[3]
    stored = frozenset(ALL) - {day}
    blanks: list[Blank] = []
    asked = []
    for age in range(400):
        today = day + age * DAY
        if first_hole([day], known(stored, blanks), today) == day:
            asked.append(age)
            blanks = blanks_after(blanks, [day], stored, today)
    assert asked == list(AGES)
    assert blanks == [Blank(day, day, AGES[-1])]


def test_what_lies_behind_the_newest_value_and_was_answered_is_today_s_work() -> None:
    stored = frozenset(ALL[:100])
    covered = Coverage(ALL[0], ALL[130])
    assert first_hole(ALL, known(stored, covered=covered), TODAY) == ALL[131]
    assert first_hole(ALL, known(stored), TODAY) == ALL[100]
    # Inside, an answer of before the value was lost says nothing.
    assert first_hole(ALL, known(stored - {ALL[50]}, covered=covered), TODAY) == ALL[50]


@given(stored=subsets, expected=st.lists(days, unique=True).map(sorted), age=st.integers(0, 200))
def test_one_answer_leaves_nothing_to_ask_for_and_no_stored_day_is_ever_asked_for(
    stored: frozenset[date], expected: list[date], age: int
) -> None:
    today = ALL[0] + age * DAY
    hole = first_hole(expected, known(stored), today)
    assert hole is None or (hole in expected and hole not in stored and hole <= today - AGES[0] * DAY)
    blanks = blanks_after([], expected, stored, today)
    assert first_hole(expected, known(stored, blanks), today) is None


@given(stored=subsets, lost=days)
def test_a_value_that_is_lost_is_a_hole_whatever_was_answered_before(stored: frozenset[date], lost: date) -> None:
    stored |= {lost}
    today = TODAY + 300 * DAY
    blanks = blanks_after([], ALL, stored, today)
    assert first_hole(ALL, known(stored - {lost}, blanks), today) == lost


@settings(max_examples=examples(100))
@given(answers=st.lists(st.tuples(days, days, st.integers(0, 40)), max_size=8), stored=subsets)
def test_after_any_answers_each_day_bears_the_greatest_age_it_was_answered_at(
    answers: list[tuple[date, date, int]], stored: frozenset[date]
) -> None:
    blanks: list[Blank] = []
    ages = dict.fromkeys(ALL, 0)
    today = EARLIEST
    for one, other, step in answers:
        today += step * DAY
        asked = [day for day in ALL if min(one, other) <= day <= max(one, other)]
        blanks = blanks_after(blanks, asked, stored, today)
        assert blanks_after(blanks, asked, stored, today) == blanks
        for day in asked:
            reached = max([0, *(age for age in AGES if age <= (today - day).days)])
            ages[day] = 0 if day in stored else max(ages[day], reached)
    assert all(before.last < after.first for before, after in pairwise(blanks))
    found = {day: blank.age for blank in blanks for day in ALL if blank.first <= day <= blank.last}
    assert found == {day: age for day, age in ages.items() if age}


def test_blanks_outside_of_an_answer_stay() -> None:
    wide = Blank(ALL[0], ALL[100], 56)
    asked = every(40, 60)
    after = blanks_after([wide], asked, frozenset({ALL[50]}), ALL[60] + 30 * DAY)
    assert after == [replace(wide, last=ALL[49]), Blank(ALL[51], ALL[100], 56)]
