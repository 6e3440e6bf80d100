"""The step `fred`: macro series of the Federal Reserve Bank of St. Louis."""

from collections.abc import Sequence

from tray_app.datasets.collector import RunContext
from tray_app.datasets.liquidity.catalogue import Provider
from tray_app.datasets.liquidity.collect.gathering import Brought, Gathered, SeriesStep, gather
from tray_app.datasets.liquidity.collect.spans import SeriesRequest
from tray_app.datasets.liquidity.dataset import API_KEY
from tray_app.datasets.liquidity.source.fred import Fred
from tray_app.net.request import DAILY, RetryPolicy


class FredStep(SeriesStep):
    """Asks FRED for each series; with a key its API, without one its chart files when the user allows that."""

    provider = Provider.FRED

    @property
    def can_ask(self) -> bool:
        """Whether there is a key, or leave to do without."""
        return bool(self._key()) or self._parts.fred_without_key()

    def _bring(self, asks: Sequence[SeriesRequest], retry: RetryPolicy, context: RunContext) -> Gathered:
        fred = Fred(context.http, self._key())
        without_key = not self._key() and self._parts.fred_without_key()

        def observations(ask: SeriesRequest) -> Brought:
            ask_for = fred.csv_observations if without_key else fred.observations
            return Brought(ask, ask_for(ask.series.series_id, ask.since, context.now, retry))

        return gather(asks, observations, self._parts, context, is_daily=retry is DAILY)

    def _key(self) -> str | None:
        return self._parts.keys.get(API_KEY.name)
