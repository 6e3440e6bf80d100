"""The day ledger and the calendar: what became of every session, read once for a run and kept in step."""

import sqlite3
from bisect import bisect_left, bisect_right, insort
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType
from typing import Any

from tray_app.core.days import day_of
from tray_app.core.times import maybe_instant
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.calendar import CalendarDay, DayState
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, TRACKS, BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.rules.quality.series import HISTORY
from tray_app.datasets.krx.rules.verification import BASELINE_REACH, baseline_counts
from tray_app.datasets.krx.store.marks import set_pending_check
from tray_app.datasets.krx.tables import CALENDAR, LEDGER
from tray_app.store.database import Database
from tray_app.store.models import stored
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert

CALENDAR_SOURCE = "krx-openapi"
SAVE_ENTRY = upsert(LEDGER, if_other=True)
SAVE_DAY = upsert(CALENDAR, taken=("state", "is_open", "holiday_name", "evidence", "collected_at"), if_other=True)
ALL_TRACKS = (*TRACKS, ETF_TRACK)


class Ledger:
    """The entries and row counts of every track by session."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.reading() as connection:
            self._entries = {track: ledger_entries(connection, track) for track in ALL_TRACKS}
            self._counts = {track: session_counts(connection, track) for track in ALL_TRACKS}
        self._days = {track: sorted(counts) for track, counts in self._counts.items()}
        self._verified = {market: _verified(self._entries[Track(BarKind.EQUITY, market)]) for market in Market}

    def entries(self, track: Track) -> Mapping[date, LedgerEntry]:
        """Return a track's ledger by session, kept in step."""
        return MappingProxyType(self._entries[track])

    def entry(self, track: Track, day: date) -> LedgerEntry | None:
        """Return the ledger's entry of a session."""
        return self._entries[track].get(day)

    def verified(self, market: Market) -> Sequence[date]:
        """Return a market's verified sessions, ascending, kept in step."""
        return self._verified[market]

    def unjudged_days(self) -> set[date]:
        """Return the days with rows that were never verified: a run ended in between, or base info could not be had."""
        return {
            day
            for entries in self._entries.values()
            for day, entry in entries.items()
            if entry.state.is_stored and not entry.is_judged
        }

    def upsert_entry(self, entry: LedgerEntry, seen: Provenance) -> None:
        """Write a ledger entry."""
        before = self.entry(entry.track, entry.session)
        if before == entry:
            return
        is_told = entry.is_without_rows or (before is not None and before.is_without_rows)
        following = self.following(entry) if is_told else None
        with self._database.writing() as connection:
            save_entry(connection, entry, seen.run_id)
            if following is not None:
                # With the hole before it closed, its base prices speak of the session before the hole; else not.
                set_pending_check(connection, following)
        self.note(entry)

    def keep_calendar(self, days: Sequence[CalendarDay], seen: Provenance) -> int:
        """Write days of the calendar; returns the rows new or changed."""
        with self._database.writing() as connection:
            return save_calendar(connection, [str(market) for market in STOCK_MARKETS], days, seen)

    def sessions_with_rows(self) -> list[date]:
        """Return every day that any track has rows of, ascending. ETFs tell nothing about the calendar."""
        return sorted({day for track in TRACKS for day in self._days[track]})

    def has_rows_on(self, day: date) -> bool:
        """Whether any track has rows of a day, which proves a session. ETFs tell nothing about the calendar."""
        return any(self.has_rows(track, day) for track in TRACKS)

    def has_rows(self, track: Track, day: date) -> bool:
        """Whether a track has rows of a day."""
        return day in self._counts[track]

    def next_session_with_rows(self, day: date) -> date | None:
        """Return the first day after this one that rows are known of, on any track."""
        after = (_after(self._days[track], day) for track in TRACKS)
        return min((each for each in after if each is not None), default=None)

    def following(self, entry: LedgerEntry) -> date | None:
        """Return the first day after an entry's that its track has rows of."""
        return _after(self._days[entry.track], entry.session)

    def following_session(self, market: Market, day: date) -> date | None:
        """Return the first day after this one that a market has rows of."""
        return _after(self.sessions(market), day)

    def sessions(self, market: Market) -> list[date]:
        """Return the days that a market has rows of, ascending, kept in step."""
        return self._days[Track(BarKind.EQUITY, market)]

    def judged_by(self, market: Market, day: date) -> Sequence[date]:
        """Return the stored sessions after a day whose factors and checks its rows tell something of."""
        days = self.sessions(market)
        place = bisect_right(days, day)
        return days[place : place + HISTORY]

    def previous_on(self, track: Track, day: date) -> date | None:
        """Return the last day before this one that a track has rows of."""
        days = self._days[track]
        place = bisect_left(days, day)
        return days[place - 1] if place else None

    def baseline(self, track: Track, day: date) -> list[int]:
        """Return the row counts that a session's count is compared with."""
        days, counts = self._days[track], self._counts[track]
        near = days[bisect_left(days, day - BASELINE_REACH) : bisect_right(days, day + BASELINE_REACH)]
        return baseline_counts({each: counts[each] for each in near}, day)

    def note(self, entry: LedgerEntry, rows: int | None = None) -> None:
        """Keep in step with an entry that was written, and with the rows that were written with it."""
        track, day = entry.track, entry.session
        self._entries[track][day] = entry
        if rows is not None:
            if not self.has_rows(track, day):
                insort(self._days[track], day)
            self._counts[track][day] = rows
        if track.dataset is BarKind.EQUITY:
            verified = self._verified[Market(track.market_code)]
            place = bisect_left(verified, day)
            is_listed = place < len(verified) and verified[place] == day
            if is_listed and entry.state is not LedgerState.VERIFIED:
                del verified[place]
            elif not is_listed and entry.state is LedgerState.VERIFIED:
                verified.insert(place, day)


