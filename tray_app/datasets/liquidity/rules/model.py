"""The stress index: its categories, bands and days."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum


class Category(StrEnum):
    """The parts of the index, in the order they are shown."""

    FUNDING = "funding"
    RATES = "rates"
    CREDIT = "credit"
    EQUITY = "equity"
    FINANCIALS = "financials"
    DOLLAR = "dollar"


class Band(StrEnum):
    """How much stress a z means."""

    CALM = "calm"
    WATCH = "watch"
    ELEVATED = "elevated"
    HIGH = "high"
    SEVERE = "severe"


@dataclass(frozen=True, slots=True)
class Observation:
    """A value of a series on the date it is of."""

    observed: date
    value: float


@dataclass(frozen=True, slots=True)
class InputReading:
    """What an input said on an index day: its value, its z (sign: + is stress), and how old it was.

    series is the stored series it came from (the first of them for a spread), observed its date, age in business days
    since the observation became available.
    """

    name: str
    series: str
    value: float
    z: float
    observed: date
    age: int


@dataclass(frozen=True, slots=True)
class CategoryDay:
    """A category on an index day; contribution is weight x z over the available weight, and adds up to the index."""

    category: Category
    z: float
    weight: float
    contribution: float
    inputs: tuple[InputReading, ...]


@dataclass(frozen=True, slots=True)
class StressFigures:
    """The index on one weekday of New York at its end, without what it is made of.

    z is the primary number; score is its expanding percentile (0 to 100); breadth the CISS companion in [0, 1], nothing
    while the correlations warm up; coverage the available weight (0 to 1); repo_flag whether the repo market is tight,
    with a label such as quarter-end. The newest day is provisional until every input due by its end is in; a day
    is in doubt when an input is made of a value that breaks its series' rules.
    """

    date: date
    z: float
    score: float
    band: Band
    breadth: float | None
    coverage: float
    repo_flag: bool
    repo_label: str
    is_provisional: bool = field(default=False, kw_only=True)
    is_in_doubt: bool = field(default=False, kw_only=True)


@dataclass(frozen=True, slots=True)
class StressDay(StressFigures):
    """The index on one weekday with its categories and their inputs."""

    categories: tuple[CategoryDay, ...]

    @property
    def contributions(self) -> Mapping[Category, float]:
        """Return each available category's part of z."""
        return {each.category: each.contribution for each in self.categories}
