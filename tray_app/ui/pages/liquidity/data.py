"""What the Liquidity page says at first sight, read at one time on a reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.datasets.liquidity.dataset import FRED, LIQUIDITY
from tray_app.datasets.news.dataset import FEED_LIST, NEWS
from tray_app.datasets.news.feeds import listed_feeds, search_names
from tray_app.datasets.news.rules.score import NewsScore, news_score, scored_since
from tray_app.ui.dataset_page.facts import Activity, CollectFacts, take_collect_facts

if TYPE_CHECKING:
    from datetime import date, datetime

    from tray_app.core.coverage import Coverage
    from tray_app.datasets.liquidity.reads import LiquidityReads, StressPoint
    from tray_app.datasets.liquidity.rules.model import StressDay
    from tray_app.engine.facade import Engine

DAYS_BEFORE = 14
A_YEAR = timedelta(days=365)


class EmptyAction(StrEnum):
    """Where a sentence about something missing leads."""

    NOWHERE = ""
    COLLECT = "collect"
    HISTORY = "history"
    KEY = "key"


@dataclass(frozen=True, slots=True)
class EmptyMessage:
    """What is missing and what to do about it."""

    sentence: str
    action: str = ""
    way: EmptyAction = EmptyAction.NOWHERE


@dataclass(frozen=True, slots=True)
class NewsFacts:
    """How loud the searches for stress are, and when the newest story of any feed was published."""

    score: NewsScore
    newest: datetime | None


@dataclass(frozen=True, slots=True)
class LiquidityFacts:
    """Everything the page shows above its sections."""

    collector: CollectFacts
    newest: StressDay | None
    before: StressPoint | None
    news: NewsFacts
    has_series: bool
    has_documents: bool
    index_span: Coverage | None = None

    @property
    def has_short_history(self) -> bool:
        """Whether the index is under a year old, so that its score compares with little."""
        span = self.index_span
        return span is not None and span.last - span.first < A_YEAR

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever stored."""
        return not (self.newest or self.news.newest or self.has_series or self.has_documents)

    @property
    def wants_key(self) -> bool:
        """Whether the last run had no key of FRED."""
        step = self.collector.step(FRED)
        return step is not None and step.wants_key


def take_facts(engine: Engine) -> LiquidityFacts:
    """Read everything; not for the UI thread."""
    facts, reads = take_collect_facts(engine, LIQUIDITY.name, LIQUIDITY.tables), engine.reads(LIQUIDITY)
    span = reads.stress_span()
    newest = span.last if span else None
    return LiquidityFacts(
        collector=facts,
        newest=reads.stress_day(newest) if newest else None,
        before=_before(reads, newest) if newest else None,
        news=_news(engine, facts.now),
        has_series=newest is not None or any(each.newest for each in reads.series()),
        has_documents=bool(engine.reads(NEWS).documents(1)),
        index_span=span,
    )


def lack_of_index(facts: LiquidityFacts) -> EmptyMessage:
    """Say why there is no index yet."""
    if facts.wants_key and not facts.has_series:
        return key_lack()
    if facts.collector.activity is not Activity.IDLE or facts.collector.history_pending:
        return EmptyMessage(tr("The index appears when its history has been fetched."))
    if facts.has_series:
        return EmptyMessage(
            tr("The index needs about a year of its series. Fetch their history."),
            tr("Fetch history"),
            EmptyAction.HISTORY,
        )
    return EmptyMessage(tr("No series is stored yet."), tr("Collect liquidity now"), EmptyAction.COLLECT)


def lack_of_series(facts: LiquidityFacts) -> EmptyMessage:
    """Say why a series has no values."""
    return key_lack() if facts.wants_key else lack_of(facts, tr("None of the chosen series is stored yet."))


def lack_of(facts: LiquidityFacts, sentence: str) -> EmptyMessage:
    """Say that something is missing, and offer to collect it."""
    if facts.collector.activity is not Activity.IDLE:
        return EmptyMessage(tr("Being collected."))
    return EmptyMessage(sentence, tr("Collect liquidity now"), EmptyAction.COLLECT)


def key_lack() -> EmptyMessage:
    """Say that FRED wants a key."""
    return EmptyMessage(
        tr("FRED, the source of most series, needs your own key of its API; it is free."),
        tr("Enter the key"),
        EmptyAction.KEY,
    )


def _before(reads: LiquidityReads, newest: date) -> StressPoint | None:
    days = reads.stress_days(newest - timedelta(days=DAYS_BEFORE))
    return days[-2] if len(days) > 1 else None


def _news(engine: Engine, now: datetime) -> NewsFacts:
    reads = engine.reads(NEWS)
    searches = search_names(listed_feeds(engine.settings.settings[FEED_LIST]))
    return NewsFacts(news_score(reads.stories_since(scored_since(now)), searches, now), reads.newest_article())
