"""Working days in the United States: of the bond market and the Fed's releases, and of the stock exchanges."""

import functools
from datetime import date, timedelta

from tray_app.datasets.liquidity.rules.business_days import exchange_holidays, reserve_holidays

_MONDAY, _FRIDAY, _SATURDAY = 0, 4, 5
_ONE = timedelta(days=1)


def is_bond_day(day: date) -> bool:
    """Return whether the Fed and the bond market work: on Good Friday, and where a holiday falls on a Saturday."""
    if day.weekday() >= _SATURDAY or day in reserve_holidays(day.year):
        return False
    # Of the exchanges' holidays only Good Friday falls into March or April.
    is_kept_early = day.weekday() == _FRIDAY and (day.month, day.day) in {(7, 3), (12, 24)}
    return day not in _exchange_holidays(day.year) or day.month in {3, 4} or is_kept_early


def is_exchange_day(day: date) -> bool:
    """Return whether the stock exchanges trade."""
    return day.weekday() < _SATURDAY and (day not in _exchange_holidays(day.year) or _is_before_king(day))


def later(day: date, working_days: int) -> date:
    """Return the working day so many after a day; 0 gives the day itself, whatever it is."""
    for _ in range(working_days):
        day += _ONE
        while not is_bond_day(day):
            day += _ONE
    return day


def _is_before_king(day: date) -> bool:
    """Whether it is a third Monday of January on which the exchanges still traded: they rest on it since 1998."""
    return day.year < 1998 and day.month == 1 and day.weekday() == _MONDAY and 15 <= day.day <= 21


@functools.cache
def _exchange_holidays(year: int) -> frozenset[date]:
    return frozenset(exchange_holidays(year))
