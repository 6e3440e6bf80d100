"""What callers may write for days, names and forms, and what is made of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from tray_app.core.errors import BadInput
from tray_app.core.words import tr

OneDay = date | str
Day = OneDay | None
Names = str | Iterable[str] | None
Pandas = Literal["pandas"]
Arrow = Literal["arrow"]
Polars = Literal["polars"]
Form = Pandas | Arrow | Polars
Basis = Literal["end", "latest"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How rows are given: whether in spite of open errors, and adjusted by which factors."""

    allow_errors: bool
    adjusted: bool = False
    basis: str = "end"


def day_of(value: Day) -> date | None:
    """Return a day; of an instant its date. Raises BadInput for what is none."""
    if isinstance(value, datetime):
        return value.date()
    if value is None or isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise BadInput(
            tr("This is not a day"),
            tr("{value} is not a day.", value=repr(value)),
            tr("Write a date, or text like 2024-01-04."),
        ) from error


def one_day(value: OneDay) -> date:
    """Return a day that must be given. Raises BadInput."""
    day = day_of(value)
    if day is None:
        raise BadInput(tr("A day is missing"), tr("No day was given."), tr("Write a date, or text like 2024-01-04."))
    return day


def days_of(start: Day, end: Day) -> tuple[date | None, date | None]:
    """Return the first and the last day. Raises BadInput when the first lies after the last."""
    first, last = day_of(start), day_of(end)
    if first is not None and last is not None and first > last:
        raise BadInput(
            tr("The days cannot be used"),
            tr("The start {first} lies after the end {last}.", first=first, last=last),
            tr("Give the earlier day first."),
        )
    return first, last


def names_of(value: Names) -> tuple[str, ...] | None:
    """Return names without repetition, None for all of them. Raises BadInput for numbers: codes are text."""
    if value is None:
        return None
    names = tuple(dict.fromkeys([value] if isinstance(value, str) else value))
    wrong = [name for name in names if not isinstance(name, str)]
    if wrong:
        raise BadInput(
            tr("Codes and names are text"),
            tr("{value} is not text.", value=repr(wrong[0])),
            tr('Write codes as text with all their zeros, like "005930".'),
        )
    return names
