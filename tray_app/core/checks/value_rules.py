"""What the values of a series may be: sign, range, jumps and standing still, as its line in a catalogue declares.

The rules only tell: a value in doubt is stored and stands among the quality issues of its dataset until a later answer
corrects it. What cannot be at all is no row (core.row_faults).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise
from math import inf, log, sqrt
from statistics import median

from tray_app.core.quality import Finding, ValueCode
from tray_app.core.series import SeriesPoint
from tray_app.core.words import tr

# A jump is judged by the changes before it: by so many of them, and by none when fewer than the least are known.
CHANGES = 250
LEAST_CHANGES = 20
# No usual step from one value to the next is longer: a week.
USUAL_DAYS = 7
# A normal distribution's deviation by the distance from its middle that half, or nine tenths, of it lie within.
HALF_WITHIN = 1 / 0.6745
NINE_TENTHS_WITHIN = 1 / 1.6449


class Sign(StrEnum):
    """Which signs a series' values can have."""

    ANY = "any"
    NOT_NEGATIVE = "not negative"
    POSITIVE = "positive"


@dataclass(frozen=True, slots=True)
class ValueRules:
    """A series' rules.

    low and high: the range no value has ever come near the ends of. jump: a change from one value to the next is told
    when it is larger than this and than `deviations` robust deviations of the changes before it; relative ones are of
    logarithms (for positive series), others in the series' units. frozen: so many equal values in a row are told;
    0 where a series may stand still for as long as it likes. judged_from: before it the series was too young for jumps
    and standing still to mean anything.
    """

    sign: Sign = Sign.ANY
    low: float = -inf
    high: float = inf
    jump: float = inf
    deviations: float = 10.0
    is_relative: bool = False
    frozen: int = 0
    judged_from: date = date.min


def check_values(
    subject: str, points: Sequence[SeriesPoint], rules: ValueRules, since: date = date.min
) -> tuple[Finding, ...]:
    """Return what the rules find on the days from `since` on; the points before it, oldest first, are what is usual."""
    found = [finding for point in points if point.date >= since for finding in _alone(subject, point, rules)]
    judged_from = max(since, rules.judged_from)
    found += _jumps(subject, points, rules, judged_from)
    found += _frozen(subject, points, rules, judged_from)
    return tuple(found)


def _alone(subject: str, point: SeriesPoint, rules: ValueRules) -> list[Finding]:
    value = point.value
    if (rules.sign is not Sign.ANY and value < 0) or (rules.sign is Sign.POSITIVE and value == 0):
        return [Finding(subject, ValueCode.VALUE_SIGN, tr("{value:g} cannot be", value=value), point.date)]
    if not rules.low <= value <= rules.high:
        detail = tr("{value:g} is not within {low:g} and {high:g}", value=value, low=rules.low, high=rules.high)
        return [Finding(subject, ValueCode.VALUE_RANGE, detail, point.date)]
    return []


def _jumps(subject: str, points: Sequence[SeriesPoint], rules: ValueRules, since: date) -> list[Finding]:
    if rules.jump == inf:
        return []
    usable = [point for point in points if not rules.is_relative or point.value > 0]
    levels = [log(point.value) if rules.is_relative else point.value for point in usable]
    changes = [after - before for before, after in pairwise(levels)]
    if max(map(abs, changes), default=0.0) <= rules.jump:
        return []
    found = []
    # Of a spike only the value itself is in doubt: the next one is judged by the value before it, too.
    trusted = 0
    for place in range(1, len(usable)):
        known = changes[max(0, place - 1 - CHANGES) : place - 1]
        if all(_is_jump(usable, levels, known, base, place, rules) for base in {trusted, place - 1}):
            point, before = usable[place], usable[trusted]
            detail = tr("{before:g} on {day}, then {value:g}", before=before.value, day=before.date, value=point.value)
            if point.date >= since:
                found.append(Finding(subject, ValueCode.VALUE_JUMP, detail, point.date))
        else:
            trusted = place
    return found


def _is_jump(  # noqa: PLR0913, PLR0917 - a change and what it is judged by, each plain
    points: Sequence[SeriesPoint],
    levels: Sequence[float],
    known: Sequence[float],
    base: int,
    place: int,
    rules: ValueRules,
) -> bool:
    # Over a hole in the series more may have happened, as over more days of a random walk.
    wider = sqrt(max(1.0, (points[place].date - points[base].date).days / USUAL_DAYS))
    change = abs(levels[place] - levels[base])
    if change <= rules.jump * wider or len(known) < LEAST_CHANGES:
        return False
    return change > rules.deviations * _deviation(known) * wider


def _deviation(changes: Sequence[float]) -> float:
    """Return the usual size of a change, that a tenth of them being wild hardly moves."""
    middle = median(changes)
    distances = sorted(abs(change - middle) for change in changes)
    # The median alone is next to nothing where most changes are alike and the others are not rare.
    return max(HALF_WITHIN * median(distances), NINE_TENTHS_WITHIN * distances[len(distances) * 9 // 10])


def _frozen(subject: str, points: Sequence[SeriesPoint], rules: ValueRules, since: date) -> list[Finding]:
    """Return one finding a run of equal values, on the day it became too long."""
    found = []
    length, last = 0, None
    for point in points:
        length = length + 1 if point.value == last else 1
        last = point.value
        if rules.frozen and length == rules.frozen and point.date >= since:
            detail = tr("{value:g} for {count} values in a row", value=point.value, count=length)
            found.append(Finding(subject, ValueCode.VALUE_FROZEN, detail, point.date))
    return found
