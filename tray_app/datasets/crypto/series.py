"""The crypto market's series whose sources send all days in one body: DeFi, stablecoins, Fear & Greed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
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
from tray_app.datasets.crypto.alternative import HOST as FEAR_GREED_HOST
from tray_app.datasets.crypto.alternative import LIFE as FEAR_GREED_LIFE
from tray_app.datasets.crypto.defillama import STABLECOINS_HOST, STABLECOINS_LIFE, TVL_HOST, TVL_LIFE, DefiLlama
from tray_app.datasets.crypto.judging import CryptoJudge
from tray_app.datasets.crypto.metrics import DEFI_TVL, FEAR_GREED_INDEX, STABLECOIN_MCAP, Metric
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.rows import FearGreedDay
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.crypto.tables import CRYPTO_METRIC
from tray_app.datasets.dataset import DatasetStep
from tray_app.datasets.judging import Judged
from tray_app.demo.upstream import Upstream
from tray_app.net.request import DAILY, HISTORY, Http, RetryPolicy

REVISED_DAYS = 30
METRIC_TABLE = frozenset({CRYPTO_METRIC.name})

# From a client, the present instant and how patient the run is.
Fetch = Callable[[Http, datetime, RetryPolicy], Sifted[SeriesPoint]]


@dataclass(frozen=True, slots=True)
class WholeSeries:
    """A metric whose source sends its whole history in one body. probe: an address that answers when the network does.

    sample: who plays its host in the sample server, where none in `sample` does.
    """

    metric: Metric
    life: SourceLife
    probe: str
    sample: Callable[[], Upstream] | None = field(default=None, kw_only=True)

    @property
    def column(self) -> str:
        """Return the column of crypto_metric, the name it is collected alone by."""
        return self.metric.name

    @property
    def step(self) -> DatasetStep:
        """Return the step that brings it."""
        return self.metric.step

    @property
    def starts(self) -> date:
        """Return the first day the source has."""
        return self.life.first


@dataclass(frozen=True, slots=True)
class PlainSeries(WholeSeries):
    """One of a value a day; the newest day's may still move."""

    fetch: Fetch


FEAR_GREED_SERIES = WholeSeries(FEAR_GREED_INDEX, FEAR_GREED_LIFE, f"https://{FEAR_GREED_HOST}/fng/")
WHOLE_SERIES: tuple[WholeSeries, ...] = (
    PlainSeries(
        DEFI_TVL,
        TVL_LIFE,
        f"https://{TVL_HOST}/",
        lambda http, now, retry: DefiLlama(http).total_value_locked(now, retry),
    ),
    PlainSeries(
        STABLECOIN_MCAP,
        STABLECOINS_LIFE,
        f"https://{STABLECOINS_HOST}/",
        lambda http, now, retry: DefiLlama(http).stablecoin_supply(now, retry),
    ),
    FEAR_GREED_SERIES,
)


class SeriesSteps:
    """Brings a series' newest days, or what a range of its history lacks."""

    def __init__(self, store: CryptoStore, reads: CryptoReads, context: RunContext) -> None:
        self._store = store
        self._reads = reads
        self._context = context
        self._judge = CryptoJudge(reads, store.answers, context.now)

    def today(self, series: WholeSeries) -> StepDone:
        """Bring the newest days of a series, with those its source may still revise."""
        newest = self._reads.newest_metric_date(series.column)
        if not isinstance(series, PlainSeries):
            behind = (utc_date(self._context.now) - newest).days if newest else 1
            return self._keep_fear_greed(max(1, behind), None, DAILY)
        sifted = series.fetch(self._context.http, self._context.now, DAILY)
        last = sifted.rows[-1].date
        start = min(last - timedelta(days=REVISED_DAYS), newest or last)
        return self._keep_points(series, sifted, Coverage(start, last), is_daily=True)

    def history(self, series: WholeSeries, window: Window) -> StepDone:
        """Bring what a range of a series lacks."""
        start = missing_day(self._store, self._reads, series, window, self._context.now)
        if start is None:
            return nothing_missing()
        if isinstance(series, PlainSeries):
            sifted = series.fetch(self._context.http, self._context.now, HISTORY)
            covers = Coverage(start, min(window_end(window), sifted.rows[-1].date))
            done = self._keep_points(series, sifted, covers, is_daily=False)
        else:
            done = self._keep_fear_greed(ALL_DAYS, Coverage(start, window_end(window)), HISTORY)
        self._note_again(series, start, window)
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

    def _keep_fear_greed(self, count: int, wanted: Coverage | None, retry: RetryPolicy) -> StepDone:
        sifted = AlternativeMe(self._context.http).fear_and_greed(count, self._context.now, retry)
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
    store: CryptoStore, reads: CryptoReads, series: WholeSeries, window: Window, now: datetime
) -> date | None:
    """Return the first day of a range that a series lacks, or that is asked for again."""
    if not window.means(series.column):
        return None
    start = max(window.date_from, series.starts)
    if window.again_since is not None:
        done = store.again.since(series.column, window.again_since)
        return again_from(window, start, last_wanted(window, window.again_since), done)
    wanted = Coverage(start, last_wanted(window, now))
    return first_hole(wanted.days, reads.known_metric_days(series.column, wanted), utc_date(now))


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
