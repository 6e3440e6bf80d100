"""Judges issues against their own last weeks; only those are read whose day makes a finding possible."""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from statistics import median

from tray_app.core.krx.calendar import KrxCalendar
from tray_app.core.krx.quality import QualityIssue
from tray_app.core.krx.quality_rows import EquityDay
from tray_app.core.krx.quality_series import (
    HISTORY,
    LEAST_OUTLIER,
    SPIKE,
    STALE_SESSIONS,
    check_series,
    linked_series,
    moved_widely,
)
from tray_app.core.krx.rows import Market
from tray_app.store.krx.store import KrxStore


def series_issues(store: KrxStore, calendar: KrxCalendar, day: EquityDay) -> list[QualityIssue]:
    """Return the findings about the series that end on a market's session."""
    sessions = unbroken_sessions(store, calendar, day.market, day.trade_date)
    if len(sessions) < 2:
        return []
    suspects = moved_widely(day.bars, LEAST_OUTLIER)
    suspects |= _moved_before(store, day, sessions)
    suspects |= _unmoved(store, day, sessions)
    if not suspects:
        return []
    returns = [bar.change / bar.base_price for bar in day.bars if bar.base_price > 0]
    middle = median(returns) if returns else 0.0
    rows = store.series_rows(day.market, sessions, sorted(suspects))
    return [
        issue
        for code, each in rows.items()
        if each
        for issue in check_series(linked_series(day.market, code, each), middle)
    ]


def unbroken_sessions(store: KrxStore, calendar: KrxCalendar, market: Market, day: date) -> Sequence[date]:
    """Return the stored sessions up to a day between which no session is missing, ascending; not more than a month."""
    known = store.sessions(market)
    place = bisect_right(known, day)
    near = known[max(0, place - HISTORY - 1) : place]
    holes = [after for before, after in pairwise(near) if calendar.next_session(before) < after]
    return near[near.index(holes[-1]) :] if holes else near


def _moved_before(store: KrxStore, day: EquityDay, sessions: Sequence[date]) -> set[str]:
    """Return the codes whose move of one or two sessions ago may be undone now."""
    moved = moved_widely(day.previous.values(), SPIKE)
    if len(sessions) > 2:
        moved |= store.wide_moves(day.market, sessions[-3], SPIKE)
    return moved


def _unmoved(store: KrxStore, day: EquityDay, sessions: Sequence[date]) -> set[str]:
    """Return the codes with the close of 19 sessions ago that trade and did not move today."""
    if len(sessions) < STALE_SESSIONS:
        return set()
    closes = {bar.code: bar.close for bar in day.bars if bar.volume and bar.change == 0}
    rows = store.series_rows(day.market, [sessions[-STALE_SESSIONS], day.trade_date], closes)
    return {code for code, each in rows.items() if len(each) > 1 and each[0].volume and each[0].close == each[1].close}
