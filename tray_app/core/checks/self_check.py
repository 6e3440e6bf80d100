"""The monthly self-check: a random sample of old days is asked for again, and what differs is told.

Pure: the sample follows from what is stored and the day it is due, so that a kill in between changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from tray_app.core.model import CollectorName, Window

EVERY = timedelta(days=30)
MOST_CALLS = 20


@dataclass(frozen=True, slots=True)
class SelfCheck:
    """How many old days of a dataset are asked for again at a check, and the most calls that one may cost."""

    days: int = 0
    calls: int = 1


@dataclass(frozen=True, slots=True)
class Checkable:
    """A series or market whose stored days can be asked for again now, ascending.

    is_of_one_day: a call brings one day; else everything from a day on.
    """

    subject: str
    days: Sequence[date]
    is_of_one_day: bool = False


def due_on(checked_on: date | None, today: date) -> date | None:
    """Return the day the check has been due since; nothing when it is not, or no time has been kept to count from."""
    if checked_on is None or today < checked_on + EVERY:
        return None
    return checked_on + EVERY


def sample(
    name: CollectorName, days: int, checkable: Sequence[Checkable], due: date, now: datetime
) -> tuple[Window, ...]:
    """Return what is asked for again of a dataset at `now`, by the day the check is due; of so many days at most."""
    choose = Random(f"{name} {due}")  # noqa: S311 - a sample, nothing that must not be guessed
    known = sorted((each for each in checkable if each.days), key=lambda each: each.subject)
    chosen = choose.sample(known, min(len(known), days))
    return tuple(_window(each, choose.choice(each.days), now) for each in chosen)


def _window(checkable: Checkable, day: date, now: datetime) -> Window:
    return Window(day, day if checkable.is_of_one_day else None, again_since=now, only=checkable.subject)
