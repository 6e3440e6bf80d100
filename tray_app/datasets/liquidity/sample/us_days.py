"""Working days in the United States by rule: of the bond market and the Fed's releases, and of the stock exchanges."""

import functools
from collections.abc import Iterator
from datetime import date, timedelta

_SATURDAY = 5
_ONE = timedelta(days=1)


def is_bond_day(day: date) -> bool:
    """Return whether the Fed and the bond market work."""
    return day.weekday() < _SATURDAY and day not in bond_holidays(day.year)


def is_exchange_day(day: date) -> bool:
    """Return whether the stock exchanges trade."""
    return day.weekday() < _SATURDAY and day not in exchange_holidays(day.year)


def later(day: date, working_days: int) -> date:
    """Return the working day so many after a day; 0 gives the day itself, whatever it is."""
    for _ in range(working_days):
        day += _ONE
        while not is_bond_day(day):
            day += _ONE
    return day


@functools.cache
def bond_holidays(year: int) -> frozenset[date]:
    """Return the federal holidays of a year, on the days they are kept."""
    days = {_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _nth(year, 9, 0, 1), _nth(year, 10, 0, 2), _nth(year, 11, 3, 4)}
    days.add(_last_monday_of_may(year))
    days.update(_kept(year, *place) for place in ((1, 1), (7, 4), (11, 11), (12, 25)))
    if year >= 2021:
        days.add(_kept(year, 6, 19))
    return frozenset(days)


@functools.cache
def exchange_holidays(year: int) -> frozenset[date]:
    """Return the days of a year on which the stock exchanges stay closed though it is not a weekend."""
    own = {_nth(year, 10, 0, 2), _kept(year, 11, 11)}
    if year < 1998:
        own.add(_nth(year, 1, 0, 3))
    kept_on_friday = {day - _ONE for day in (date(year, 7, 4), date(year, 12, 25)) if day.weekday() == _SATURDAY}
    return (bond_holidays(year) - own) | kept_on_friday | {_easter(year) - 2 * _ONE}


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield the dates from the first to the last, both included."""
    for number in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(number)


def _nth(year: int, month: int, weekday: int, count: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (count - 1))


def _last_monday_of_may(year: int) -> date:
    last = date(year, 5, 31)
    return last - timedelta(days=last.weekday())


def _kept(year: int, month: int, day: int) -> date:
    """Return the day a holiday is kept: on Monday when it falls on a Sunday."""
    holiday = date(year, month, day)
    return holiday + _ONE if holiday.weekday() == 6 else holiday


def _easter(year: int) -> date:
    """Return Easter Sunday by the rule of Butcher, exact from 1583 on."""
    golden = year % 19
    century, rest = divmod(year, 100)
    leap, skipped = divmod(century, 4)
    correction = (century - (century + 8) // 25 + 1) // 3
    moon = (19 * golden + century - leap - correction + 15) % 30
    weekday = (32 + 2 * skipped + 2 * (rest // 4) - moon - rest % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)
