"""Business days of the United States, on which what the stress index is made of is published.

A business day is a weekday that is neither a holiday of the Federal Reserve nor a full holiday of the New York Stock
Exchange. Holidays follow the present rules back to 1986; single closures (mourning, storms, September 2001) are not in
them: nothing is observed on such a day, which the carrying of values covers.
"""

from collections.abc import Sequence
from datetime import date, timedelta

MONDAY, THURSDAY, FRIDAY, SATURDAY, SUNDAY = 0, 3, 4, 5, 6
ONE_DAY = timedelta(days=1)


class BusinessDays:
    """Counts business days between two dates; numbers start at 0 with the first business day of the span.

    Days go in as proleptic ordinals (date.toordinal), because whole series are counted at once.
    """

    def __init__(self, first: date, last: date) -> None:
        """Count from first to last, both included."""
        self._start = first.toordinal()
        closed = {each.toordinal() for year in range(first.year, last.year + 1) for each in holidays(year)}
        # Before the span's first business day the number is -1.
        self._before: list[int] = []
        self._after: list[int] = []
        self._ordinals: list[int] = []
        number, weekday = -1, first.weekday()
        for ordinal in range(self._start, last.toordinal() + 1):
            is_open = weekday < SATURDAY and ordinal not in closed
            if is_open:
                number += 1
                self._ordinals.append(ordinal)
            self._before.append(number)
            self._after.append(number if is_open else number + 1)
            weekday = (weekday + 1) % 7

    def __len__(self) -> int:
        return len(self._ordinals)

    def at_or_before(self, ordinal: int) -> int:
        """Return the number of the last business day that is not after the day."""
        return self._before[ordinal - self._start]

    def at_or_after(self, ordinal: int) -> int:
        """Return the number of the first business day that is not before the day."""
        return self._after[ordinal - self._start]

    def numbers(self, ordinals: Sequence[int]) -> list[int]:
        """Return the number of the last business day that is not after each day."""
        before, start = self._before, self._start
        return [before[ordinal - start] for ordinal in ordinals]

    def ordinal(self, number: int) -> int:
        """Return the day of a number."""
        return self._ordinals[number]


def holidays(year: int) -> tuple[date, ...]:
    """Return the holidays of a year on the days they are kept; a few fall on a Saturday."""
    return tuple(sorted((*exchange_holidays(year), *reserve_holidays(year))))


def reserve_holidays(year: int) -> tuple[date, ...]:
    """Return the days on which the exchange is open and the Federal Reserve is not: Columbus and Veterans Day."""
    return _nth(year, 10, MONDAY, 2), _kept(date(year, 11, 11), on_friday=False)


def exchange_holidays(year: int) -> list[date]:
    """Return the days on which the New York Stock Exchange is closed, on the days they are kept."""
    days = [
        _kept(date(year, 1, 1), on_friday=False),
        _nth(year, 1, MONDAY, 3),  # Martin Luther King
        _nth(year, 2, MONDAY, 3),  # Washington
        _easter(year) - 2 * ONE_DAY,  # Good Friday
        _nth(year, 6, MONDAY, 1) - 7 * ONE_DAY,  # Memorial Day, the last Monday of May
        _kept(date(year, 7, 4)),
        _nth(year, 9, MONDAY, 1),  # Labor Day
        _nth(year, 11, THURSDAY, 4),  # Thanksgiving
        _kept(date(year, 12, 25)),
    ]
    if year >= 2022:
        days.append(_kept(date(year, 6, 19)))  # Juneteenth
    return days


def _kept(day: date, *, on_friday: bool = True) -> date:
    """Return when a holiday of a fixed date is kept: Sunday's on Monday, Saturday's on Friday by the exchange."""
    if day.weekday() == SUNDAY:
        return day + ONE_DAY
    return day - ONE_DAY if day.weekday() == SATURDAY and on_friday else day


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _easter(year: int) -> date:
    """Return Easter Sunday (the anonymous Gregorian computus)."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, odd = divmod(century, 4)
    epact = (19 * golden + century - leap - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    quarter, left = divmod(rest, 4)
    sunday = (32 + 2 * odd + 2 * quarter - epact - left) % 7
    late = (golden + 11 * epact + 22 * sunday) // 451
    month, day = divmod(epact + sunday - 7 * late + 114, 31)
    return date(year, month, day + 1)
