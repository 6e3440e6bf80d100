"""The news collector: headlines of the feeds in the settings, each story once."""

from datetime import date, datetime

from tray_app.core.model import Window
from tray_app.core.plan import PlannedStep
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.collector import Collector, RunContext, Step, StepDone, StepWork, WithinRun
from tray_app.datasets.dataset import DatasetParts
from tray_app.datasets.news.collect.parts import NewsParts
from tray_app.datasets.news.collect.work import FeedReader, NewsWork
from tray_app.datasets.news.dataset import DEDUPE, FEEDS
from tray_app.datasets.news.feeds import FED_FEEDS, SEARCH_ADDRESS
from tray_app.datasets.news.reads import NewsReads


def within_run(parts: NewsParts) -> WithinRun:
    """Return what brings headlines and what judges new documents, as two steps of another collector's run."""

    def work(context: RunContext) -> tuple[StepWork, StepWork]:
        reader = FeedReader(context, parts.answers)

        def judge_documents() -> StepDone:
            from tray_app.datasets.news.collect.fed_tone import FedTone  # noqa: PLC0415 - for this step only

            return FedTone(parts, context, reader).run()

        return NewsWork(parts, context, reader).both, judge_documents

    return WithinRun((SEARCH_ADDRESS, f"{FED_FEEDS}/press_monetary.xml"), lambda: len(parts.feeds()), work)


class NewsCollector(Collector):
    """Collects headlines and links."""

    probe_urls: tuple[str, ...] = (SEARCH_ADDRESS, f"{FED_FEEDS}/press_all.xml")

    def __init__(self, parts: NewsParts) -> None:
        self._parts = parts

    def daily(self, context: RunContext) -> tuple[Step, ...]:
        """Return the two steps: ask the feeds, fold what they brought into the stored stories."""
        work = NewsWork(self._parts, context, FeedReader(context, self._parts.answers))
        return Step(FEEDS, work.fetch), Step(DEDUPE, work.store, is_local=True)

    def history(self, context: RunContext, window: Window) -> tuple[Step, ...]:
        """Return steps that say that there is none."""
        del context, window
        return (
            Step(FEEDS, lambda: StepDone.nothing_due(tr("feeds keep no past headlines"))),
            Step(DEDUPE, lambda: StepDone.nothing_due(tr("nothing new")), is_local=True),
        )

    def plan(self, window: Window | None, now: datetime) -> tuple[PlannedStep, ...]:
        """Return what a run would ask for."""
        del now
        count = len(self._parts.feeds()) if window is None else 0
        note = tr("keeps no past") if window else tr("{count} feeds", count=count)
        return PlannedStep(FEEDS, count, float(count), note), PlannedStep(DEDUPE, 0, 0.0, tr("from what came"))

    def newest_date(self) -> date | None:
        """Return the UTC date of the newest story."""
        newest = self._parts.reads.newest_article()
        return utc_date(newest) if newest else None


PARTS = DatasetParts(
    lambda parts: NewsCollector(NewsParts(parts)), NewsReads, lambda parts: within_run(NewsParts(parts))
)
