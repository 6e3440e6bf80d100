"""What the collector of liquidity is put together from; app.py fills it in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from tray_app.core.model import Run
from tray_app.datasets.collector import RunContext, StepWork
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.store.pauses import PauseStore
from tray_app.datasets.liquidity.store.series import MacroStore
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.keys import Keys
from tray_app.settings import Settings
from tray_app.store.answers import AnswerStore
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class NewsWithin:
    """The news as a part of liquidity's run: how many feeds there are, and the work of its two steps.

    work gives for a run's context what brings its headlines and what judges its new documents of the Fed.
    """

    count_feeds: Callable[[], int]
    work: Callable[[RunContext], tuple[StepWork, StepWork]]


@dataclass(frozen=True, slots=True)
class LiquidityParts:
    """The stores, the settings (asked at each run, so that a change counts at once) and the run log.

    daily_runs_since returns the logged daily runs that began at an instant (UTC) or later, oldest first.
    """

    series: MacroStore
    stress: StressStore
    pauses: PauseStore
    reads: LiquidityReads
    answers: AnswerStore
    keys: Keys
    news: NewsWithin
    fred_without_key: Callable[[], bool]
    first_time: Callable[[], time]
    daily_runs_since: Callable[[datetime], Sequence[Run]]


def open_parts(
    database: Database,
    keys: Keys,
    settings: Callable[[], Settings],
    daily_runs_since: Callable[[datetime], Sequence[Run]],
    news: NewsWithin,
) -> LiquidityParts:
    """Return the parts over a database."""
    return LiquidityParts(
        series=MacroStore(database),
        stress=StressStore(database),
        pauses=PauseStore(database),
        reads=LiquidityReads(database),
        answers=AnswerStore(database),
        keys=keys,
        news=news,
        fred_without_key=lambda: settings().fred_without_key,
        first_time=lambda: min(settings().liquidity_times),
        daily_runs_since=daily_runs_since,
    )
