"""The lists of issues of a day; that of the next day may be asked for while a day is worked on."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import partial

from tray_app.core.errors import AppError
from tray_app.core.row_faults import Sifted
from tray_app.datasets.collector import Prefetch
from tray_app.datasets.krx.rows import EquityBar, Market
from tray_app.datasets.krx.source.client import KrxOpenApi

Bars = Sifted[EquityBar]


class BarLists:
    """Asks for lists, one of them ahead of time."""

    def __init__(self, source: KrxOpenApi, beside: Prefetch) -> None:
        self._source = source
        self._beside = beside
        self._begun: tuple[Market, date] | None = None
        self._answer: Callable[[], Bars] = lambda: Sifted(())

    def begin(self, market: Market, day: date) -> None:
        """Send the request for a list; `bars` waits for the answer. Nothing else may be asked until `wait`."""
        self._begun = market, day
        self._answer = self._beside.begin(partial(self._ask, market, day))

    def wait(self) -> None:
        """Wait until the request that was begun is answered, whatever comes; `bars` tells."""
        with suppress(AppError):
            self._answer()

    def bars(self, market: Market, day: date) -> Bars:
        """Return a market's issues on a day. Raises what the source raises."""
        return self._answer() if self._begun == (market, day) else self._ask(market, day)

    def _ask(self, market: Market, day: date) -> Bars:
        return self._source.etfs(day) if market is Market.ETF else self._source.equities(market, day)
