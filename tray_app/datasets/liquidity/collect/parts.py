"""What the collectors of liquidity and news are put together from; app.py fills it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

from tray_app.core.feeds import Feed, listed_feeds
from tray_app.core.model import Run
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.store.pauses import PauseStore
from tray_app.datasets.liquidity.store.series import MacroStore
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.datasets.news.store.documents import DocumentStore
from tray_app.datasets.news.store.stories import NewsStore
from tray_app.keys import Keys
from tray_app.settings import Settings
from tray_app.store.answers import AnswerStore
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class LiquidityParts:
    """The stores, the settings (asked at each run, so that a change counts at once) and the run log.

    daily_runs_since returns the logged daily runs that began at an instant (UTC) or later, oldest first; dictionaries
    are the files of words for the tone, the first one that exists wins.
    """

    series: MacroStore
    stress: StressStore
    documents: DocumentStore
    news: NewsStore
    pauses: PauseStore
    reads: LiquidityReads
    answers: AnswerStore
    keys: Keys
    feeds: Callable[[], tuple[Feed, ...]]
    fred_without_key: Callable[[], bool]
    first_time: Callable[[], time]
    daily_runs_since: Callable[[datetime], Sequence[Run]]
    dictionaries: tuple[Path, ...]


def open_parts(
    database: Database,
    keys: Keys,
    settings: Callable[[], Settings],
    daily_runs_since: Callable[[datetime], Sequence[Run]],
    dictionaries: tuple[Path, ...],
) -> LiquidityParts:
    """Return the parts over a database."""
    return LiquidityParts(
        series=MacroStore(database),
        stress=StressStore(database),
        documents=DocumentStore(database),
        news=NewsStore(database),
        pauses=PauseStore(database),
        reads=LiquidityReads(database),
        answers=AnswerStore(database),
        keys=keys,
        feeds=lambda: listed_feeds(settings().news_feeds),
        fred_without_key=lambda: settings().fred_without_key,
        first_time=lambda: min(settings().liquidity_times),
        daily_runs_since=daily_runs_since,
        dictionaries=dictionaries,
    )