def ledger_entries(connection: sqlite3.Connection, track: Track) -> dict[date, LedgerEntry]:
    """Return a track's ledger by session."""
    rows = connection.execute(
        "SELECT trade_date, state, rows, attempts, next_try_at, reason FROM day_ledger"
        " WHERE dataset = ? AND market_code = ?",
        (track.dataset, track.market_code),
    )
    entries = (_entry(track, row) for row in rows)
    return {entry.session: entry for entry in entries}


def session_counts(connection: sqlite3.Connection, track: Track) -> dict[date, int]:
    """Return how many rows a track's sessions have."""
    rows = connection.execute(
        "SELECT trade_date, rows FROM day_summary WHERE dataset = ? AND market_code = ?",
        (track.dataset, track.market_code),
    )
    return {day_of(row[0]): row[1] for row in rows}


def save_entry(connection: sqlite3.Connection, entry: LedgerEntry, run_id: int) -> None:
    """Upsert an entry; one that has not changed is not written."""
    connection.execute(
        SAVE_ENTRY,
        (
            entry.track.dataset,
            entry.track.market_code,
            entry.session.isoformat(),
            entry.state,
            entry.rows,
            entry.attempts,
            stored(entry.next_try_at),
            entry.reason,
            run_id,
        ),
    )


def save_calendar(
    connection: sqlite3.Connection, markets: Sequence[str], days: Sequence[CalendarDay], seen: Provenance
) -> int:
    """Upsert days of the calendar for every market; returns how many rows are new or changed."""
    written = connection.executemany(
        SAVE_DAY,
        [
            (
                market,
                day.trade_date.isoformat(),
                day.state,
                _is_open(day.state),
                day.holiday_name,
                day.evidence,
                CALENDAR_SOURCE,
                stored(seen.at),
            )
            for market in markets
            for day in days
        ],
    )
    return written.rowcount


def _is_open(state: DayState) -> int | None:
    return {DayState.OPEN: 1, DayState.CLOSED: 0, DayState.UNKNOWN: None}[state]


def _entry(track: Track, row: tuple[Any, ...]) -> LedgerEntry:
    return LedgerEntry(
        track=track,
        session=date.fromisoformat(row[0]),
        state=LedgerState(row[1]),
        rows=row[2],
        attempts=row[3],
        next_try_at=maybe_instant(row[4]),
        reason=row[5],
    )


def all_tracks_entries(connection: sqlite3.Connection, day: date | None = None) -> tuple[LedgerEntry, ...]:
    """Return the whole ledger, or a session's part of it, by session."""
    rows = connection.execute(
        "SELECT dataset, market_code, trade_date, state, rows, attempts, next_try_at, reason FROM day_ledger"
        " WHERE ? IS NULL OR trade_date = ? ORDER BY trade_date",
        (day and day.isoformat(), day and day.isoformat()),
    )
    return tuple(_entry(Track(BarKind(row[0]), row[1]), row[2:]) for row in rows)


def _verified(entries: Mapping[date, LedgerEntry]) -> list[date]:
    return sorted(day for day, entry in entries.items() if entry.state is LedgerState.VERIFIED)


def _after(days: Sequence[date], day: date) -> date | None:
    place = bisect_right(days, day)
    return days[place] if place < len(days) else None
