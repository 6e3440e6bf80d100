"""Findings about the store as it stands, whatever was collected now: sessions that stay away, listings, stale markets.

All of it is in memory already; each is said once and resolved when it is no longer so.
"""

from collections.abc import Iterator
from datetime import date

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.ledger import TRACKS, BarKind, LedgerState, Track
from tray_app.datasets.krx.rules.quality.actions import check_adjustment_suspect
from tray_app.datasets.krx.rules.quality.calendar import check_calendar_day
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.rules.quality.listings import LISTING_CODES, check_listings
from tray_app.datasets.krx.rules.quality.source import check_empty, check_staleness

STORE_WIDE_CODES = LISTING_CODES | {
    IssueCode.DAY_MISSING,
    IssueCode.EMPTY_ON_EXPECTED_SESSION,
    IssueCode.CAL_UNKNOWN,
    IssueCode.ADJ_EQUALS_RAW_SUSPECT,
}


def standing_issues(context: KrxRunContext) -> list[QualityIssue]:
    """Return every finding of STORE_WIDE_CODES."""
    episodes = context.listings.episodes()
    stored = {market: context.ledger.sessions(market) for market in STOCK_MARKETS}
    return [
        *check_listings(episodes, stored),
        *_empty_sessions(context),
        *_unknown_days(context),
        *_suspects(context),
    ]


def stale_markets(context: KrxRunContext) -> list[QualityIssue]:
    """Return the markets a run of today left behind; a source that is a morning late is not yet a finding."""
    calendar = context.calendar
    expected = calendar.previous_session(calendar.latest_publishable(context.now))
    newest = {market: max(context.ledger.sessions(market), default=None) for market in STOCK_MARKETS}
    return [
        issue
        for market, day in newest.items()
        for issue in check_staleness(market, day, calendar.next_session(day) if day else None, expected)
    ]


def _empty_sessions(context: KrxRunContext) -> Iterator[QualityIssue]:
    with_rows = {day for market in STOCK_MARKETS for day in context.ledger.sessions(market)}
    for track in TRACKS:
        for entry in context.ledger.entries(track).values():
            if not entry.state.is_stored:
                yield from check_empty(entry, others_have_rows=entry.session in with_rows)


def _unknown_days(context: KrxRunContext) -> Iterator[QualityIssue]:
    with_rows: set[date] = {day for market in STOCK_MARKETS for day in context.ledger.sessions(market)}
    for entry in context.ledger.entries(Track(BarKind.EQUITY, Market.KOSPI)).values():
        if entry.state is LedgerState.UNKNOWN and entry.attempts and entry.session not in with_rows:
            yield from check_calendar_day(
                context.calendar.judge(entry.session, context.now, empty_answers=entry.attempts)
            )


def _suspects(context: KrxRunContext) -> Iterator[QualityIssue]:
    for market in STOCK_MARKETS:
        sessions = context.ledger.sessions(market)
        if sessions:
            factors = int(context.checks.has_factor(market))
            yield from check_adjustment_suspect(sessions[0], market, len(sessions), factors)
