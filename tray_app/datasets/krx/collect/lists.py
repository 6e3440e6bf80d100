"""The master lists: who the issues of a session are, as the exchange told it on that day."""

from datetime import date, timedelta

from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.collect.quality import QualityCheck
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.source.client import KrxOpenApi

MASTER_LISTS_EVERY = timedelta(days=7)


class BaseInfoFetcher:
    """Asks for lists, keeps what they tell and compares them with the rows."""

    def __init__(self, context: KrxRunContext, source: KrxOpenApi, check: QualityCheck) -> None:
        self._context = context
        self._source = source
        self._check = check

    def ask(self, market: Market, day: date) -> int:
        """Ask for a market's list of a session with rows; returns how many issues it names."""
        context, told = self._context, self._source.base_info(market, day)
        if told.rows:
            bars = context.rows.equity_bars(market, day)
            context.listings.upsert_base_info(market, day, told.rows, bars, context.seen)
            self._check.master(market, day, told)
        return len(told.rows) + len(told.faults)

    def ask_last(self, market: Market, day: date) -> None:
        """Ask for the list of the last session of a listing; one that comes empty is asked for again later."""
        if not self.ask(market, day):
            self._context.listings.keep_empty_list(market, day, self._context.seen)


def master_lists_due(context: KrxRunContext) -> tuple[date | None, list[Market]]:
    """Return the newest stored session, and the markets whose master list of it a run of the day asks for."""
    newest = max(context.ledger.sessions_with_rows(), default=None)
    if newest is None:
        return None, []
    asked = {market: context.listings.master_lists(market) for market in STOCK_MARKETS}
    return newest, [market for market, days in asked.items() if not days or newest - days[-1] >= MASTER_LISTS_EVERY]


def last_lists(context: KrxRunContext, market: Market) -> list[date]:
    """Return the sessions of the range whose lists tell the newest of an issue and are to be asked for, ascending.

    A daily run, which asks for a list a week, asks for those alone that came empty before.
    """
    window = context.window
    if window is not None and not window.means(market):
        return []
    due = context.listings.lists_due(market, context.now)
    if window is None:
        return [day for day in due if context.listings.has_come_empty(market, day)]
    return [day for day in due if window.date_from <= day <= (window.date_to or date.max)]
