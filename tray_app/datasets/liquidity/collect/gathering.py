"""Many series asked for one by one: one that fails does not keep the others from coming."""

import logging
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tray_app.core.checks.standing import series_digest
from tray_app.core.checks.value_rules import check_values
from tray_app.core.coverage import Coverage
from tray_app.core.errors import (
    AppError,
    Cancelled,
    CertificateRefused,
    KeyMissing,
    KeyRefused,
    NetworkDown,
    QuotaSpent,
    RateLimited,
)
from tray_app.core.model import Window
from tray_app.core.outcome import Missing
from tray_app.core.quality import Finding
from tray_app.core.row_faults import Sifted, findings
from tray_app.core.series import SeriesPoint
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.collector import RunContext, StepDone
from tray_app.datasets.judging import NO_DAY, Judged, judged
from tray_app.datasets.liquidity.catalogue import MacroSeries, Provider, served_by
from tray_app.datasets.liquidity.collect.parts import LiquidityParts
from tray_app.datasets.liquidity.collect.spans import SeriesRequest, missing_of, tail_of
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.rules.expected_days import ExpectedDays
from tray_app.datasets.liquidity.rules.rhythm import overdue, unmoved
from tray_app.datasets.liquidity.source.unknown_series import UnknownSeries
from tray_app.datasets.liquidity.store.series import SeriesUpdate, Stored
from tray_app.datasets.liquidity.tables import ISSUES
from tray_app.net.request import DAILY, HISTORY, RetryPolicy
from tray_app.store.answers import SourceAnswer
from tray_app.store.series import macro_series

logger = logging.getLogger(__name__)

TABLES = frozenset({"macro_series", "macro_observation"})
# These say nothing of the one series: the next one would meet the same.
ENDING = (CertificateRefused, KeyMissing, KeyRefused, NetworkDown, QuotaSpent, RateLimited)
# A host that fails so many times in a row is left alone: each try may take as long as its patience.
FAULTS_IN_A_ROW = 5

# The values before an answer that say what is usual in it: longer than any run of equal ones that is told.
USUAL = timedelta(days=2000)


@dataclass(frozen=True, slots=True)
class Brought:
    """What a source said, and what it was asked in the end: a whole history, where a tail would not do.

    refused: why nothing of it is stored.
    """

    ask: SeriesRequest
    sifted: Sifted[SeriesPoint]
    refused: Finding | None = None


Source = Callable[[SeriesRequest], Brought]


@dataclass(slots=True)
class Gathered:
    """What came of asking for series; done are those that came, by this run or the one it tries again."""

    total: int
    done: int = 0
    rows: int = 0
    newest: date | None = None
    failed: dict[str, AppError] = field(default_factory=dict)
    stopped_by: AppError | None = None
    judged: Judged = field(default_factory=Judged)

    def step(self, *, counts_unknown: bool = True) -> StepDone:
        """Return the step's end; a series that the source does not know is a fault of today's run only."""
        return self.judged.step(self._end(counts_unknown=counts_unknown))

    def _end(self, *, counts_unknown: bool) -> StepDone:
        counted = {
            series: error
            for series, error in self.failed.items()
            if counts_unknown or not isinstance(error, UnknownSeries)
        }
        missing = [Missing(error, series) for series, error in counted.items()]
        if self.stopped_by is not None and self.stopped_by not in counted.values():
            missing.insert(0, Missing(self.stopped_by))
        # A fault is told before what only the source's catalogue lacks.
        missing.sort(key=lambda each: isinstance(each.error, UnknownSeries))
        note = self._note(missing, [series for series in self.failed if series not in counted])
        return StepDone(note, self.rows, self.newest, TABLES, came=self.done > 0, missing=tuple(missing))

    def stored(self, answer: SeriesUpdate, stored: Stored, judged: Judged) -> None:
        """Count a series that came, and what was found of it."""
        self.judged += judged
        self.done += 1
        self.rows += stored.rows
        dates = [point.date for point in answer.points]
        self.newest = max([*dates, *([self.newest] if self.newest else [])], default=None)

    def _note(self, missing: Sequence[Missing], unknown: Sequence[str]) -> str:
        parts = [self._partial_note() if missing or unknown else self._whole_note()]
        if unknown:
            parts.append(tr("not known to the source: {names}", names=", ".join(unknown)))
        return "; ".join(part for part in parts if part)

    def _partial_note(self) -> str:
        return tr("{done} of {total} series", done=self.done, total=self.total) if self.done else ""

    def _whole_note(self) -> str:
        if not self.total:
            return tr("nothing missing")
        if self.newest is None or not self.rows:
            return tr("nothing new, {count} series", count=self.total)
        return tr("{count} series, through {day}", count=self.total, day=self.newest)


