"""Days as numbers since 1970-01-01, the form of the big tables, and which of them are weekdays."""

from datetime import date

_EPOCH = date(1970, 1, 1).toordinal()
_SATURDAY = 5


def day_number(day: date) -> int:
    """Return the number of a day."""
    return day.toordinal() - _EPOCH


def day_of(number: int) -> date:
    """Return the day of a number."""
    return date.fromordinal(number + _EPOCH)


def is_weekday(day: date) -> bool:
    """Whether a day is one of Monday to Friday."""
    return day.weekday() < _SATURDAY
