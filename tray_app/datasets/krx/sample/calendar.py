"""Sessions of the sample exchange and when their data comes out: as the program's own calendar predicts."""

import bisect
from datetime import date, datetime

from tray_app.datasets.krx.rules.calendar import EARLIEST, KrxCalendar

LAST_DAY = date(2029, 12, 31)


class SampleCalendar:
    """All sessions by number, 0 being the first of 2010."""

    def __init__(self) -> None:
        self._calendar = KrxCalendar()
        self.sessions = tuple(self._calendar.sessions(EARLIEST, LAST_DAY))
        self._numbers = {day: number for number, day in enumerate(self.sessions)}

    def number(self, day: date) -> int | None:
        """Return the number of a session, or None for a day without one."""
        return self._numbers.get(day)

    def at_or_after(self, day: date) -> int:
        """Return the number of the first session that is not before the day (how many there are, after the last)."""
        return bisect.bisect_left(self.sessions, day)

    def is_out(self, day: date, now: datetime) -> bool:
        """Return whether what there is for a day is published at an instant."""
        return self.sessions[0] <= day < self.sessions[-1] and now >= self._calendar.published_by(day)