class SeriesStep(ABC):
    """A step that brings the series of one provider."""

    provider: Provider

    def __init__(self, parts: LiquidityParts) -> None:
        self._parts = parts

    @property
    def series(self) -> tuple[MacroSeries, ...]:
        """The series of the catalogue that it brings."""
        return served_by(self.provider)

    def today(self, context: RunContext) -> StepDone:
        """Bring the newest values of every series that has not ended."""
        return self._bring(self.tail(context.now), DAILY, context).step()

    def history(self, context: RunContext, window: Window) -> StepDone:
        """Bring what a range lacks."""
        # A series that the source does not know is a fault of today's run only.
        return self._bring(self.missing(window, context.now), HISTORY, context).step(counts_unknown=False)

    def tail(self, now: datetime) -> tuple[SeriesRequest, ...]:
        """Return what today's run asks for."""
        return tail_of(self.series, self._parts.reads, now)

    def missing(self, window: Window, now: datetime) -> tuple[SeriesRequest, ...]:
        """Return what a range lacks."""
        return missing_of(self.series, self._parts, window, now)

    @abstractmethod
    def _bring(self, asks: Sequence[SeriesRequest], retry: RetryPolicy, context: RunContext) -> Gathered:
        """Ask for series and store them."""


def gather(
    asks: Sequence[SeriesRequest], source: Source, parts: LiquidityParts, context: RunContext, *, is_daily: bool
) -> Gathered:
    """Ask for series in order and store each as it comes; stop at an error that all would meet.

    is_daily: today's values are asked for, so that an answer without them is stale. What the run that this one tries
    again has brought is not asked for.
    """
    known = _known(asks, parts, context)
    gathered = Gathered(len(asks), len(known), newest=_newest(known, parts.reads))
    in_a_row, expected = 0, ExpectedDays()
    for done, ask in enumerate(each for each in asks if each not in known):
        series_id = ask.series.series_id
        context.progress(series_id, done, len(asks))
        try:
            brought = source(ask)
        except Cancelled:
            raise
        except ENDING as error:
            gathered.stopped_by = error
            break
        except AppError as error:
            logger.warning("%s: %s", series_id, error)
            gathered.failed[series_id] = error
            in_a_row = 0 if isinstance(error, UnknownSeries) else in_a_row + 1
            if in_a_row >= FAULTS_IN_A_ROW:
                gathered.stopped_by = error
                break
            continue
        in_a_row = 0
        answer = _answer(brought, context, expected)
        judged = _judged(brought, parts, context.now, is_daily=is_daily)
        gathered.stored(answer, parts.series.store(series_id, answer, context.seen, judged.notes), judged)
        if ask.is_again and answer.covers is not None:
            parts.series.again.note(macro_series(series_id), answer.covers, context.seen)
    return gathered


def _known(asks: Sequence[SeriesRequest], parts: LiquidityParts, context: RunContext) -> tuple[SeriesRequest, ...]:
    sources = {macro_series(ask.series.series_id): ask for ask in asks}
    return tuple(sources[each] for each in parts.answers.whole_since(sources, context.tried_since, context.now))


def _newest(asks: Sequence[SeriesRequest], reads: LiquidityReads) -> date | None:
    days = [reads.newest_observation(ask.series.series_id) for ask in asks]
    return max((day for day in days if day is not None), default=None)


def _judged(brought: Brought, parts: LiquidityParts, now: datetime, *, is_daily: bool) -> Judged:
    ask, series = brought.ask, brought.ask.series
    subjects = {series.series_id}
    if brought.refused is not None:
        return judged(ISSUES, subjects, (brought.refused,), NO_DAY, now, is_newest=False)
    sifted = brought.sifted
    found = findings(fault for fault in sifted.faults if fault.day is None or fault.day >= ask.since)
    answers: tuple[SourceAnswer, ...] = ()
    if is_daily and not series.ended:
        late = overdue(series, max((point.date for point in sifted.rows), default=None), now)
        answer = SourceAnswer(macro_series(series.series_id), series_digest(sifted.rows), is_whole=not late)
        found += late + unmoved(series, parts.answers.same_since(answer.source, answer.digest), now)
        answers = (answer,)
    stored = parts.reads.observations(series.series_id, _usual_from(ask))
    values = {point.date: point for point in (*stored, *sifted.rows)}
    found += check_values(series.series_id, [values[day] for day in sorted(values)], series.rules, ask.since)
    return judged(ISSUES, subjects, found, ask.since, now, is_newest=is_daily).noting(*answers)


def _usual_from(ask: SeriesRequest) -> date:
    return date.min if ask.since - date.min < USUAL else ask.since - USUAL


def _answer(brought: Brought, context: RunContext, expected: ExpectedDays) -> SeriesUpdate:
    """Return what a source said of a series, with the dates it was asked for."""
    ask, points = brought.ask, brought.sifted.rows
    if brought.refused is not None:
        return SeriesUpdate(())
    covers = Coverage(ask.since, max(ask.since, utc_date(context.now)))
    # Yahoo fills and corrects its newest close; what the Federal Reserve publishes is final.
    is_provisional = ask.series.provider is Provider.YAHOO
    days = expected.of(ask.series, covers.first, covers.last)
    return SeriesUpdate(points, covers, is_provisional, ask.is_revised, days)
