"""The crypto market's series whose sources send all days in one body: DeFi, stablecoins, Fear & Greed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tray_app.core.coverage import Coverage, again_from
from tray_app.core.holes import first_hole
from tray_app.core.model import Window
from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.core.source_life import SourceLife
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.collector import RunContext, StepDone
from tray_app.datasets.crypto.alternative import ALL_DAYS, AlternativeMe
from tray_app.datasets.crypto.dataset import FEAR_GREED, STABLECOINS, TVL
from tray_app.datasets.crypto.judging import CryptoJudge
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.rows import FearGreedDay
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.dataset import DatasetStep
from tray_app.datasets.judging import Judged
from tray_app.net.request import DAILY, HISTORY, RetryPolicy

REVISED_DAYS = 30
METRIC_TABLE = frozenset({"crypto_metric"})


Ask = Callable[[datetime, RetryPolicy], Sifted[SeriesPoint]]


@dataclass(frozen=True, slots=True)
class WholeSeries:
    """A series whose source sends its whole history in one body."""

    step: DatasetStep
    column: str
    life: SourceLife

    @property
    def starts(self) -> date:
        """Return the first day the source has."""
        return self.life.first


TVL_SERIES = WholeSeries(TVL, "defi_tvl", SourceLife.DEFILLAMA)
STABLECOIN_SERIES = WholeSeries(STABLECOINS, "stablecoin_mcap", SourceLife.STABLECOINS)
FEAR_GREED_SERIES = WholeSeries(FEAR_GREED, "fear_greed_index", SourceLife.FEAR_GREED)
WHOLE_SERIES = (TVL_SERIES, STABLECOIN_SERIES, FEAR_GREED_SERIES)


class SeriesSteps:
    """Brings a series' newest days, or what a range of its history lacks."""

    def __init__(self, store: CryptoStore, queries: CryptoReads, context: RunContext) -> None:
        self._store = store
        self._queries = queries
        self._context = context
        self._judge = CryptoJudge(queries, store.answers, context.now)

    def tail(self, series: WholeSeries, ask: Ask) -> StepDone:
        """Bring the newest days of a series, with those its source may still revise."""
        sifted = ask(self._context.now, DAILY)
        last = sifted.rows[-1].date
        newest = self._queries.newest_metric_date(series.column)
        start = min(last - timedelta(days=REVISED_DAYS), newest or last)
        return self._keep_points(series, sifted, Coverage(start, last), is_daily=True)

    def history(self, series: WholeSeries, ask: Ask, window: Window) -> StepDone:
        """Bring what a range of a series lacks."""
        start = missing_day(self._store, self._queries, series, window, self._context.now)
        if start is None:
            return nothing_missing()
        sifted = ask(self._context.now, HISTORY)
        covers = Coverage(start, min(window_end(window), sifted.rows[-1].date))
        done = self._keep_points(series, sifted, covers, is_daily=False)
        self._note_again(series, start, window)
        return done

    def fear_greed_today(self) -> StepDone:
        """Bring the newest days of the Fear & Greed index."""
        newest = self._queries.newest_metric_date(FEAR_GREED_SERIES.column)
        behind = (utc_date(self._context.now) - newest).days if newest else 1
        return self._keep_fear_greed(max(1, behind), None, DAILY)

    def fear_greed_history(self, window: Window) -> StepDone:
        """Bring what a range of the Fear & Greed index lacks."""
        start = missing_day(self._store, self._queries, FEAR_GREED_SERIES, window, self._context.now)
        if start is None:
            return nothing_missing()
        done = self._keep_fear_greed(ALL_DAYS, Coverage(start, window_end(window)), HISTORY)
        self._note_again(FEAR_GREED_SERIES, start, window)
        return done

    def _note_again(self, series: WholeSeries, start: date, window: Window) -> None:
        if window.is_again:
            answered = Coverage(start, last_wanted(window, self._context.now))
            self._store.again.note(series.column, answered, self._context.seen)

    def _keep_points(
        self, series: WholeSeries, sifted: Sifted[SeriesPoint], covers: Coverage, *, is_daily: bool
    ) -> StepDone:
        kept = [point for point in sifted.rows if covers.first <= point.date <= covers.last]
        judged = self._judge.series(series.column, Sifted(tuple(kept), sifted.faults), covers, is_daily=is_daily)
        provisional = sifted.rows[-1].date
        seen = self._context.seen
        rows = self._store.store_series(series.column, kept, self._known(covers), provisional, seen, judged.notes)
        return _done(rows, covers.last, judged)

    def _keep_fear_greed(self, count: int, wanted: Coverage | None, patience: RetryPolicy) -> StepDone:
        sifted = AlternativeMe(self._context.http).fear_and_greed(count, self._context.now, patience)
        covers = Coverage(sifted.rows[0].date, sifted.rows[-1].date)
        if wanted is not None:
            covers = Coverage(wanted.first, min(wanted.last, covers.last))
        kept = [day for day in sifted.rows if covers.first <= day.date <= covers.last]
        points = Sifted(_values(kept), sifted.faults)
        judged = self._judge.series(FEAR_GREED_SERIES.column, points, covers, is_daily=wanted is None)
        rows = self._store.store_fear_greed(kept, self._known(covers), self._context.seen, judged.notes)
        return _done(rows, covers.last, judged)

    def _known(self, covers: Coverage) -> Coverage:
        """Return the days that may count as covered: none after today, whatever a source dates ahead."""
        today = utc_date(self._context.now)
        return Coverage(min(covers.first, today), min(covers.last, today))


def missing_day(
    store: CryptoStore, queries: CryptoReads, series: WholeSeries, window: Window, now: datetime
) -> date | None:
    """Return the first day of a range that a series lacks, or that is asked for again."""
    if not window.means(series.column):
        return None
    start = max(window.date_from, series.starts)
    if window.again_since is not None:
        done = store.again.since(series.column, window.again_since)
        return again_from(window, start, last_wanted(window, window.again_since), done)
    wanted = Coverage(start, last_wanted(window, now))
    return first_hole(wanted.days, queries.known_metric_days(series.column, wanted), utc_date(now))


def window_end(window: Window) -> date:
    """Return the last day of a range."""
    return window.date_to or date.max


def last_wanted(window: Window, now: datetime) -> date:
    """Return the last day a history run asks for."""
    # Today's values come with today's run; a source may also be a little late with yesterday's.
    return min(window_end(window), utc_date(now) - timedelta(days=2))


def nothing_missing() -> StepDone:
    """Return the end of a step that had nothing to do."""
    return StepDone.nothing_due(tr("nothing missing"))


def _values(days: Sequence[FearGreedDay]) -> tuple[SeriesPoint, ...]:
    return tuple(SeriesPoint(day.date, day.value) for day in days)


def _done(rows: int, last: date, judged: Judged) -> StepDone:
    note = tr("through {day}", day=last) if rows else tr("nothing new, through {day}", day=last)
    return judged.step(StepDone(note, rows, last, METRIC_TABLE))
