"""Findings about the store as it stands, whatever was collected now: sessions that stay away, listings, stale markets.

All of it is in memory already; each is said once and resolved when it is no longer so.
"""

from collections.abc import Iterator
from datetime import date, datetime

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import TRACKS, BarKind, LedgerState, Track
from tray_app.datasets.krx.rules.quality.actions import check_adjustment_suspect
from tray_app.datasets.krx.rules.quality.calendar import check_calendar_day
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.rules.quality.listings import LISTING_CODES, check_listings
from tray_app.datasets.krx.rules.quality.source import check_empty, check_staleness
from tray_app.datasets.krx.store.store import KrxStore

STORE_WIDE_CODES = LISTING_CODES | {
    IssueCode.DAY_MISSING,
    IssueCode.EMPTY_ON_EXPECTED_SESSION,
    IssueCode.CAL_UNKNOWN,
    IssueCode.ADJ_EQUALS_RAW_SUSPECT,
}


def standing_issues(store: KrxStore, calendar: KrxCalendar, now: datetime) -> list[QualityIssue]:
    """Return every finding of STORE_WIDE_CODES."""
    episodes = store.episodes()
    stored = {market: store.ledger.sessions(market) for market in STOCK_MARKETS}
    return [
        *check_listings(episodes, stored),
        *_empty_sessions(store),
        *_unknown_days(store, calendar, now),
        *_suspects(store),
    ]


def stale_markets(store: KrxStore, calendar: KrxCalendar, now: datetime) -> list[QualityIssue]:
    """Return the markets a run of today left behind; a source that is a morning late is not yet a finding."""
    expected = calendar.previous_session(calendar.latest_publishable(now))
    newest = {market: max(store.ledger.sessions(market), default=None) for market in STOCK_MARKETS}
    return [
        issue
        for market, day in newest.items()
        for issue in check_staleness(market, day, calendar.next_session(day) if day else None, expected)
    ]


def _empty_sessions(store: KrxStore) -> Iterator[QualityIssue]:
    with_rows = {day for market in STOCK_MARKETS for day in store.ledger.sessions(market)}
    for track in TRACKS:
        for entry in store.ledger.entries(track).values():
            if not entry.state.is_stored:
                yield from check_empty(entry, others_have_rows=entry.session in with_rows)


def _unknown_days(store: KrxStore, calendar: KrxCalendar, now: datetime) -> Iterator[QualityIssue]:
    with_rows: set[date] = {day for market in STOCK_MARKETS for day in store.ledger.sessions(market)}
    for entry in store.ledger.entries(Track(BarKind.EQUITY, Market.KOSPI)).values():
        if entry.state is LedgerState.UNKNOWN and entry.attempts and entry.session not in with_rows:
            yield from check_calendar_day(calendar.judge(entry.session, now, empty_answers=entry.attempts))


def _suspects(store: KrxStore) -> Iterator[QualityIssue]:
    for market in STOCK_MARKETS:
        sessions = store.ledger.sessions(market)
        if sessions:
            factors = int(store.has_factor(market))
            yield from check_adjustment_suspect(sessions[0], market, len(sessions), factors)
