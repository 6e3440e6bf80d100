"""The liquidity collector: macro series, prices, headlines, documents of the Fed, and the stress index of them."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from tray_app.core.checks.self_check import Checkable
from tray_app.core.model import Run, RunStatus, Subject, Window
from tray_app.core.plan import PlannedStep
from tray_app.core.times import kst_date, kst_instant
from tray_app.core.words import tr
from tray_app.datasets.collector import Collector, RunContext, Step, StepDone
from tray_app.datasets.dataset import DatasetParts, DatasetStep
from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.collect.fred import FredStep
from tray_app.datasets.liquidity.collect.gathering import SeriesStep
from tray_app.datasets.liquidity.collect.parts import LiquidityParts
from tray_app.datasets.liquidity.collect.prices import PriceStep
from tray_app.datasets.liquidity.collect.spans import REVISED_SERIES
from tray_app.datasets.liquidity.dataset import FED_TONE, FRED, NEWS, PRICE, STRESS
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.datasets.liquidity.reads import LiquidityReads, measure_macro, measure_stress
from tray_app.datasets.liquidity.source.fred import FRED_HOST
from tray_app.datasets.liquidity.source.fred import PAUSE as FRED_PAUSE
from tray_app.datasets.liquidity.source.yahoo import PAUSE as YAHOO_PAUSE

# Feeds of documents, and about as many new documents as a day brings.
FED_CALLS = 5
INDEX_SECONDS = 2.0
# A due time later than that is there to bring what is published over the day.
SAME_MORNING = timedelta(hours=3)
EARLIEST = date(1986, 1, 1)


class LiquidityCollector(Collector):
    """Collects macro series, market proxies, headlines and Fed documents, and computes the index from the store."""

    def __init__(self, parts: LiquidityParts) -> None:
        self._parts = parts
        # Yahoo counts every call, and a look whether it answers would be one.
        self.probe_urls: tuple[str, ...] = (f"https://{FRED_HOST}/", *parts.news.probe_urls)
        self._fred = FredStep(parts)
        self._price = PriceStep(parts)

    def daily(self, context: RunContext) -> tuple[Step, ...]:
        """Return today's five steps; the second due time of a morning that is done takes New York's close alone."""
        index = Step(STRESS, lambda: self._index(context), is_local=True)
        if self._only_the_close_is_due(context):
            return Step(PRICE, lambda: self._price.after_the_close(context)), index
        headlines, documents = self._parts.news.work(context)
        return (
            Step(FRED, lambda: self._named(self._fred.today, context)),
            Step(PRICE, lambda: self._price.today(context)),
            Step(NEWS, headlines),
            Step(FED_TONE, documents),
            index,
        )

    def history(self, context: RunContext, window: Window) -> tuple[Step, ...]:
        """Return the steps that fill a range, each series from where it stands."""
        return (
            Step(FRED, lambda: self._named(lambda context: self._fred.history(context, window), context)),
            Step(PRICE, lambda: self._price.history(context, window)),
            Step(NEWS, lambda: StepDone.nothing_due(tr("feeds keep no past headlines"))),
            Step(FED_TONE, lambda: StepDone.nothing_due(tr("feeds keep the newest documents only"))),
            Step(STRESS, lambda: self._index(context), is_local=True),
        )

    def plan(self, window: Window | None, now: datetime) -> tuple[PlannedStep, ...]:
        """Return what a run would ask for, step by step."""
        fred, price = self._fred_calls(window, now), _planned(PRICE, self._price, YAHOO_PAUSE, window, now)
        index = PlannedStep(STRESS, 0, INDEX_SECONDS, tr("from what is stored"))
        if window is not None:
            past = tuple(PlannedStep(step, 0, 0.0, tr("keeps no past")) for step in (NEWS, FED_TONE))
            return fred, price, *past, index
        feeds = self._parts.news.count_sources()
        news = PlannedStep(NEWS, feeds, float(feeds), tr("{count} feeds", count=feeds))
        return fred, price, news, PlannedStep(FED_TONE, FED_CALLS, float(FED_CALLS), tr("new documents")), index

    def missing_history(self, now: datetime) -> Window | None:
        """Return the range with holes, of the sources that can be asked."""
        everything = Window(EARLIEST)
        asks = [*self._price.missing(everything, now)]
        if self._fred.can_ask:
            asks += self._fred.missing(everything, now)
        return Window(min(ask.since for ask in asks)) if asks else None

    def checkable(self, now: datetime) -> tuple[Checkable, ...]:
        """Return the series of the sources that can be asked, but those that are rewritten as a whole."""
        del now
        asked = [*(self._fred.series if self._fred.can_ask else ()), *self._price.series]
        return tuple(
            Checkable(each.series_id, [point.date for point in self._parts.reads.observations(each.series_id)])
            for each in asked
            if each.series_id not in REVISED_SERIES
        )

    def subjects(self) -> tuple[Subject, ...]:
        """Return the series of the catalogue."""
        return tuple(Subject(each.series_id, f"{each.series_id} ({each.title})") for each in catalogue())

    def newest_date(self) -> date | None:
        """Return the newest day with an index; before the first one, the newest date of any series."""
        day = self._parts.reads.newest_stress_date()
        if day is not None:
            return day
        return max((each.newest for each in self._parts.reads.series() if each.newest is not None), default=None)

    def _named(self, step: Callable[[RunContext], StepDone], context: RunContext) -> StepDone:
        """Keep the names of all series before the first one comes."""
        self._parts.series.name_series(catalogue())
        return step(context)

    def _index(self, context: RunContext) -> StepDone:
        from tray_app.datasets.liquidity.collect.index import compute_index  # noqa: PLC0415 - for this step only

        return compute_index(self._parts, context)

    def _only_the_close_is_due(self, context: RunContext) -> bool:
        """Whether the run serves a time shortly after the first of a day whose whole run has brought everything."""
        if context.due_at is None:
            return False
        morning = kst_instant(kst_date(context.due_at), self._parts.first_time())
        if not morning < context.due_at <= morning + SAME_MORNING:
            return False
        return any(_brought_everything(run) for run in self._parts.daily_runs_since(morning))

    def _fred_calls(self, window: Window | None, now: datetime) -> PlannedStep:
        if not self._fred.can_ask:
            return PlannedStep(FRED, 0, 0.0, tr("FRED_API_KEY is not set"))
        return _planned(FRED, self._fred, FRED_PAUSE, window, now)


def _brought_everything(run: Run) -> bool:
    return any(step.name == FRED for step in run.steps) and (run.status is RunStatus.SUCCESS or run.only_wants_keys)


def _planned(name: DatasetStep, step: SeriesStep, pause: float, window: Window | None, now: datetime) -> PlannedStep:
    count = len(step.tail(now) if window is None else step.missing(window, now))
    note = tr("{count} series", count=count) if count else tr("nothing missing")
    return PlannedStep(name, count, count * pause, note)


PARTS = DatasetParts(
    lambda parts: LiquidityCollector(LiquidityParts(parts)),
    LiquidityReads,
    measures={MACRO_SETS.name: measure_macro, STRESS_SETS.name: measure_stress},
)
