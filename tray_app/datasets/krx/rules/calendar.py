"""The exchange's calendar: sessions are predicted, rows are the truth.

Prediction: every weekday is a session but public and bank holidays of South Korea (from the `holidays` library), 1 May
and the last weekday of the year. Checked against all 3,991 sessions of 2010-01-04..2026-03-20: no error. Source:
docs/sources/krx.md, "Calendar".

An empty answer of the KRX Open API proves nothing: a future day, a day not yet published, a wrong parameter and a
holiday look alike. It never closes a day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from tray_app.core.days import is_weekday
from tray_app.core.times import kst_instant, to_kst

EARLIEST = date(2010, 1, 4)
KONEX_OPENED = date(2013, 7, 1)
PUBLISHED_AT = time(8, 0)
# Measured: a day appears within the five minutes before. An hour later it is late no more, but missing.
PUBLICATION_GRACE = timedelta(hours=1)
REASK_FOR = timedelta(days=7)
# Holidays are announced weeks ahead; a day far beyond is a slip of the pen.
FORESEEN = timedelta(days=2 * 366)
LABOUR_DAY_NAME = "근로자의 날"
YEAR_END_NAME = "연말 휴장일"
DECLARED_NAME = "임시 휴장일"

_DAY = timedelta(days=1)

Closures = Mapping[date, str]


class DayState(StrEnum):
    """Whether the exchange traded."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"


class Evidence(StrEnum):
    """What a day's state rests on."""

    ROWS = "rows"
    WEEKEND = "weekend"
    PREDICTED_HOLIDAY = "predicted_holiday"
    PREDICTED_SESSION = "predicted_session"
    EMPTY_ANSWERS = "empty_answers"
    MANUAL = "manual"


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """One day with its state and the reason. A conflict means that rows came on a day predicted closed."""

    trade_date: date
    state: DayState
    evidence: Evidence
    holiday_name: str | None = None
    is_conflict: bool = False


class SessionWord(StrEnum):
    """What a person may say of a day; that it is as predicted takes back what was said before."""

    OPEN = "open"
    CLOSED = "closed"
    PREDICTED = "predicted"


@dataclass(frozen=True, slots=True)
class Declaration:
    """What a person says of a day that the prediction does not know, as of a temporary holiday that was announced."""

    trade_date: date
    is_open: bool
    note: str = ""


def declarable(today: date) -> tuple[date, date]:
    """Return the first and the last day of which a person may say something. today: the Korean date."""
    return EARLIEST, today + FORESEEN


def weekday_closures(year: int) -> dict[date, str]:
    """Return the weekdays of a year without a session and their Korean names.

    The first call imports the `holidays` library, which takes about half a second and 20 MB of memory (0.109); later
    years take a third of a millisecond each.
    """
    from holidays import country_holidays  # noqa: PLC0415 - only this rule needs the library

    named = country_holidays("KR", categories=("public", "bank"), years=year, language="ko")
    closures = {day: name for day, name in named.items() if day.year == year and is_weekday(day)}
    labour_day = date(year, 5, 1)
    if is_weekday(labour_day):
        closures.setdefault(labour_day, LABOUR_DAY_NAME)
    year_end = date(year, 12, 31)
    while not is_weekday(year_end):
        year_end -= _DAY
    closures.setdefault(year_end, YEAR_END_NAME)
    return dict(sorted(closures.items()))


class KrxCalendar:
    """Predicts sessions. Years are computed once per calendar."""

    def __init__(self) -> None:
        self._years: dict[int, Closures] = {}
        self._declared: Mapping[date, Declaration] = {}

    def declare(self, declared: Mapping[date, Declaration]) -> None:
        """Let what a person says of days stand for the prediction."""
        self._declared = dict(declared)

    def closures(self, year: int) -> Closures:
        """Return the weekdays of a year without a session and their names."""
        if year not in self._years:
            self._years[year] = weekday_closures(year)
        return self._years[year]

    def holiday_name(self, day: date) -> str | None:
        """Return the holiday a weekday is closed for; nothing for sessions and weekends."""
        if day in self._declared:
            declared = self._declared[day]
            return None if declared.is_open else declared.note or DECLARED_NAME
        return self.closures(day.year).get(day)

    def is_session(self, day: date) -> bool:
        """Whether a session is predicted, or declared."""
        if day in self._declared:
            return self._declared[day].is_open
        return is_weekday(day) and day not in self.closures(day.year)

    def sessions(self, first: date, last: date) -> list[date]:
        """Return the predicted sessions of a range, both ends included, oldest first."""
        days = (first + timedelta(days=offset) for offset in range((last - first).days + 1))
        return [day for day in days if self.is_session(day)]

    def next_session(self, day: date) -> date:
        """Return the first predicted session after a day."""
        day += _DAY
        while not self.is_session(day):
            day += _DAY
        return day

    def previous_session(self, day: date) -> date:
        """Return the last predicted session before a day."""
        day -= _DAY
        while not self.is_session(day):
            day -= _DAY
        return day

    def published_by(self, day: date) -> datetime:
        """Return the instant (UTC) by which the exchange publishes a day: 08:00 KST of the next session."""
        return kst_instant(self.next_session(day), PUBLISHED_AT)

    def may_be_empty(self, day: date, now: datetime, later_session: date | None) -> bool:
        """Whether an empty answer for a day is as it should be: it is closed, or by the clock not published yet.

        later_session: the first session after the day that rows are known of; the days before it are published.
        """
        if not self.is_session(day):
            return True
        return later_session is None and now < self.published_by(day) + PUBLICATION_GRACE

    def latest_publishable(self, now: datetime) -> date:
        """Return the last session that should be published at an instant."""
        korean = to_kst(now)
        morning = korean.date() if korean.time() >= PUBLISHED_AT else korean.date() - _DAY
        published_on = morning if self.is_session(morning) else self.previous_session(morning)
        return self.previous_session(published_on)

    def is_surely_closed(self, day: date, now: datetime) -> bool:
        """Whether a day is predicted closed and a later session should be published by now: only then is it closed.

        A day that a person declared closed is closed at once.
        """
        if day in self._declared:
            return not self._declared[day].is_open
        return not self.is_session(day) and now >= self.published_by(self.next_session(day))

    def asked_until(self, later_session: date) -> datetime:
        """Return the end (UTC) of asking for an empty day, once a later session was published with rows."""
        return self.published_by(later_session) + REASK_FOR

    def judge(self, day: date, now: datetime, *, rows_seen: bool = False, empty_answers: int = 0) -> CalendarDay:
        """Return a day's state from the prediction and what the source answered.

        rows_seen: stock or KOSPI index rows came for the day (never ETF or base info, which answer on holidays too).
        empty_answers: how often the answer was empty after the day should have been published.
        """
        name = self.holiday_name(day)
        if rows_seen:
            return CalendarDay(day, DayState.OPEN, Evidence.ROWS, name, is_conflict=not self.is_session(day))
        if day in self._declared:
            state = DayState.OPEN if self._declared[day].is_open else DayState.CLOSED
            return CalendarDay(day, state, Evidence.MANUAL, self._declared[day].note or None)
        if not is_weekday(day):
            return CalendarDay(day, DayState.CLOSED, Evidence.WEEKEND)
        if name is not None:
            state = DayState.CLOSED if self.is_surely_closed(day, now) else DayState.UNKNOWN
            return CalendarDay(day, state, Evidence.PREDICTED_HOLIDAY, name)
        evidence = Evidence.EMPTY_ANSWERS if empty_answers else Evidence.PREDICTED_SESSION
        return CalendarDay(day, DayState.UNKNOWN, evidence)
