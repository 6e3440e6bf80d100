"""Adjustment factors of the days whose rows, or whose previous session's rows, are new."""

from collections.abc import Iterable
from datetime import date

from tray_app.collectors.base import RunContext
from tray_app.core.krx.adjustment import adjustment
from tray_app.core.krx.calendar import KrxCalendar
from tray_app.core.krx.holes import has_hole
from tray_app.core.krx.ledger import Dataset, Track
from tray_app.core.krx.rows import STOCK_MARKETS, Market
from tray_app.core.krx.transfers import Arrival, arrival_events
from tray_app.store.krx.store import KrxStore


def compute_factors(store: KrxStore, calendar: KrxCalendar, days: Iterable[date], context: RunContext) -> int:
    """Compute and store the factors of some stored days and of the sessions after them; returns how many changed.

    A day whose previous session is missing gets none: its base price speaks of a close that is not stored.
    """
    changed = 0
    touched = {market: _touched(store, market, days) for market in STOCK_MARKETS}
    for day in sorted(set[date]().union(*touched.values())):
        context.cancel.raise_if_cancelled()
        for market in (market for market in STOCK_MARKETS if day in touched[market]):
            before = store.previous_session_with_rows(market, day)
            entries = store.entries(Track(Dataset.EQUITY, market))
            arrived = arrival_events(arrivals(store, calendar, market, day))
            is_after_hole = before is None or has_hole(entries, calendar, before, day)
            if is_after_hole and not arrived:
                continue
            moves = {} if before is None or is_after_hole else store.base_price_moves(market, before, day)
            events = {key: event for key, (old, new) in moves.items() if (event := adjustment(old, new)) is not None}
            changed += store.keep_factors(market, day, events | arrived, context.seen)
    return changed


def arrivals(store: KrxStore, calendar: KrxCalendar, market: Market, day: date) -> dict[int, Arrival]:
    """Return the issues that came to a market on a day from another, by id; none across a missing session there."""
    return {
        key: arrival
        for key, arrival in store.arrivals(market, day).items()
        if not has_hole(
            store.entries(Track(Dataset.EQUITY, arrival.last.market)), calendar, arrival.last.trade_date, day
        )
    }


def _touched(store: KrxStore, market: Market, days: Iterable[date]) -> set[date]:
    stored = store.entries(Track(Dataset.EQUITY, market))
    touched = {day for day in days if day in stored and stored[day].state.is_stored}
    after = {following for day in touched if (following := store.following_session(market, day)) is not None}
    return touched | after
