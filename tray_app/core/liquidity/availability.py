"""When an observation became known to the index, so that no day ever sees what was published after it.

An observation counts from its date plus the lag of the catalogue in business days. The date we first stored it counts
only when that is earlier: a backfill, a late start or a long outage must not move history. Sources publish in the order
of dates, so what was out before a known observation was out by then, too.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

from tray_app.core.liquidity.business_days import BusinessDays
from tray_app.core.liquidity.catalogue import MacroSeries
from tray_app.core.liquidity.model import Observation

UNDATED = 1 << 30


@dataclass(frozen=True, slots=True)
class Track:
    """Values in the order of their dates, and of when they became known; the columns are equally long.

    ordinals are the observations' dates, numbers the business days they belong to, known the business days they count
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


def read_track(observations: Sequence[Observation], source: MacroSeries, days: BusinessDays, through: date) -> Track:
    """Return the finite observations dated up to a day; their order is irrelevant."""
    rows = sorted(
        [
            (each.observed.toordinal(), each.first_seen.toordinal() if each.first_seen else UNDATED, each.value)
            for each in observations
            if isfinite(each.value) and each.observed <= through
        ],
        reverse=True,
    )
    # One value a date; of two, the one seen first.
    kept = {ordinal: (seen, value) for ordinal, seen, value in rows}
    ordinals = list(reversed(kept))
    pairs = [kept[ordinal] for ordinal in ordinals]
    known = days.published(ordinals, source.lag)
    if any(seen < UNDATED for seen, _value in pairs):
        known = _seen_early(ordinals, [seen for seen, _value in pairs], known, days, through.toordinal())
    return Track(
        ordinals,
        days.numbers(ordinals),
        [value for _seen, value in pairs],
        known,
        [source.carry] * len(ordinals),
        [source.series_id] * len(ordinals),
    )


def _seen_early(
    ordinals: Sequence[int], first_seen: Sequence[int], published: Sequence[int], days: BusinessDays, through: int
) -> list[int]:
    """Return the business day each observation counts from, when some were seen before the lag says."""
    known: list[int] = []
    following = UNDATED
    for ordinal, seen, number in zip(reversed(ordinals), reversed(first_seen), reversed(published), strict=True):
        following = min(following, number)
        if seen <= through:
            # A clock that ran behind must not make a value known before its own date.
            following = min(following, days.at_or_after(max(seen, ordinal)))
        known.append(following)
    known.reverse()
    return known
