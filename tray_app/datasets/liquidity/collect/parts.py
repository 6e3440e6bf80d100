"""What the collector of liquidity is put together from."""

from collections.abc import Sequence
from datetime import datetime, time

from tray_app.core.model import Run
from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.liquidity.dataset import LIQUIDITY, WITHOUT_KEY
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.store.series import MacroStore, PauseStore
from tray_app.datasets.liquidity.store.stress import StressStore
from tray_app.store.answers import AnswerStore


class LiquidityParts:
    """The stores over a database, the keys, and what the settings and the run log say."""

    def __init__(self, parts: CollectorParts) -> None:
        self.series = MacroStore(parts.database)
        self.stress = StressStore(parts.database)
        self.pauses = PauseStore(parts.database)
        self.reads = LiquidityReads(parts.database)
        self.answers = AnswerStore(parts.database)
        self.keys = parts.keys
        self.news = parts.within["news"]
        self._settings, self._runs = parts.settings, parts.runs

    def fred_without_key(self) -> bool:
        """Whether the user lets FRED be asked without a key: asked at each run, so that a change counts at once."""
        return self._settings()[WITHOUT_KEY]

    def first_time(self) -> time:
        """Return the first due time of a day (Korea)."""
        times = self._settings()[LIQUIDITY.due_option]
        return min(times)

    def daily_runs_since(self, instant: datetime) -> Sequence[Run]:
        """Return the logged daily runs that began at an instant (UTC) or later, oldest first."""
        return self._runs.daily_since(LIQUIDITY.name, instant)
