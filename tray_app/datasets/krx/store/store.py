"""The Korea Exchange tables for one run: every session in one transaction with its listings and its ledger entry."""

import sqlite3
from bisect import insort
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tray_app.core.quality import IssueDataset, QualityIssue
from tray_app.datasets.krx.rows import BaseInfo, EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.adjustment import Adjustment, Factor
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.episodes import Episode, plan_day
from tray_app.datasets.krx.rules.ledger import LedgerEntry, Track
from tray_app.datasets.krx.rules.liquidation import LIQUIDATION_SESSIONS
from tray_app.datasets.krx.rules.master_lists import days_without_base_info
from tray_app.datasets.krx.rules.quality.answer import ANSWER_CODES, INDEX_ANSWER_CODES
from tray_app.datasets.krx.rules.quality.convictions import LEFT_OUT
from tray_app.datasets.krx.rules.quality.series import SeriesRow
from tray_app.datasets.krx.rules.relistings import has_returned
from tray_app.datasets.krx.rules.transfers import Arrival
from tray_app.datasets.krx.store.benchmark import read_index_day, store_index_day
from tray_app.datasets.krx.store.daily import read_base_price_moves, read_day, read_last_bar, store_market_day
from tray_app.datasets.krx.store.factors import read_factors, store_factors
from tray_app.datasets.krx.store.findings import Findings
from tray_app.datasets.krx.store.history import has_factor, read_codes, read_restated, read_series, read_wide_moves
from tray_app.datasets.krx.store.instruments import InstrumentBook
from tray_app.datasets.krx.store.ledger import save_entry
from tray_app.datasets.krx.store.ledger_book import Ledger
from tray_app.datasets.krx.store.marks import SessionMark, mark_session, marked_sessions
from tray_app.datasets.krx.store.partings import Partings
from tray_app.datasets.krx.store.settling import Settled, settle_listings
from tray_app.datasets.krx.store.stamps import is_unchecked, set_pending_check, unchecked_days
from tray_app.store.again import AgainStore
from tray_app.store.database import Database
from tray_app.store.issues import CheckScope, keep_issues
from tray_app.store.series import Provenance

# Market sessions after which it is written how far the listings reach.
SPANS_AT_ONCE = 60


