"""Settling the listings: what follows for all of them from the days that are stored.

A run that was killed before it settled leaves it to any later one: nothing here rests on what a process remembers.
"""

import sqlite3
from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.closures import plan_closures
from tray_app.datasets.krx.rules.holes import has_hole
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, Track
from tray_app.datasets.krx.rules.liquidation import LIQUIDATION_SESSIONS, ending_of
from tray_app.datasets.krx.store.endings import read_ending_rows, resolve_breaches
from tray_app.datasets.krx.store.episode_rows import StoredEpisode
from tray_app.datasets.krx.store.instruments import InstrumentBook
from tray_app.datasets.krx.store.ledger_book import Ledger
from tray_app.datasets.krx.store.stamps import set_pending_check
from tray_app.store.database import Database
from tray_app.store.series import Provenance


@dataclass(frozen=True, slots=True)
class Settled:
    """How many listings changed, and how many findings of the run that resolved."""

    changed: int
    resolved: int


def settle_listings(
    database: Database, book: InstrumentBook, ledger: Ledger, calendar: KrxCalendar, seen: Provenance
) -> Settled:
    """Settle the listings: number them by age, find how they ended and where they went on.

    The first days of issues on another market are to be checked anew, when that is news, and days of liquidation
    trading that were none.
    """
    sessions = {market: ledger.sessions(market) for market in Market}
    with database.writing() as connection:
        renumbered = book.number_by_age(connection, seen)
        closures = plan_closures(book.episodes(), ledger.all_verified(), sessions)
        for day in book.endings.close(connection, closures, seen):
            set_pending_check(connection, day)
        resolved = 0
        for ended in book.endings.doubted_ends():
            market = ended.episode.key.market
            last = _last_sessions(sessions[market], ended.episode.last_seen)
            entries = ledger.entries(Track(BarKind.EQUITY, market))
            resolved += _end(connection, book, ended, last, entries, calendar, seen)
    return Settled(len(closures) + renumbered, resolved)


def _end(  # noqa: PLR0913, PLR0917 - what tells how one listing ended
    connection: sqlite3.Connection,
    book: InstrumentBook,
    ended: StoredEpisode,
    last: Sequence[date],
    entries: Mapping[date, LedgerEntry],
    calendar: KrxCalendar,
    seen: Provenance,
) -> int:
    before, key, ending = ended.episode, ended.episode.key, None
    if before.delisting_date is not None:
        group, rows = read_ending_rows(connection, ended.instrument_id, last)
        days = [*last, before.delisting_date]
        is_whole = not any(has_hole(entries, calendar, day, after) for day, after in pairwise(days))
        ending = ending_of(key.market, group, rows if is_whole else ())
    book.endings.end(connection, ended, ending, seen)
    begun = ended.episode.liquidation_from
    if before.liquidation_from not in {None, begun}:
        for day in last:
            set_pending_check(connection, day)
    freed = [day for day in last if begun is not None and day >= begun]
    return resolve_breaches(connection, f"{key.market}:{key.code}", freed, seen)


def _last_sessions(sessions: Sequence[date], last_seen: date) -> Sequence[date]:
    place = bisect_right(sessions, last_seen)
    return sessions[max(0, place - LIQUIDATION_SESSIONS) : place]
