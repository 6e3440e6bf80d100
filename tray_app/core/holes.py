"""Which days of a series lack their value: holes, asked for until their source has had its time to fill them.

Sources fill in late: a day that should have a value and has none is asked for at growing ages. What a source has
answered without a value so long after the day, it does not have: a holiday, or a paper that nobody traded.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tray_app.core.coverage import Coverage

# How old a day is when it is asked for, in days; what is not filled at the last of these ages stays as it is.
AGES = (2, 14, 21, 28, 56, 112)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Blank:
    """Days in a row that should have a value; their source has answered without one when all were so many days old."""

    first: date
    last: date
    age: int


@dataclass(frozen=True, slots=True)
class KnownDays:
    """What is known of a series' days.

    stored have a value, newest is the last of them; covered are those that the source was asked for and has answered;
    blanks are ascending.
    """

    stored: Collection[date]
    newest: date | None
    covered: Coverage | None
    blanks: Sequence[Blank]


def first_hole(expected: Iterable[date], known: KnownDays, today: date) -> date | None:
    """Return the first of the days that should have a value that is to be asked for; nothing when none is.

    Days behind the newest value that the source has answered for are left to the runs of the day.
    """
    stored, age_of = known.stored, _Ages(known.blanks)
    for day in expected:
        if day in stored or _is_left_to_today(day, known):
            continue
        if _age_asked(day, today) > age_of(day):
            return day
    return None


def blanks_after(blanks: Sequence[Blank], asked: Sequence[date], stored: Collection[date], today: date) -> list[Blank]:
    """Return the blanks of a series after an answer, ascending.

    asked: the days that should have a value and the answer spoke of, ascending; stored: those that have one now.
    """
    if not asked:
        return list(blanks)
    age_of = _Ages(blanks)
    found = [each for blank in blanks for each in _outside(blank, asked[0], asked[-1])]
    run: Blank | None = None
    for day in asked:
        age = 0 if day in stored else max(_age_asked(day, today), age_of(day))
        if run is not None and age == run.age:
            run = Blank(run.first, day, age)
            continue
        found += [run] if run is not None else []
        run = Blank(day, day, age) if age else None
    found += [run] if run is not None else []
    return _joined(sorted(found, key=lambda blank: blank.first))


def _is_left_to_today(day: date, known: KnownDays) -> bool:
    if known.covered is None or (known.newest is not None and day <= known.newest):
        return False
    return known.covered.first <= day <= known.covered.last


def _age_asked(day: date, today: date) -> int:
    """Return the last age that a day has reached at which it is asked for; 0 before the first."""
    place = bisect_right(AGES, (today - day).days)
    return AGES[place - 1] if place else 0


class _Ages:
    """Finds the age at which a day was answered without a value; 0 when it was not."""

    def __init__(self, blanks: Sequence[Blank]) -> None:
        self._blanks = blanks
        self._firsts = [blank.first for blank in blanks]

    def __call__(self, day: date) -> int:
        place = bisect_right(self._firsts, day)
        if not place or self._blanks[place - 1].last < day:
            return 0
        return self._blanks[place - 1].age


def _outside(blank: Blank, first: date, last: date) -> Iterable[Blank]:
    if blank.first < first:
        yield Blank(blank.first, min(blank.last, first - ONE_DAY), blank.age)
    if blank.last > last:
        yield Blank(max(blank.first, last + ONE_DAY), blank.last, blank.age)


def _joined(blanks: Sequence[Blank]) -> list[Blank]:
    joined: list[Blank] = []
    for blank in blanks:
        before = joined[-1] if joined else None
        if before is not None and before.age == blank.age and before.last + ONE_DAY == blank.first:
            joined[-1] = Blank(before.first, blank.last, blank.age)
        else:
            joined.append(blank)
    return joined
