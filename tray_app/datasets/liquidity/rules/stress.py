"""The stress index: six categories of dollar markets, as one number that can be taken apart again.

Method, step by step:

1. Day D is New York's day D at its end (index_days.py). Market closes count on their own date, every other input from
   the day it was published (tracks.py); each is carried for at most 5 business days, 10 for weekly batches. A
   holiday on which nothing comes repeats the day before.
2. z: distance from the expanding mean in expanding deviations, at least 252 observations, clipped to [-3, 6]
   (readings.py). No number knows the future: data up to a day give that day's index bit for bit.
3. A category is the mean of its inputs' z; funding is the mean of its two largest, because money markets break in one
   place at a time.
4. The index is the weighted mean of the available categories and is published from half of the weight. Its
   contributions add up to it, as the categories of the OFR Financial Stress Index do (Monin, "The OFR Financial Stress
   Index", Risks 7(1):25, 2019). The choice of inputs follows it, the St. Louis Fed index (STLFSI4: rates, spreads,
   volatilities) and the CISS (volatilities and CMAX); the weights favour what money and credit indices weigh most.
5. The score is the expanding percentile of z. Bands are on z, so a quiet decade does not move them.
6. Companions outside the index: breadth (breadth.py) and the repo flag (repo.py).
7. A price that moved as no market ever did stands still that day (tracks.py); days made of any value in doubt say so.

What was measured and tried: docs/sources/liquidity.md, "Stress index"; the papers: there, "Papers".
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeAlias

from tray_app.datasets.liquidity.rules.breadth import Breadth, ExpandingRank
from tray_app.datasets.liquidity.rules.index_days import IndexDays
from tray_app.datasets.liquidity.rules.inputs import INPUT_SERIES, REPO_SPREAD, repo_tail, stress_inputs
from tray_app.datasets.liquidity.rules.model import Band, Category, CategoryDay, InputReading, Observation, StressDay
from tray_app.datasets.liquidity.rules.readings import CarriedValue, held, readings
from tray_app.datasets.liquidity.rules.repo import RepoLabel, repo_is_tight, repo_label
from tray_app.datasets.liquidity.rules.stored_tracks import StoredTracks

__all__ = ["BANDS", "BAND_EDGES", "INPUT_SERIES", "WEIGHTS", "band_of", "stress_history"]

# Upper edges of the bands in z, each edge still inside; above the last one is severe.
BAND_EDGES: tuple[float, ...] = (0.0, 0.5, 1.0, 2.0)
BANDS: tuple[Band, ...] = (Band.CALM, Band.WATCH, Band.ELEVATED, Band.HIGH, Band.SEVERE)
# Hundredths, so that half of the weight is exactly half.
WEIGHTS: Mapping[Category, int] = {
    Category.FUNDING: 20,
    Category.RATES: 10,
    Category.CREDIT: 25,
    Category.EQUITY: 20,
    Category.FINANCIALS: 15,
    Category.DOLLAR: 10,
}
PUBLISHED_FROM = 50
# A category's z and what it is the mean of.
_Part: TypeAlias = tuple[float, tuple[InputReading, ...]]


def stress_history(series: Mapping[str, Sequence[Observation]], through: date) -> tuple[StressDay, ...]:
    """Return the index on every weekday from the first publishable one to through, oldest first.

    series holds stored observations by the catalogue's series id, in any order; only INPUT_SERIES are read.
    """
    starts = [each.observed for name in INPUT_SERIES for each in series.get(name, ()) if each.observed <= through]
    if not starts:
        return ()
    days = IndexDays(min(starts), through)
    stored = StoredTracks(series, days, through)
    sources = stress_inputs(stored.tracks)
    inputs = [(source, readings(source, days)) for source in sources]
    (spreads,) = (each for source, each in inputs if source.name == REPO_SPREAD)
    index = _Index(days, spreads, held(repo_tail(stored.tracks), days), stored.days_in_doubt(sources))
    parts = [_parts(name, [each for source, each in inputs if source.category is name]) for name in Category]
    return tuple(index.days(zip(*parts, strict=True)))


def band_of(z: float) -> Band:
    """Return the band of an index value."""
    return BANDS[bisect_left(BAND_EDGES, z)]


def _parts(category: Category, inputs: Sequence[Sequence[InputReading | None]]) -> Iterator[_Part | None]:
    """Yield a category's z and inputs day by day, nothing where none of its inputs says anything."""
    for row in zip(*inputs, strict=True):
        said = tuple([each for each in row if each is not None])
        yield (_category_z(category, [each.z for each in said]), said) if said else None


def _category_z(category: Category, scores: Sequence[float]) -> float:
    if category is Category.FUNDING:
        scores = sorted(scores)[-2:]
    return sum(scores) / len(scores)


class _Index:
    """The index in the making, day by day in order: what it has seen decides the next day's score and breadth."""

    def __init__(
        self,
        days: IndexDays,
        spreads: Sequence[InputReading | None],
        tails: Sequence[CarriedValue | None],
        doubted: Collection[int],
    ) -> None:
        self._days = days
        self._spreads = spreads
        self._tails = tails
        self._doubted = doubted
        self._ranks = ExpandingRank()
        self._breadth = Breadth(len(Category))

    def days(self, parts: Iterable[tuple[_Part | None, ...]]) -> Iterator[StressDay]:
        """Yield the days on which enough is available, from what each category says on every day."""
        day: StressDay | None = None
        before: tuple[_Part | None, ...] = ()
        for number, said in enumerate(parts):
            if day is not None and self._days.is_holiday(number) and said == before:
                day = replace(day, date=self._date(number))
            else:
                day = self._day(number, said)
            before = said
            if day is not None:
                yield day

    def _day(self, number: int, parts: Sequence[_Part | None]) -> StressDay | None:
        breadth = self._breadth.breadth([part and part[0] for part in parts])
        said = [(*key, *part) for key, part in zip(WEIGHTS.items(), parts, strict=True) if part is not None]
        available = sum([weight for _category, weight, _z, _inputs in said])
        if available < PUBLISHED_FROM:
            return None
        categories = tuple(
            [CategoryDay(name, z, weight / 100, weight * z / available, inputs) for name, weight, z, inputs in said]
        )
        index = sum([each.contribution for each in categories])
        is_tight, label = self._repo(number)
        return StressDay(
            date=self._date(number),
            z=index,
            score=100.0 * self._ranks.rank(index),
            band=band_of(index),
            breadth=breadth,
            coverage=available / 100,
            repo_flag=is_tight,
            repo_label=label,
            categories=categories,
            is_in_doubt=number in self._doubted,
        )

    def _repo(self, number: int) -> tuple[bool, RepoLabel]:
        spread, tail = self._spreads[number], self._tails[number]
        is_tight = repo_is_tight(spread, tail)
        return is_tight, repo_label(spread, tail, self._days.business) if is_tight else RepoLabel.NONE

    def _date(self, number: int) -> date:
        return date.fromordinal(self._days.ordinal(number))
