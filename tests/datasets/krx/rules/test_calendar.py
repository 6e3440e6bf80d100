import subprocess
import sys
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.rules.kit import at, needs_recordings, recorded_sessions
from tray_app.core.times import kst_date
from tray_app.datasets.krx.rules.calendar import (
    CalendarDay,
    DayState,
    Evidence,
    KrxCalendar,
    weekday_closures,
)

DAYS = st.dates(date(2010, 1, 4), date(2030, 12, 31))
CALENDAR = KrxCalendar()


@needs_recordings
def test_every_recorded_session_is_predicted_and_no_other() -> None:
    recorded = recorded_sessions()
    assert len(recorded) == 3_991
    assert CALENDAR.sessions(date(2010, 1, 4), date(2026, 3, 20)) == recorded


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2026, 6, 3), "지방선거일"),
        (date(2026, 7, 17), "제헌절"),
        (date(2027, 5, 3), None),
        (date(2026, 12, 31), "연말 휴장일"),
        (date(2019, 5, 1), None),
        (date(2016, 12, 30), "연말 휴장일"),
        (date(2028, 4, 12), None),
    ],
)
def test_closed_days_have_a_name(day: date, name: str | None) -> None:
    assert not CALENDAR.is_session(day)
    assert CALENDAR.holiday_name(day)
    if name is not None:
        assert CALENDAR.holiday_name(day) == name


@pytest.mark.parametrize(("year", "sessions"), [(2026, 244), (2027, 245)])
def test_years_have_the_sessions_the_exchange_announced(year: int, sessions: int) -> None:
    assert len(CALENDAR.sessions(date(year, 1, 1), date(year, 12, 31))) == sessions


def test_closures_are_weekdays_in_order() -> None:
    closures = weekday_closures(2024)
    assert list(closures) == sorted(closures)
    assert {day.year for day in closures} == {2024}
    assert all(day.weekday() < 5 for day in closures)
    assert closures[date(2024, 5, 1)].startswith("근로자")


def test_a_labour_day_on_a_weekend_closes_nothing() -> None:
    assert date(2021, 5, 1) not in weekday_closures(2021)


def test_a_year_is_computed_once() -> None:
    calendar = KrxCalendar()
    assert calendar.closures(2021) is calendar.closures(2021)


def test_importing_the_rules_does_not_import_the_library() -> None:
    code = "import sys, tray_app.datasets.krx.rules.ledger; sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_friday_is_published_on_monday_morning() -> None:
    assert CALENDAR.published_by(date(2024, 1, 5)) == at(date(2024, 1, 8), 8)


def test_the_session_before_new_year_is_published_in_the_new_year() -> None:
    assert CALENDAR.published_by(date(2025, 12, 30)) == at(date(2026, 1, 2), 8)


@pytest.mark.parametrize(
    ("day", "hour", "minute", "latest"),
    [
        (date(2024, 1, 8), 7, 59, date(2024, 1, 4)),
        (date(2024, 1, 8), 8, 0, date(2024, 1, 5)),
        (date(2024, 1, 7), 12, 0, date(2024, 1, 4)),
        (date(2024, 1, 9), 0, 0, date(2024, 1, 5)),
        (date(2024, 5, 1), 9, 0, date(2024, 4, 29)),
    ],
)
def test_the_latest_published_session(day: date, hour: int, minute: int, latest: date) -> None:
    assert CALENDAR.latest_publishable(at(day, hour, minute)) == latest


@given(DAYS, st.integers(0, 23))
def test_the_latest_published_session_is_the_last_whose_time_has_come(day: date, hour: int) -> None:
    now = at(day, hour)
    latest = CALENDAR.latest_publishable(now)
    assert CALENDAR.published_by(latest) <= now < CALENDAR.published_by(CALENDAR.next_session(latest))
    assert latest < kst_date(now)


@given(DAYS, DAYS)
def test_sessions_of_a_range_are_the_days_called_sessions(first: date, last: date) -> None:
    sessions = CALENDAR.sessions(first, last)
    assert sessions == sorted(sessions)
    assert all(CALENDAR.is_session(day) and first <= day <= last for day in sessions)
    if sessions:
        assert CALENDAR.previous_session(sessions[0]) < first
        assert CALENDAR.next_session(sessions[-1]) > last


SESSION, HOLIDAY, SUNDAY = date(2026, 6, 2), date(2026, 6, 3), date(2026, 6, 7)


@pytest.mark.parametrize("day", [SESSION, HOLIDAY, SUNDAY])
def test_rows_win_over_every_prediction(day: date) -> None:
    judged = CALENDAR.judge(day, at(day), rows_seen=True)
    assert (judged.state, judged.evidence) == (DayState.OPEN, Evidence.ROWS)
    assert judged.is_conflict == (day != SESSION)


def test_a_weekend_is_closed_at_once() -> None:
    assert CALENDAR.judge(SUNDAY, at(SUNDAY)) == CalendarDay(SUNDAY, DayState.CLOSED, Evidence.WEEKEND)


def test_a_holiday_is_closed_once_a_later_session_is_published() -> None:
    early = CALENDAR.judge(HOLIDAY, at(date(2026, 6, 5), 7, 59))
    assert (early.state, early.evidence) == (DayState.UNKNOWN, Evidence.PREDICTED_HOLIDAY)
    late = CALENDAR.judge(HOLIDAY, at(date(2026, 6, 5), 8))
    assert (late.state, late.holiday_name) == (DayState.CLOSED, "지방선거일")


@given(DAYS, st.integers(0, 400), st.integers(0, 1_000))
def test_empty_answers_never_close_a_predicted_session(day: date, days_later: int, empty_answers: int) -> None:
    judged = CALENDAR.judge(day, at(day) + timedelta(days=days_later), empty_answers=empty_answers)
    if CALENDAR.is_session(day):
        assert judged.state is DayState.UNKNOWN
        expected = Evidence.EMPTY_ANSWERS if empty_answers else Evidence.PREDICTED_SESSION
        assert judged.evidence is expected
    else:
        assert judged.state is not DayState.OPEN


def test_an_empty_day_is_asked_for_seven_days_after_a_later_one_was_published() -> None:
    assert CALENDAR.asked_until(date(2024, 1, 8)) == at(date(2024, 1, 16), 8)
