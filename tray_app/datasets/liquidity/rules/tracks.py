"""Stored values as the index hears them: when each becomes known, and which are in doubt.

A value is known at the end of its date, or so many business days later.

The catalogue's lag alone decides, never the day on which this computer first stored a value: two computers that hold
the same observations show the same index, whenever they were installed and however long they were off.
Source: docs/sources/liquidity.md, "Publication lags". What is in doubt is found in the stored values alone, and in the
order of their dates: no finding knows what came later.
"""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby, pairwise
from math import exp, isfinite, log

from tray_app.core.checks.value_rules import Sign, ValueRules, check_values
from tray_app.core.quality import ValueCode
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.catalogue import MacroSeries
from tray_app.datasets.liquidity.rules.index_days import IndexDays
from tray_app.datasets.liquidity.rules.model import Observation

# A limit of a logarithm as a limit of a ratio: whatever rounding does to it, the rules themselves decide.
CAUTION = 1e-9


@dataclass(frozen=True, slots=True)
class Track:
    """Values in the order of their dates, and of when they become known; the columns are equally long.

    ordinals are the observations' dates, numbers the business days they belong to, known the index days they count
    from, carries for how many business days they then hold, sources the stored series they came from.
    """

    ordinals: Sequence[int]
    numbers: Sequence[int]
    values: Sequence[float]
    known: Sequence[int]
    carries: Sequence[int]
    sources: Sequence[str]

    def with_values(self, values: Sequence[float]) -> "Track":
        """Return the same observations saying something else."""
        return replace(self, values=values)


def read_track(observations: Sequence[Observation], source: MacroSeries, days: IndexDays, through: date) -> Track:
    """Return the finite observations dated up to a day, whatever their order; of two of a date the lower counts."""
    rows = sorted(
        [(each.observed.toordinal(), each.value) for each in observations if isfinite(each.value)], reverse=True
    )
    last = through.toordinal()
    kept = {ordinal: value for ordinal, value in rows if ordinal <= last}
    ordinals = list(reversed(kept))
    return Track(
        ordinals,
        days.business.numbers(ordinals),
        [kept[ordinal] for ordinal in ordinals],
        days.known(ordinals, source),
        [source.carry] * len(ordinals),
        [source.series_id] * len(ordinals),
    )


def places_in_doubt(track: Track, rules: ValueRules) -> dict[int, ValueCode]:
    """Return the dates (ordinals) of values that break a rule of their series."""
    if _is_plain(track, rules):
        return {}
    points = [
        SeriesPoint(date.fromordinal(ordinal), value)
        for ordinal, value in zip(track.ordinals, track.values, strict=True)
    ]
    return {each.day.toordinal(): each.code for each in check_values("", points, rules) if each.day is not None}


def without_jumps(prices: Track, doubts: dict[int, ValueCode]) -> Track:
    """Return prices that stand still on the days of jumps.

    After the seam of a history that was divided in part, prices go on from the level before it, on a scale of their
    own; after a single wrong close they go on as they were.
    """
    jumps = {ordinal for ordinal, code in doubts.items() if code is ValueCode.VALUE_JUMP}
    if not jumps:
        return prices
    result: list[float] = []
    scale, trusted, before = 1.0, prices.values[0], prices.values[0]
    for ordinal, value in zip(prices.ordinals, prices.values, strict=True):
        if ordinal in jumps:
            result.append(result[-1])
            before = value
            continue
        if before != trusted and abs(log(value / before)) < abs(log(value / trusted)):
            scale = result[-1] / before
        result.append(value * scale)
        trusted = before = value
    return prices.with_values(result)


def _is_plain(track: Track, rules: ValueRules) -> bool:
    """Whether nothing can be found of values, said quickly: most series never break a rule."""
    return _is_within(track.values, rules) and _is_steady(
        track.values[max(0, bisect_left(track.ordinals, rules.judged_from.toordinal()) - 1) :], rules
    )


def _is_within(values: Sequence[float], rules: ValueRules) -> bool:
    low, high = min(values, default=rules.high), max(values, default=rules.low)
    if low < rules.low or high > rules.high or (rules.sign is not Sign.ANY and low < 0.0):
        return False
    return rules.sign is not Sign.POSITIVE or low > 0.0


def _is_steady(values: Sequence[float], rules: ValueRules) -> bool:
    """Whether values neither jump nor stand still."""
    if rules.frozen and max((sum(1 for _each in run) for _value, run in groupby(values)), default=0) >= rules.frozen:
        return False
    if rules.is_relative:
        most = exp(rules.jump) * (1.0 - CAUTION)
        return all(after <= most * before and before <= most * after for before, after in pairwise(values))
    return all(-rules.jump <= after - before <= rules.jump for before, after in pairwise(values))
