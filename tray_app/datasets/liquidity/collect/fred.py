"""The step `fred`: macro series of the Federal Reserve Bank of St. Louis."""

from collections.abc import Sequence
from datetime import datetime

from tray_app.core.model import Window
from tray_app.datasets.collector import RunContext, StepDone
from tray_app.datasets.liquidity.catalogue import MacroSeries, Provider, catalogue
from tray_app.datasets.liquidity.collect.gathering import Brought, Gathered, gather
from tray_app.datasets.liquidity.collect.parts import LiquidityParts
from tray_app.datasets.liquidity.collect.spans import SeriesRequest, missing_of, tail_of
from tray_app.datasets.liquidity.dataset import API_KEY
from tray_app.datasets.liquidity.source.fred import Fred
from tray_app.net.request import DAILY, HISTORY, RetryPolicy


class FredStep:
    """Asks FRED for each series; with a key its API, without one its chart files when the user allows that."""

    def __init__(self, parts: LiquidityParts) -> None:
        self._parts = parts

    @property
    def can_ask(self) -> bool:
        """Whether there is a key, or leave to do without."""
        return bool(self._key()) or self._parts.fred_without_key()

    def today(self, context: RunContext) -> StepDone:
        """Bring the newest observations of every series that has not ended."""
        return self._gather(tail_of(fred_series(), self._parts.reads, context.now), DAILY, context).step()

    def history(self, context: RunContext, window: Window) -> StepDone:
        """Bring what a range lacks."""
        return self._gather(self.missing(window, context.now), HISTORY, context).step(counts_unknown=False)

    def missing(self, window: Window, now: datetime) -> tuple[SeriesRequest, ...]:
        """Return what a range lacks."""
        return missing_of(fred_series(), self._parts, window, now)

    def _gather(self, asks: Sequence[SeriesRequest], retry: RetryPolicy, context: RunContext) -> Gathered:
        fred = Fred(context.http, self._key())
        without_key = not self._key() and self._parts.fred_without_key()

        def observations(ask: SeriesRequest) -> Brought:
            ask_for = fred.csv_observations if without_key else fred.observations
            return Brought(ask, ask_for(ask.series.series_id, ask.since, context.now, retry))

        return gather(asks, observations, self._parts, context, is_daily=retry is DAILY)

    def _key(self) -> str | None:
        return self._parts.keys.get(API_KEY.name)


def fred_series() -> tuple[MacroSeries, ...]:
    """Return FRED's part of the catalogue."""
    return tuple(each for each in catalogue() if each.provider is Provider.FRED)
