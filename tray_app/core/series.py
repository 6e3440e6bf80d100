"""A daily or weekly series as its source gives it."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One value of a series on the source's own date."""

    date: date
    value: float
