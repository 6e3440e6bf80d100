"""Judges issues against their own last weeks; only those are read whose day makes a finding possible."""

from bisect import bisect_right
from collections.abc import Collection, Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.ledger import BarKind, Track
from tray_app.datasets.krx.rules.quality.rows import EquityDay
from tray_app.datasets.krx.rules.quality.series import (
    HISTORY,
    LEAST_OUTLIER,
    SPIKE,
    STALE_SESSIONS,
    check_series,
    linked_series,
    moved_widely,
)


class SeriesCheck:
    """Checks a market's sessions one after the other, and remembers which issues moved widely on the last ones."""

    def __init__(self, context: KrxRunContext) -> None:
        self._context = context
        self._moved: dict[Market, dict[date, Collection[str]]] = {market: {} for market in STOCK_MARKETS}

    def check(self, day: EquityDay) -> list[QualityIssue]:
        """Return the findings about the series that end on a market's session."""
        market, sessions = day.market, unbroken_sessions(self._context, day.market, day.trade_date)
        moves = moved_widely(day.bars, LEAST_OUTLIER)
        earlier = {before: self._moved_on(market, before) for before in sessions[-3:-1]}
        today = frozenset(code for code, move in moves.items() if abs(move) >= SPIKE)
        self._moved[market] = {**earlier, day.trade_date: today}
        suspects = set(moves).union(*earlier.values(), _unmoved(self._context, day, sessions))
        if len(sessions) < 2 or not suspects:
            return []
        middle = _middle_move(day) if moves else 0.0
        rows = self._context.rows.series(market, sessions, sorted(suspects))
        return [
            issue
            for code, each in rows.items()
            if each
            for issue in check_series(linked_series(market, code, each), middle)
        ]

    def _moved_on(self, market: Market, day: date) -> Collection[str]:
        kept = self._moved[market].get(day)
        return self._context.rows.codes_on(market, day, moved=SPIKE) if kept is None else kept


def unbroken_sessions(context: KrxRunContext, market: Market, day: date) -> Sequence[date]:
    """Return the stored sessions up to a day between which no session is missing, ascending; not more than a month."""
    known = context.ledger.sessions(market)
    place = bisect_right(known, day)
    near = known[max(0, place - HISTORY - 1) : place]
    track = Track(BarKind.EQUITY, market)
    holes = [
        after
        for before, after in pairwise(near)
        # Nearly always the next session is the one predicted.
        if context.calendar.next_session(before) < after and context.has_hole(track, before, after)
    ]
    return near[near.index(holes[-1]) :] if holes else near


def _middle_move(day: EquityDay) -> float:
    moves = [bar.change / base for bar in day.bars if (base := bar.close - bar.change) > 0]
    return median(moves) if moves else 0.0


def _unmoved(context: KrxRunContext, day: EquityDay, sessions: Sequence[date]) -> set[str]:
    """Return the codes with the close of 19 sessions ago that trade and did not move today."""
    if len(sessions) < STALE_SESSIONS:
        return set()
    closes = {bar.code: bar.close for bar in day.bars if bar.volume and bar.change == 0}
    rows = context.rows.series(day.market, [sessions[-STALE_SESSIONS], day.trade_date], closes)
    return {code for code, each in rows.items() if len(each) > 1 and each[0].volume and each[0].close == each[1].close}
