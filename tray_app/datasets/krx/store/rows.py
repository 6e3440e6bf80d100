"""The rows of the exchange: every session in one transaction with its listings and its ledger entry."""

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from tray_app.core.days import day_number
from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.episodes import plan_day
from tray_app.datasets.krx.rules.ledger import LedgerEntry, Track
from tray_app.datasets.krx.rules.liquidation import LIQUIDATION_SESSIONS
from tray_app.datasets.krx.rules.quality.answer import ANSWER_CODES, INDEX_ANSWER_CODES
from tray_app.datasets.krx.rules.quality.catalogue import IssueDataset
from tray_app.datasets.krx.rules.quality.convictions import LEFT_OUT
from tray_app.datasets.krx.rules.quality.series import SeriesRow
from tray_app.datasets.krx.rules.transfers import Arrival
from tray_app.datasets.krx.store.benchmark import read_index_day, store_index_day
from tray_app.datasets.krx.store.daily import (
    read_base_price_moves,
    read_day,
    read_last_bar,
    store_market_day,
)
from tray_app.datasets.krx.store.ledger import Ledger, save_entry
from tray_app.datasets.krx.store.listings import Listings
from tray_app.datasets.krx.store.marks import set_pending_check
from tray_app.store.database import Database
from tray_app.store.issues import CheckScope, keep_issues
from tray_app.store.series import Provenance

Moves = Mapping[Market, dict[int, tuple[EquityBar, EquityBar]]]


class Rows:
    """Writes and reads sessions; keeps the last of each market and class at hand."""

    def __init__(self, database: Database, ledger: Ledger, listings: Listings) -> None:
        self._database = database
        self._ledger = ledger
        self._listings = listings
        self._recent: dict[Market, tuple[date, tuple[EquityBar, ...]]] = {}
        self._recent_indices: dict[str, tuple[date, tuple[IndexBar, ...]]] = {}

    def upsert_bars(
        self, entry: LedgerEntry, bars: tuple[EquityBar, ...], seen: Provenance, found: Sequence[QualityIssue] = ()
    ) -> int:
        """Write a market's session with its listings, ledger entry and findings; returns the rows new or changed.

        found: what only the answer itself tells of, instead of what an earlier one told.
        """
        market, day, ledger, listings = bars[0].market, entry.session, self._ledger, self._listings
        following, verified = ledger.following_session(market, day), ledger.verified(market)
        plan = plan_day(day, market, listings.episodes(market), bars, (), verified, following)
        with self._database.writing() as connection:
            listings.apply(connection, plan, bars, seen)
            changed = store_market_day(connection, day, bars, listings.ids(plan), seen)
            decided = CheckScope(IssueDataset.EQUITY, day, ANSWER_CODES | LEFT_OUT, owner=market)
            self._write_answer(connection, entry, decided, found, seen)
            if changed:
                listings.widen(connection, plan, seen)
                if ledger.has_rows(entry.track, day):
                    listings.drop_rowless(connection, plan)
                judged = ledger.judged_by(market, day)
                for each in judged:
                    set_pending_check(connection, each)
                if near := judged[: LIQUIDATION_SESSIONS - 1]:
                    listings.endings.doubt_ends(connection, market, day, near[-1])
        ledger.note(entry, len(bars))
        self._recent[market] = (day, bars)
        return changed

    def upsert_index_bars(
        self, entry: LedgerEntry, bars: tuple[IndexBar, ...], seen: Provenance, found: Sequence[QualityIssue] = ()
    ) -> int:
        """Write a class's session with its ledger entry and findings; returns the rows new or changed."""
        with self._database.writing() as connection:
            changed = store_index_day(connection, entry.session, bars, seen)
            codes, owner = INDEX_ANSWER_CODES | LEFT_OUT, bars[0].index_class
            decided = CheckScope(IssueDataset.INDEX, entry.session, codes, owner=owner)
            self._write_answer(connection, entry, decided, found, seen)
        self._ledger.note(entry, len(bars))
        self._recent_indices[bars[0].index_class] = (entry.session, bars)
        return changed

    def _write_answer(
        self,
        connection: sqlite3.Connection,
        entry: LedgerEntry,
        decided: CheckScope,
        found: Sequence[QualityIssue],
        seen: Provenance,
    ) -> None:
        """Write what an answer does to the ledger, and what it told itself.

        A judged day is checked anew, and the one after it: a doubt may be gone, what was made of it be wrong.
        """
        save_entry(connection, entry, seen.run_id)
        keep_issues(connection, decided, found, self._listings.id_on, seen)
        before = self._ledger.entry(entry.track, entry.session)
        if before is not None and before.is_judged:
            for day in (entry.session, self._ledger.following(entry)):
                if day is not None:
                    set_pending_check(connection, day)

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

    def base_price_moves(self, before: date, day: date) -> Moves:
        """Return the rows of two sessions of the issues whose base price is not their previous close.

        By market, then by id; all markets are read at once.
        """
        with self._database.reading() as connection:
            return read_base_price_moves(connection, before, day)

    def arrivals(self, market: Market, day: date) -> dict[int, Arrival]:
        """Return the issues that came to a market on a day from another one, by id there."""
        moves = self._listings.endings.arrivals(market, day)
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

    def codes_on(self, market: Market, day: date, *, moved: float | None = None) -> frozenset[str]:
        """Return the codes with a row on a market's session: all, or those that moved by such a share of their base."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT i.external_code FROM daily_market_data d"
                " CROSS JOIN instruments i ON i.instrument_id = d.instrument_id"
                " WHERE d.trade_date = ? AND i.market_code = ?"
                " AND (?3 IS NULL OR ABS(d.change) >= ?3 * d.base_price)",
                (day_number(day), market, moved),
            ).fetchall()
        return frozenset(row[0] for row in rows)

    def series(self, market: Market, days: Sequence[date], codes: Iterable[str]) -> dict[str, list[SeriesRow]]:
        """Return rows of the listings that bear some codes on the last of some sessions, by code, ascending.

        One seek a row: for a few issues over a few weeks, never the whole history.
        """
        listed = ((self._listings.id_on(market, code, days[-1]), code) for code in codes)
        ids = {instrument_id: code for instrument_id, code in listed if instrument_id is not None}
        found: dict[str, list[SeriesRow]] = {code: [] for code in ids.values()}
        day_by_number = {day_number(day): day for day in days}
        each_day, each_id = (", ".join("?" for _ in among) for among in (day_by_number, ids))
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT instrument_id, trade_date, close, change, volume FROM daily_market_data"
                f" WHERE trade_date IN ({each_day}) AND instrument_id IN ({each_id}) ORDER BY trade_date",
                (*day_by_number, *ids),
            )
            for instrument_id, number, close, change, volume in rows:
                found[ids[instrument_id]].append(SeriesRow(day_by_number[number], close, change, volume))
        return found

    def restated_on(self, day: date) -> dict[Market, dict[str, set[str]]]:
        """Return the columns of a session's rows that a later answer changed, by market and code."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                SELECT i.market_code, i.external_code, r.column_name
                FROM restatements r JOIN instruments i ON i.instrument_id = CAST(substr(r.row_key, 12) AS INTEGER)
                WHERE r.table_name = 'daily_market_data' AND r.row_key >= ? AND r.row_key < ?
                """,
                (f"{day}/", f"{day}0"),
            ).fetchall()
        restated: dict[Market, dict[str, set[str]]] = {}
        for market, code, column in rows:
            restated.setdefault(Market(market), {}).setdefault(code, set()).add(column)
        return restated
