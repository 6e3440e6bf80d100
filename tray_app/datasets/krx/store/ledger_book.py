"""The day ledger of one run: read once, kept in step with what is written."""

import sqlite3
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import date
from types import MappingProxyType

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, TRACKS, BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.store.ledger import ledger_entries

ALL_TRACKS = (*TRACKS, ETF_TRACK)


class LedgerBook:
    """The entries of every track by session."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._entries = {track: ledger_entries(connection, track) for track in ALL_TRACKS}
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

    def all_verified(self) -> Mapping[Market, Sequence[date]]:
        """Return every market's verified sessions."""
        return self._verified

    def unjudged_days(self) -> set[date]:
        """Return the days with rows that were never verified: a run ended in between, or base info could not be had."""
        return {
            day
            for entries in self._entries.values()
            for day, entry in entries.items()
            if entry.state.is_stored and not entry.is_judged
        }

    def note(self, entry: LedgerEntry) -> None:
        """Keep in step with an entry that was written."""
        track, day = entry.track, entry.session
        self._entries[track][day] = entry
        if track.dataset is BarKind.EQUITY:
            verified = self._verified[Market(track.market_code)]
            place = bisect_left(verified, day)
            is_listed = place < len(verified) and verified[place] == day
            if is_listed and entry.state is not LedgerState.VERIFIED:
                del verified[place]
            elif not is_listed and entry.state is LedgerState.VERIFIED:
                verified.insert(place, day)


def _verified(entries: Mapping[date, LedgerEntry]) -> list[date]:
    return sorted(day for day, entry in entries.items() if entry.state is LedgerState.VERIFIED)
