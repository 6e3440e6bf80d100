"""When an observation becomes known to the index: at the end of its date, or so many business days later.

The catalogue's lag alone decides, never the day on which this computer first stored a value: two computers that hold
the same observations show the same index, whenever they were installed and however long they were off.
Source: docs/sources/liquidity.md, "Publication lags".
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from math import isfinite

from tray_app.datasets.liquidity.catalogue import MacroSeries
from tray_app.datasets.liquidity.rules.index_days import IndexDays
from tray_app.datasets.liquidity.rules.model import Observation


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
