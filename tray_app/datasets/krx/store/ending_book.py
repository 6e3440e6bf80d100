"""How the listings in memory ended: closed, linked, and in liquidation; kept in step with the tables."""

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from tray_app.core.times import iso_instant
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.closures import Closure
from tray_app.datasets.krx.rules.episodes import EpisodeKey
from tray_app.datasets.krx.rules.liquidation import Ending
from tray_app.datasets.krx.store.endings import forget_mark, mark_end, marked_ends, write_end, write_ending
from tray_app.datasets.krx.store.episode_rows import Markets, StoredEpisode
from tray_app.store.series import Provenance


class EndingBook:
    """Writes within the caller's transactions. markets: the listings as whoever keeps them adds and takes away."""

    def __init__(self, connection: sqlite3.Connection, markets: Markets) -> None:
        self._markets = markets
        # The listings that ended with a move, and where to; gathered when asked for.
        self._moves: list[tuple[StoredEpisode, StoredEpisode]] | None = None
        # The ended listings whose last rows are to be looked at.
        self._doubted_ends = marked_ends(connection)

    def close(self, connection: sqlite3.Connection, closures: Iterable[Closure], seen: Provenance) -> set[date]:
        """Write the ends of episodes; returns the first days of the listings that others now go on in, or no longer."""
        touched = set[date]()
        for closure in closures:
            stored = self._at(closure.key)
            before, after = (
                None if key is None else self._at(key) for key in (stored.episode.moved_to, closure.moved_to)
            )
            touched |= {each.episode.first_seen for each in (before, after) if each is not None}
            target = None if after is None else after.instrument_id
            write_end(connection, stored.instrument_id, closure, target, iso_instant(seen.at))
            self.doubt(connection, stored)
            stored.episode = replace(
                stored.episode,
                delisting_date=closure.delisting_date,
                end_reason=closure.end_reason,
                moved_to=closure.moved_to,
            )
        self._moves = None
        return touched

    def arrivals(self, market: Market, day: date) -> list[tuple[StoredEpisode, StoredEpisode]]:
        """Return the listings whose issues went on in a market on a day, each with the one there."""
        if self._moves is None:
            self._moves = [
                (each, self._at(key)) for each in self._listed() if (key := each.episode.moved_to) is not None
            ]
        return [
            (left, came)
            for left, came in self._moves
            if came.episode.key.market is market and came.episode.first_seen == day
        ]

    def doubt_ends(self, connection: sqlite3.Connection, market: Market, first: date, last: date) -> None:
        """Let it be worked out anew how the listings ended whose last row is of one of some days."""
        for stored in self._markets[market].values():
            if stored.episode.end_reason is not None and first <= stored.episode.last_seen <= last:
                self.doubt(connection, stored)

    def doubted_ends(self) -> list[StoredEpisode]:
        """Return the listings of which it is to be worked out how they ended."""
        return [stored for stored in self._listed() if stored.instrument_id in self._doubted_ends]

    def end(
        self, connection: sqlite3.Connection, stored: StoredEpisode, ending: Ending | None, seen: Provenance
    ) -> None:
        """Keep how a listing ended; nothing for one that did not, or went on elsewhere."""
        self._doubted_ends.discard(stored.instrument_id)
        forget_mark(connection, stored.instrument_id)
        reason = stored.episode.end_reason if ending is None else ending.reason
        begun = None if ending is None else ending.liquidation_from
        if (reason, begun) != (stored.episode.end_reason, stored.episode.liquidation_from):
            write_ending(connection, stored.instrument_id, reason, begun, seen)
            stored.episode = replace(stored.episode, end_reason=reason, liquidation_from=begun)

    def in_liquidation(self, market: Market, day: date) -> frozenset[str]:
        """Return the codes in liquidation trading on a day."""
        return frozenset(
            code
            for (code, _), stored in self._markets[market].items()
            if (begun := stored.episode.liquidation_from) is not None and begun <= day <= stored.episode.last_seen
        )

    def doubt(self, connection: sqlite3.Connection, stored: StoredEpisode) -> None:
        """Let it be worked out anew how a listing ended."""
        if stored.instrument_id not in self._doubted_ends:
            self._doubted_ends.add(stored.instrument_id)
            mark_end(connection, stored.instrument_id)

    def drop(self, connection: sqlite3.Connection, stored: StoredEpisode) -> None:
        """Forget a listing that is no more."""
        self._doubted_ends.discard(stored.instrument_id)
        forget_mark(connection, stored.instrument_id)
        self._moves = None

    def hand_on(self, connection: sqlite3.Connection, stored: StoredEpisode) -> None:
        """Look at a listing's end that came with it, or of which more is known now."""
        self._moves = None
        if stored.episode.end_reason is not None:
            self.doubt(connection, stored)

    def repoint(self, keys: Mapping[EpisodeKey, EpisodeKey]) -> None:
        """Let moves lead to the listings that now stand for those they led to."""
        for stored in self._listed():
            target = stored.episode.moved_to
            if target is not None and target in keys:
                stored.episode = replace(stored.episode, moved_to=keys[target])
        self._moves = None

    def forget(self, key: EpisodeKey) -> None:
        """Let the ends be judged anew of listings that went on in one that is no more."""
        for stored in self._listed():
            if stored.episode.moved_to == key:
                stored.episode = replace(stored.episode, moved_to=None, end_reason=None)
        self._moves = None

    def _listed(self) -> Iterator[StoredEpisode]:
        return (stored for known in self._markets.values() for stored in known.values())

    def _at(self, key: EpisodeKey) -> StoredEpisode:
        return self._markets[key.market][key.code, key.number]
