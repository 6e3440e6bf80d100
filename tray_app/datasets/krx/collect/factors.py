"""Adjustment factors of the days whose rows, or whose previous session's rows, are new."""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial

from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.adjustment import Adjustment, adjustment
from tray_app.datasets.krx.rules.ledger import BarKind, Track
from tray_app.datasets.krx.rules.transfers import Arrival, arrival_events
from tray_app.datasets.krx.rules.verification import ALL_ROWS
from tray_app.datasets.krx.store.rows import Moves


def compute_factors(context: KrxRunContext, days: Iterable[date]) -> int:
    """Compute and store the factors of some stored days and of the sessions after them; returns how many changed.

    A day whose previous session is missing gets none: its base price speaks of a close that is not stored. Nor does
    one that is in doubt, or whose previous session is.
    """
    changed = 0
    touched = {market: _touched(context, market, days) for market in STOCK_MARKETS}
    for day in sorted(set[date]().union(*touched.values())):
        context.raise_if_cancelled()
        moves = cache(partial(context.rows.base_price_moves, day=day))
        for market in (market for market in STOCK_MARKETS if day in touched[market]):
            changed += context.checks.replace_factors(market, day, _events(context, market, day, moves), context.seen)
    return changed


def arrivals(context: KrxRunContext, market: Market, day: date) -> dict[int, Arrival]:
    """Return the issues that came to a market on a day from another, by id.

    None across a missing session there, nor when their last day there is in doubt.
    """

    def is_sure(arrival: Arrival) -> bool:
        track, left = Track(BarKind.EQUITY, arrival.last.market), arrival.last.trade_date
        entry = context.ledger.entry(track, left)
        return not (entry is not None and entry.is_in_doubt) and not context.has_hole(track, left, day)

    return {key: arrival for key, arrival in context.rows.arrivals(market, day).items() if is_sure(arrival)}


def _events(context: KrxRunContext, market: Market, day: date, moves: Callable[[date], Moves]) -> dict[int, Adjustment]:
    track = Track(BarKind.EQUITY, market)
    entries = context.ledger.entries(track)
    if entries[day].is_in_doubt:
        return {}
    came = arrivals(context, market, day)
    # Of rows that a person accepted the days without, neither base price nor close is known.
    lacking = accepted_without(context, market, day)
    arrived = arrival_events({key: each for key, each in came.items() if each.first.code not in lacking})
    before = context.session_before(track, day)
    if before is None or entries[before].is_in_doubt:
        return arrived
    lacking |= accepted_without(context, market, before)
    known = {key: adjustment(old, new) for key, (old, new) in moves(before)[market].items() if new.code not in lacking}
    return {key: event for key, event in known.items() if event is not None} | arrived


def accepted_without(context: KrxRunContext, market: Market, day: date) -> frozenset[str]:
    """Return the codes whose rows of a market's session a person has accepted it without."""
    return context.checks.accepted_on(day).get(Track(BarKind.EQUITY, market), ALL_ROWS).rows


def _touched(context: KrxRunContext, market: Market, days: Iterable[date]) -> set[date]:
    stored = context.ledger.entries(Track(BarKind.EQUITY, market))
    touched = {day for day in days if day in stored and stored[day].state.is_stored}
    after = {following for day in touched if (following := context.ledger.following_session(market, day)) is not None}
    return touched | after
