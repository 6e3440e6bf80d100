"""Sessions of the sample exchange and when their data comes out.

Open on weekdays that are no public or bank holiday, nor 1 May, nor the last weekday of a year. A session's data is
published at 08:00 Korean time of the following session.
"""

import bisect
from datetime import date, datetime, time, timedelta

from tray_app.core.times import KST

FIRST_YEAR, LAST_YEAR = 2010, 2029
PUBLICATION = time(8, 0)


class KrxCalendar:
    """All sessions by number, 0 being the first of 2010."""

    def __init__(self) -> None:
        self.sessions = _sessions()
        self._numbers = {day: number for number, day in enumerate(self.sessions)}

    def number(self, day: date) -> int | None:
        """Return the number of a session, or None for a day without one."""
        return self._numbers.get(day)

    def at_or_after(self, day: date) -> int:
        """Return the number of the first session that is not before the day (how many there are, after the last)."""
        return bisect.bisect_left(self.sessions, day)

    def last_before(self, day: date) -> int | None:
        """Return the number of the last session before a day."""
        return bisect.bisect_left(self.sessions, day) - 1 if day > self.sessions[0] else None

    def is_out(self, day: date, now: datetime) -> bool:
        """Return whether what there is for a day is published at an instant."""
        place = bisect.bisect_right(self.sessions, day)
        if place == len(self.sessions):
            return False
        return now >= datetime.combine(self.sessions[place], PUBLICATION, tzinfo=KST)


def _sessions() -> tuple[date, ...]:
    import holidays  # noqa: PLC0415 - half a second that only who asks for KRX pays

    closed = holidays.country_holidays(
        "KR", years=range(FIRST_YEAR, LAST_YEAR + 1), categories=("public", "bank"), language="en_US"
    )
    first = date(FIRST_YEAR, 1, 1)
    days = (first + timedelta(days=place) for place in range((date(LAST_YEAR + 1, 1, 1) - first).days))
    weekdays = [day for day in days if day.weekday() < 5]
    last_of_year = {day.year: day for day in weekdays}
    return tuple(
        day
        for day in weekdays
        if day not in closed and (day.month, day.day) != (5, 1) and day != last_of_year[day.year]
    )
