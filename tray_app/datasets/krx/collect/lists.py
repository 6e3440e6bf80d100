"""The master lists: who the issues of a session are, as the exchange told it on that day."""

from datetime import date

from tray_app.core.model import Window
from tray_app.datasets.collector import RunContext
from tray_app.datasets.krx.collect.quality import QualityCheck
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.source.client import KrxOpenApi
from tray_app.datasets.krx.store.store import KrxStore


class BaseInfoFetcher:
    """Asks for lists, keeps what they tell and compares them with the rows."""

    def __init__(self, source: KrxOpenApi, store: KrxStore, check: QualityCheck, context: RunContext) -> None:
        self._source = source
        self._store = store
        self._check = check
        self._context = context

    def ask(self, market: Market, day: date) -> int:
        """Ask for a market's list of a session with rows; returns how many issues it names."""
        told = self._source.base_info(market, day)
        if told.rows:
            self._store.upsert_base_info(market, day, told.rows, self._context.seen)
            self._check.master(market, day, told)
        return len(told.rows) + len(told.faults)

    def ask_last(self, market: Market, day: date) -> None:
        """Ask for the list of the last session of a listing, once, whatever comes."""
        if not self.ask(market, day):
            self._store.keep_no_base_info(market, day)


def last_lists(store: KrxStore, market: Market, window: Window | None) -> list[date]:
    """Return the sessions of a range whose lists tell the newest of an issue and were not asked for, ascending.

    None for a daily run, which asks for a list a week.
    """
    if window is None or not window.means(market):
        return []
    end = window.date_to or date.max
    return [day for day in store.days_without_base_info(market) if window.date_from <= day <= end]
