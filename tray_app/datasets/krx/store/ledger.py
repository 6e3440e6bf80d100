"""The day ledger and the calendar: what became of every session."""

import sqlite3
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tray_app.core.days import day_of
from tray_app.core.times import iso_instant, parse_instant
from tray_app.datasets.krx.rules.calendar import CalendarDay, DayState
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.tables import CALENDAR, LEDGER
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert

CALENDAR_SOURCE = "krx-openapi"
SAVE_ENTRY = upsert(LEDGER, if_other=True)
SAVE_DAY = upsert(CALENDAR, taken=("state", "is_open", "holiday_name", "evidence", "collected_at"), if_other=True)


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
            iso_instant(entry.next_try_at) if entry.next_try_at else None,
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
                iso_instant(seen.at),
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
        next_try_at=_instant(row[4]),
        reason=row[5],
    )


def _instant(text: str | None) -> datetime | None:
    return parse_instant(text) if text else None


def all_tracks_entries(connection: sqlite3.Connection, day: date | None = None) -> tuple[LedgerEntry, ...]:
    """Return the whole ledger, or a session's part of it, by session."""
    rows = connection.execute(
        "SELECT dataset, market_code, trade_date, state, rows, attempts, next_try_at, reason FROM day_ledger"
        " WHERE ? IS NULL OR trade_date = ? ORDER BY trade_date",
        (day and day.isoformat(), day and day.isoformat()),
    )
    return tuple(_entry(Track(BarKind(row[0]), row[1]), row[2:]) for row in rows)
