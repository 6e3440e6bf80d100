"""What the collector of liquidity is put together from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from tray_app.core.model import Run
from tray_app.datasets.collector import WithinRun
from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.liquidity.dataset import LIQUIDITY, WITHOUT_KEY
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.store.pauses import PauseStore
from tray_app.datasets.liquidity.store.series import MacroStore
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.keys import Keys
from tray_app.store.answers import AnswerStore


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
    news: WithinRun
    fred_without_key: Callable[[], bool]
    first_time: Callable[[], time]
    daily_runs_since: Callable[[datetime], Sequence[Run]]


def open_parts(parts: CollectorParts) -> LiquidityParts:
    """Return the parts over a database."""
    database, settings = parts.database, parts.settings

    def first_time() -> time:
        times = settings()[LIQUIDITY.due_option]
        return min(times)

    return LiquidityParts(
        series=MacroStore(database),
        stress=StressStore(database),
        pauses=PauseStore(database),
        reads=LiquidityReads(database),
        answers=AnswerStore(database),
        keys=parts.keys,
        news=parts.within["news"],
        fred_without_key=lambda: settings()[WITHOUT_KEY],
        first_time=first_time,
        daily_runs_since=lambda instant: parts.runs.daily_since(LIQUIDITY.name, instant),
    )
