"""How the listings in memory ended: closed, linked, and in liquidation; kept in step with the tables.

How a listing ended is told by its last rows. A mark, written with rows that may tell otherwise, says that it is to be
worked out anew: by this run, or by any later one.
"""

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from tray_app.core.days import day_number, day_of
from tray_app.core.times import iso_instant
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.closures import Closure
from tray_app.datasets.krx.rules.episodes import EpisodeKey
from tray_app.datasets.krx.rules.liquidation import Ending, LastRow
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset
from tray_app.datasets.krx.store.listing_rows import Markets, StoredEpisode
from tray_app.store.series import Provenance


class Endings:
    """Writes within the caller's transactions. markets: the listings as whoever keeps them adds and takes away."""

    def __init__(self, connection: sqlite3.Connection, markets: Markets) -> None:
        self._markets = markets
        # The listings that ended with a move, and where to; gathered when asked for.
        self._moves: list[tuple[StoredEpisode, StoredEpisode]] | None = None
        # The ended listings whose last rows are to be looked at.
        self._doubted_ends = {row[0] for row in connection.execute("SELECT instrument_id FROM doubted_ends")}

    def close(self, connection: sqlite3.Connection, closures: Iterable[Closure], seen: Provenance) -> set[date]:
        """Write the ends of episodes; returns the first days of the listings that others now go on in, or no longer."""
        touched = set[date]()
        for closure in closures:
            stored = self._at(closure.key)
            before, after = (
                None if key is None else self._at(key) for key in (stored.episode.moved_to, closure.moved_to)
            )
            touched |= {each.episode.first_seen for each in (before, after) if each is not None}
            ended, key = closure.delisting_date, stored.instrument_id
            target = None if after is None else after.instrument_id
            connection.execute(
                "UPDATE instruments SET delisting_date = ?, end_reason = ?, moved_to = ?, updated_at = ?"
                " WHERE instrument_id = ?",
                (ended.isoformat() if ended else None, closure.end_reason, target, iso_instant(seen.at), key),
            )
            connection.execute("UPDATE instruments SET moved_from = NULL WHERE moved_from = ?", (key,))
            if target is not None:
                connection.execute("UPDATE instruments SET moved_from = ? WHERE instrument_id = ?", (key, target))
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
        self._believe(connection, stored)
        reason = stored.episode.end_reason if ending is None else ending.reason
        begun = None if ending is None else ending.liquidation_from
        if (reason, begun) != (stored.episode.end_reason, stored.episode.liquidation_from):
            connection.execute(
                "UPDATE instruments SET end_reason = ?, liquidation_from = ?, updated_at = ? WHERE instrument_id = ?",
                (reason, begun.isoformat() if begun else None, iso_instant(seen.at), stored.instrument_id),
            )
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
            connection.execute("INSERT INTO doubted_ends VALUES (?)", (stored.instrument_id,))

    def drop(self, connection: sqlite3.Connection, stored: StoredEpisode) -> None:
        """Forget a listing that is no more."""
        self._believe(connection, stored)
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

    def _believe(self, connection: sqlite3.Connection, stored: StoredEpisode) -> None:
        self._doubted_ends.discard(stored.instrument_id)
        connection.execute("DELETE FROM doubted_ends WHERE instrument_id = ?", (stored.instrument_id,))

    def _listed(self) -> Iterator[StoredEpisode]:
        return (stored for known in self._markets.values() for stored in known.values())

    def _at(self, key: EpisodeKey) -> StoredEpisode:
        return self._markets[key.market][key.code, key.number]


def read_ending_rows(
    connection: sqlite3.Connection, instrument_id: int, sessions: Sequence[date]
) -> tuple[str | None, list[LastRow]]:
    """Return a listing's security group, and its rows of some sessions, ascending."""
    (group,) = connection.execute(
        "SELECT security_group FROM instruments WHERE instrument_id = ?", (instrument_id,)
    ).fetchone()
    marks = ", ".join("?" for _ in sessions)
    rows = connection.execute(
        f"SELECT trade_date, volume FROM daily_market_data WHERE trade_date IN ({marks}) AND instrument_id = ?"
        " ORDER BY trade_date",
        (*map(day_number, sessions), instrument_id),
    )
    return group, [LastRow(day_of(number), volume) for number, volume in rows]


def resolve_breaches(connection: sqlite3.Connection, subject: str, days: Collection[date], seen: Provenance) -> int:
    """Resolve that an issue left the price limit on days without one; returns how many of it this run has told."""
    told = 0
    for day in days:
        key = (IssueDataset.EQUITY, day.isoformat(), subject, IssueCode.PRICE_LIMIT_BREACH)
        found = connection.execute(
            "UPDATE data_quality_issues SET resolved_at = ? WHERE dataset_name = ? AND trade_date = ? AND subject = ?"
            " AND issue_code = ? AND resolved_at IS NULL RETURNING run_id",
            (iso_instant(seen.at), *key),
        ).fetchall()
        told += sum(run_id == seen.run_id for (run_id,) in found)
    return told


def cut_links(connection: sqlite3.Connection, instrument_id: int) -> None:
    """Let no listing have come from, or gone on in, one that is no more: whether it ended is to be judged anew."""
    connection.execute("UPDATE instruments SET moved_from = NULL WHERE moved_from = ?", (instrument_id,))
    connection.execute("UPDATE instruments SET moved_to = NULL, end_reason = NULL WHERE moved_to = ?", (instrument_id,))