class KrxStore:
    """Reads its small tables once and keeps them in step; one run, one store, one thread."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.again = AgainStore(database)
        self.ledger = Ledger(database)
        with database.reading() as connection:
            self._book = InstrumentBook(connection)
            self._marked_spans = len(marked_sessions(connection, SessionMark.SPAN))
            self._asked: dict[Market, list[date]] = {market: [] for market in Market}
            for market, day in marked_sessions(connection, SessionMark.MASTER_LIST):
                self._asked[market].append(day)
        self.findings = Findings(database, self._book, self.ledger)
        self._recent: dict[Market, tuple[date, tuple[EquityBar, ...]]] = {}
        self._moves: tuple[tuple[date, date], Mapping[Market, dict[int, tuple[EquityBar, EquityBar]]]]
        self._moves = (date.min, date.min), {}
        self._recent_indices: dict[str, tuple[date, tuple[IndexBar, ...]]] = {}

    # --- rows -------------------------------------------------------------------------------------------------

    def upsert_bars(
        self, entry: LedgerEntry, bars: tuple[EquityBar, ...], seen: Provenance, found: Sequence[QualityIssue] = ()
    ) -> int:
        """Write a market's session with its listings, ledger entry and findings; returns the rows new or changed.

        found: what only the answer itself tells of, instead of what an earlier one told.
        """
        market, day = bars[0].market, entry.session
        following, verified = self.ledger.following_session(market, day), self.ledger.verified(market)
        plan = plan_day(day, self._book.episodes(market), {market: bars}, (), {market: verified}, {market: following})
        with self._database.writing() as connection:
            self._book.apply(connection, plan, bars, seen)
            changed = store_market_day(connection, day, bars, self._book.ids(plan, market), seen)
            save_entry(connection, entry, seen.run_id)
            decided = CheckScope(IssueDataset.EQUITY, day, ANSWER_CODES | LEFT_OUT, owner=market)
            keep_issues(connection, decided, found, self._book.id_on, seen)
            self._note_asked_again(connection, entry)
            mark_session(connection, SessionMark.SPAN, market, day)
            if changed:
                self._book.widen(plan, market)
                if self.ledger.has_rows(entry.track, day):
                    self._book.drop_rowless(connection, plan, market)
                judged = self.ledger.judged_by(market, day)
                for each in judged:
                    set_pending_check(connection, each)
                if near := judged[: LIQUIDATION_SESSIONS - 1]:
                    self._book.endings.doubt_ends(connection, market, day, near[-1])
            self._marked_spans += 1
            if self._marked_spans >= SPANS_AT_ONCE:
                self._write_spans(connection, seen)
        self.ledger.note(entry, len(bars))
        self._recent[market] = (day, bars)
        self._moves = (date.min, date.min), {}
        return changed

    def _note_asked_again(self, connection: sqlite3.Connection, entry: LedgerEntry) -> None:
        """Have a judged day checked anew, and the one after it: a doubt may be gone, what was made of it be wrong."""
        before = self.ledger.entry(entry.track, entry.session)
        if before is not None and before.is_judged:
            for day in (entry.session, self.ledger.following(entry)):
                if day is not None:
                    set_pending_check(connection, day)

    def write_spans(self, seen: Provenance) -> None:
        """Store how far the listings reach by now."""
        if self._marked_spans:
            with self._database.writing() as connection:
                self._write_spans(connection, seen)

    def _write_spans(self, connection: sqlite3.Connection, seen: Provenance) -> None:
        self._book.write_spans(connection, seen)
        self._marked_spans = 0

    def keep_indices(
        self, entry: LedgerEntry, bars: tuple[IndexBar, ...], seen: Provenance, found: Sequence[QualityIssue] = ()
    ) -> int:
        """Write a class's session with its ledger entry and findings; returns the rows new or changed."""
        with self._database.writing() as connection:
            changed = store_index_day(connection, entry.session, bars, seen)
            save_entry(connection, entry, seen.run_id)
            self._note_asked_again(connection, entry)
            codes, owner = INDEX_ANSWER_CODES | LEFT_OUT, bars[0].index_class
            decided = CheckScope(IssueDataset.INDEX, entry.session, codes, owner=owner)
            keep_issues(connection, decided, found, self._book.id_on, seen)
        self.ledger.note(entry, len(bars))
        self._recent_indices[bars[0].index_class] = (entry.session, bars)
        return changed

    def upsert_base_info(self, market: Market, day: date, infos: Sequence[BaseInfo], seen: Provenance) -> None:
        """Write what a day's master list tells of its issues."""
        self._partings(market).told(day, infos, self.ledger.verified(market), seen)
        bars = self.equity_bars(market, day)
        # Stored rows tell nothing new of names and sections, and of old ones not all.
        planned = plan_day(day, self._book.episodes(market), {market: bars}, infos)
        plan = replace(planned, renamed=(), resectioned=())
        with self._database.writing() as connection:
            self._book.apply(connection, plan, bars, seen, self._asked[market])
            for joined_on in self._book.join_twins(connection, self.ledger.sessions(market), seen):
                set_pending_check(connection, joined_on)
            mark_session(connection, SessionMark.MASTER_LIST, market, day)
        self._note_asked(market, day)

    def equity_bars(self, market: Market, day: date) -> tuple[EquityBar, ...]:
        """Return a market's stored session."""
        recent = self._recent.get(market)
        if recent is not None and recent[0] == day:
            return recent[1]
        with self._database.reading() as connection:
            bars = read_day(connection, market, day)
        self._recent[market] = day, bars
        return bars

    def index_bars(self, track: Track, day: date) -> tuple[IndexBar, ...]:
        """Return a class's stored session."""
        recent = self._recent_indices.get(track.market_code)
        if recent is not None and recent[0] == day:
            return recent[1]
        with self._database.reading() as connection:
            return read_index_day(connection, IndexClass(track.market_code), day)

    def has_nameless(self, market: Market, day: date, *, is_late: bool = False) -> bool:
        """Whether an issue was first met on this day and base info has not told who it is. ETFs have no base info.

        is_late: other days were stored since, so the day may be either end of what is known of the issue.
        """
        return market is not Market.ETF and any(
            (day in {episode.first_seen, episode.last_seen} if is_late else episode.first_seen == episode.last_seen)
            and episode.first_seen <= day <= episode.last_seen
            for episode in self._book.nameless(market)
        )

    def has_returned(self, market: Market, day: date) -> bool:
        """Whether an issue is back on this day that the complete list of the session before did not have."""
        before = self.ledger.previous_session_with_rows(market, day)
        if market is Market.ETF or before is None or before not in self.ledger.verified(market):
            return False
        codes = {bar.code for bar in self.equity_bars(market, day)}
        return has_returned(self._book.episodes(market), day, codes - self.codes_on(market, before))

    def master_lists(self, market: Market) -> Collection[date]:
        """Return the sessions whose master lists were asked for."""
        return self._asked[market]

    def master_list_asked(self, market: Market) -> date | None:
        """Return the newest session of which a market's master list is stored."""
        return self._asked[market][-1] if self._asked[market] else None

    def keep_no_base_info(self, market: Market, day: date) -> None:
        """Write that a session with rows has no master list, so that it is not asked for again."""
        with self._database.writing() as connection:
            mark_session(connection, SessionMark.MASTER_LIST, market, day)
        self._note_asked(market, day)

    def days_without_base_info(self, market: Market) -> list[date]:
        """Return the last sessions of a market's listings whose master lists were not asked for, ascending."""
        return sorted(days_without_base_info(self._book.episodes(market), self._asked[market]))

    # --- factors ----------------------------------------------------------------------------------------------

    def base_price_moves(self, market: Market, before: date, day: date) -> dict[int, tuple[EquityBar, EquityBar]]:
        """Return the rows of two sessions of the issues whose base price is not their previous close, by id."""
        if self._moves[0] != (before, day):
            with self._database.reading() as connection:
                self._moves = (before, day), read_base_price_moves(connection, before, day)
        return self._moves[1][market]

    def arrivals(self, market: Market, day: date) -> dict[int, Arrival]:
        """Return the issues that came to a market on a day from another one, by id there."""
        moves = self._book.endings.arrivals(market, day)
        if not moves:
            return {}
        found: dict[int, Arrival] = {}
        with self._database.reading() as connection:
            for left, came in moves:
                ended = left.episode
                last = read_last_bar(connection, ended.key.market, left.instrument_id, ended.last_seen)
                first = read_last_bar(connection, market, came.instrument_id, day)
                if last is not None and first is not None:
                    found[came.instrument_id] = Arrival(last, first)
        return found

    def replace_factors(self, market: Market, day: date, events: Mapping[int, Adjustment], seen: Provenance) -> int:
        """Make these the factors of a market's session; returns how many changed."""
        factors = {key: event for key, event in events.items() if event.changes_prices}
        with self._database.writing() as connection:
            return store_factors(connection, market, day, factors, seen)

    # --- checks -----------------------------------------------------------------------------------------------

    def unchecked_days(self) -> list[date]:
        """Return the sessions whose factors and quality are still to be worked out, ascending."""
        with self._database.reading() as connection:
            return unchecked_days(connection)

    def is_unchecked(self, day: date) -> bool:
        """Whether a session's factors and quality are still to be worked out."""
        with self._database.reading() as connection:
            return is_unchecked(connection, day)

    def codes_on(self, market: Market, day: date) -> frozenset[str]:
        """Return the codes with a row on a market's session."""
        with self._database.reading() as connection:
            return read_codes(connection, market, day)

    def wide_moves(self, market: Market, day: date, least: float) -> frozenset[str]:
        """Return the codes that moved by at least this share of their base price on a market's session."""
        with self._database.reading() as connection:
            return read_wide_moves(connection, market, day, least)

    def series_rows(self, market: Market, days: Sequence[date], codes: Iterable[str]) -> dict[str, list[SeriesRow]]:
        """Return rows of the listings that bear some codes on the last of some sessions, by code, ascending."""
        ids = {found: code for code in codes if (found := self._book.id_on(market, code, days[-1])) is not None}
        with self._database.reading() as connection:
            return read_series(connection, days, ids)

    def restated_on(self, day: date) -> dict[Market, dict[str, set[str]]]:
        """Return the columns of a session's rows that a later answer changed, by market and code."""
        with self._database.reading() as connection:
            return read_restated(connection, day)

    def has_factor(self, market: Market) -> bool:
        """Whether any factor of a market is stored."""
        with self._database.reading() as connection:
            return has_factor(connection, market)

    def episodes(self) -> list[Episode]:
        """Return all listings, as they are known in memory."""
        return self._book.episodes()

    def factors_of(self, market: Market, day: date) -> dict[str, Factor]:
        """Return the stored factors of a market's session by issue code."""
        with self._database.reading() as connection:
            return read_factors(connection, market, day)

    # --- listings ---------------------------------------------------------------------------------------------

    def part_relisted(self, market: Market, day: date, seen: Provenance) -> int:
        """Part the listings that a session's list shows to be two: the code is absent from it and many others."""
        stored = self.ledger.sessions(market)
        if not stored or not stored[0] < day < stored[-1]:
            return 0
        codes = [bar.code for bar in self.equity_bars(market, day)]
        return self._partings(market).absent(day, codes, self.ledger.verified(market), self._asked[market], seen)

    def _partings(self, market: Market) -> Partings:
        return Partings(self._database, self._book, market, self.ledger.sessions(market))

    def settle_listings(self, seen: Provenance, calendar: KrxCalendar) -> Settled:
        """Settle the episodes: numbers by age, how they ended, where they went on."""
        return settle_listings(self._database, self._book, self.ledger, calendar, seen)

    def in_liquidation(self, market: Market, day: date) -> frozenset[str]:
        """Return the codes in liquidation trading on a market's session."""
        return self._book.endings.in_liquidation(market, day)

    def _note_asked(self, market: Market, day: date) -> None:
        if day not in self._asked[market]:
            insort(self._asked[market], day)
