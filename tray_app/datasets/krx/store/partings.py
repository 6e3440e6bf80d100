"""Parting the listings of a market that turn out to be two, each in a transaction of its own."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Sequence
from datetime import date

from tray_app.datasets.krx.rows import BaseInfo, Market
from tray_app.datasets.krx.rules.episodes import Episode
from tray_app.datasets.krx.rules.relistings import (
    EpisodeSplit,
    absent_on,
    is_listed_anew,
    is_pause,
    is_relisted,
    is_told_as_one,
    told_relistings,
)
from tray_app.datasets.krx.store.instruments import InstrumentBook
from tray_app.datasets.krx.store.relistings import parting_around
from tray_app.datasets.krx.store.stamps import set_pending_check
from tray_app.store.database import Database
from tray_app.store.series import Provenance


class Partings:
    """What parts the listings of one market. sessions: those with rows, ascending."""

    def __init__(self, database: Database, book: InstrumentBook, market: Market, sessions: Sequence[date]) -> None:
        self._database = database
        self._book = book
        self._market = market
        self._sessions = sessions

    def absent(
        self, day: date, codes: Collection[str], verified: Sequence[date], asked: Sequence[date], seen: Provenance
    ) -> int:
        """Part what is absent from a session's codes and from many other lists; returns how many.

        verified: the sessions whose list is complete; asked: those whose master list is stored.
        """
        absent = absent_on(day, self._book.episodes(self._market), frozenset(codes)) if codes else []
        around = [(episode, self._around(episode, day)) for episode in absent]
        partings = [
            parting
            for episode, parting in around
            if parting is not None and _are_two(episode, parting, verified, asked)
        ]
        self._part(partings, seen)
        return len(partings)

    def told(self, day: date, infos: Sequence[BaseInfo], verified: Sequence[date], seen: Provenance) -> None:
        """Part what has rows long before the listing date that a session's master list tells, or a pause before it."""
        told = told_relistings(self._book.episodes(self._market), {info.code: info for info in infos}, day)
        around = [(self._around(episode, listed), listed) for episode, listed in told]
        partings = [
            each
            for each, listed in around
            if each is not None and (is_pause(each, listed) or is_listed_anew(each, listed, verified))
        ]
        self._part(partings, seen)

    def _around(self, episode: Episode, day: date) -> EpisodeSplit | None:
        stored = self._sessions
        within = stored[bisect_left(stored, episode.first_seen) : bisect_right(stored, episode.last_seen)]
        with self._database.reading() as connection:
            return parting_around(connection, episode.key, self._book.instrument_id(episode.key), day, within)

    def _part(self, partings: Sequence[EpisodeSplit], seen: Provenance) -> None:
        for parting in partings:
            after = self._sessions[bisect_left(self._sessions, parting.first_after) :]
            with self._database.writing() as connection:
                self._book.part(connection, parting, after, seen)
                # Its rows follow on no others now: what was worked out of the two together is none.
                set_pending_check(connection, parting.first_after)


def _are_two(episode: Episode, parting: EpisodeSplit, verified: Sequence[date], asked: Sequence[date]) -> bool:
    if episode.is_identified and is_listed_anew(parting, episode.listing_date, verified):
        return True
    return is_relisted(parting, verified) and not is_told_as_one(episode, parting, asked)
