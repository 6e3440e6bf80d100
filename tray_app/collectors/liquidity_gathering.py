"""Many series asked for one by one: one that fails does not keep the others from coming."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from tray_app.collectors.base import RunContext, StepDone
from tray_app.collectors.judging import Judged, judged
from tray_app.collectors.liquidity_spans import Ask
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
from tray_app.core.liquidity.catalogue import Provider
from tray_app.core.liquidity.rhythm import overdue
from tray_app.core.quality import IssueDataset
from tray_app.core.row_faults import Sifted, findings
from tray_app.core.series import SeriesPoint
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.sources.unknown_series import UnknownSeries
from tray_app.store.liquidity.series import Answer, MacroStore, Stored

logger = logging.getLogger(__name__)

TABLES = frozenset({"macro_series", "macro_observation"})
# These say nothing of the one series: the next one would meet the same.
ENDING = (CertificateRefused, KeyMissing, KeyRefused, NetworkDown, QuotaSpent, RateLimited)
# A host that fails so many times in a row is left alone: each try may take as long as its patience.
FAULTS_IN_A_ROW = 5
NAMED_AT_MOST = 3

Source = Callable[[Ask], Sifted[SeriesPoint]]


@dataclass(slots=True)
class Gathered:
    """What came of asking for series."""

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
        counted = [error for error in self.failed.values() if counts_unknown or not isinstance(error, UnknownSeries)]
        if self.stopped_by is None and counted and not self.done:
            self.stopped_by = counted[0]
        if self.stopped_by is not None:
            return self._done(self._stopped_note(self.stopped_by))
        if not self.failed:
            return self._done(self._whole_note())
        return self._done(self._failed_note(), warnings=len(counted), retryable=any(each.retryable for each in counted))

    def stored(self, answer: Answer, stored: Stored, judged: Judged) -> None:
        """Count a series that came, and what was found of it."""
        self.judged += judged
        self.done += 1
        self.rows += stored.rows
        dates = [point.date for point in answer.points]
        self.newest = max([*dates, *([self.newest] if self.newest else [])], default=None)

    def _done(self, note: str, *, warnings: int = 0, retryable: bool = False) -> StepDone:
        return StepDone(note, self.rows, self.newest, TABLES, warnings, 0, self.stopped_by, retryable)

    def _whole_note(self) -> str:
        if not self.total:
            return tr("nothing missing")
        if self.newest is None or not self.rows:
            return tr("nothing new, {count} series", count=self.total)
        return tr("{count} series, through {day}", count=self.total, day=self.newest)

    def _failed_note(self) -> str:
        named = [f"{series}: {error.message}" for series, error in self.failed.items()]
        more = len(named) - NAMED_AT_MOST
        if more > 0:
            named = [*named[:NAMED_AT_MOST], tr("and {count} more", count=more)]
        return tr("{done} of {total} series; {named}", done=self.done, total=self.total, named=" ".join(named))

    def _stopped_note(self, error: AppError) -> str:
        if not self.done:
            return str(error)
        return tr("{done} of {total} series; {error}", done=self.done, total=self.total, error=error)


def gather(asks: Sequence[Ask], source: Source, store: MacroStore, context: RunContext, *, is_daily: bool) -> Gathered:
    """Ask for series in order and store each as it comes; stop at an error that all would meet.

    is_daily: today's values are asked for, so that an answer without them is stale.
    """
    gathered = Gathered(len(asks))
    in_a_row = 0
    for done, ask in enumerate(asks):
        series_id = ask.series.series_id
        context.progress(series_id, done, len(asks))
        try:
            sifted = source(ask)
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
        answer = answer_of(ask, sifted.rows, context)
        judged = _judged(ask, sifted, context.now, is_daily=is_daily)
        gathered.stored(answer, store.store(series_id, answer, context.seen, judged.checks), judged)
    return gathered


def _judged(ask: Ask, sifted: Sifted[SeriesPoint], now: datetime, *, is_daily: bool) -> Judged:
    series = ask.series
    found = findings(fault for fault in sifted.faults if fault.day is None or fault.day >= ask.since)
    if is_daily and not series.ended:
        found += overdue(series, max((point.date for point in sifted.rows), default=None), now)
    return judged(IssueDataset.MACRO, {series.series_id}, found, ask.since, now)


def answer_of(ask: Ask, points: Sequence[SeriesPoint], context: RunContext) -> Answer:
    """Return what a source said of a series, with the dates it was asked for."""
    covers = Coverage(ask.since, max(ask.since, utc_date(context.now)))
    # Yahoo fills and corrects its newest close; what the Federal Reserve publishes is final.
    return Answer(points, covers, is_last_provisional=ask.series.provider is Provider.YAHOO, is_revised=ask.is_revised)
