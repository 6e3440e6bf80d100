"""Listing episodes in the store: loaded once a run, widened, opened and closed as days come in."""

import sqlite3
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import count, takewhile

from tray_app.core.days import day_number
from tray_app.core.times import iso_instant
from tray_app.datasets.krx.rows import BaseInfo, EquityBar, Market
from tray_app.datasets.krx.rules.episodes import DayPlan, Episode, EpisodeKey
from tray_app.datasets.krx.rules.master_lists import tells_newest
from tray_app.datasets.krx.rules.relistings import EpisodeSplit, joined, parted
from tray_app.datasets.krx.rules.spells import Spells
from tray_app.datasets.krx.store.daily import instruments_of
from tray_app.datasets.krx.store.ending_book import EndingBook
from tray_app.datasets.krx.store.endings import cut_links
from tray_app.datasets.krx.store.episode_rows import (
    BASE_INFO_COLUMNS,
    NAMES,
    ROWS_SHARES,
    SECTIONS,
    Markets,
    StoredEpisode,
    load_episodes,
    write_all_spells,
    write_spells,
    write_uid,
)
from tray_app.datasets.krx.store.marks import SessionMark, forget_marks, marked_sessions
from tray_app.datasets.krx.store.relistings import join_listing, move_rows, part_listing, write_listing
from tray_app.store.series import Provenance

SOURCE = "krx-openapi"
# What base info says of issues; it tells nothing of ETFs.
ETF_GROUP = "ETF"


class InstrumentBook:
    """All episodes in memory, kept in step with the tables within the caller's transactions."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._markets: Markets = {market: {} for market in Market}
        for stored in load_episodes(connection):
            self._add(stored)
        self._wider: dict[int, StoredEpisode] = {}
        self.endings = EndingBook(connection, self._markets)
        # Those that base info told the listing date of another episode of their code.
        self._twins: list[EpisodeKey] = []
        self._heal(connection)

    def episodes(self, market: Market | None = None) -> list[Episode]:
        """Return the known episodes, of one market or all."""
        markets = self._markets.values() if market is None else [self._markets[market]]
        return [stored.episode for each in markets for stored in each.values()]

    def nameless(self, market: Market) -> list[Episode]:
        """Return a market's episodes that base info has not told of."""
        return [stored.episode for stored in self._markets[market].values() if stored.episode.isin is None]

    def ids(self, plan: DayPlan, market: Market) -> dict[str, int]:
        """Return the instrument id of each code of a market on the plan's day."""
        known = self._markets[market]
        return {code: known[code, key.number].instrument_id for code, key in plan.seen[market].items()}

    def id_on(self, market: str, code: str, day: date) -> int | None:
        """Return the instrument id that a code had on a day."""
        known = self._markets[Market(market)]
        numbers = takewhile(lambda number: (code, number) in known, count(1))
        listed = (known[code, number] for number in numbers)
        return next(
            (each.instrument_id for each in listed if each.episode.first_seen <= day <= each.episode.last_seen), None
        )

    def widen(self, plan: DayPlan, market: Market) -> None:
        """Let the episodes of a market's new rows reach to the plan's day, in memory; `write_spans` stores it."""
        known, day = self._markets[market], plan.day
        for code, key in plan.seen[market].items():
            self._widen(known[code, key.number], day)

    def drop_rowless(self, connection: sqlite3.Connection, plan: DayPlan, market: Market) -> None:
        """Forget the listings that had a row on the plan's day alone and have none any more."""
        known, day = self._markets[market], plan.day
        rowless = [
            stored
            for (code, _), stored in known.items()
            if stored.episode.first_seen == stored.episode.last_seen == day and code not in plan.seen[market]
        ]
        for stored in rowless:
            key = (stored.instrument_id,)
            connection.execute("UPDATE data_quality_issues SET instrument_id = NULL WHERE instrument_id = ?", key)
            for spells in (NAMES, SECTIONS):
                connection.execute(f"DELETE FROM {spells.table} WHERE instrument_id = ?", key)
            connection.execute("DELETE FROM instruments WHERE instrument_id = ?", key)
            connection.execute("DELETE FROM earlier_uids WHERE instrument_id = ?", key)
            cut_links(connection, stored.instrument_id)
            self.endings.drop(connection, stored)
            self.endings.forget(stored.episode.key)
            del known[stored.episode.key.code, stored.episode.key.number]
            self._wider.pop(stored.instrument_id, None)

    def write_spans(self, connection: sqlite3.Connection, seen: Provenance) -> None:
        """Store how far the episodes reach that were widened since the last time, and their shares on the last day."""
        at = iso_instant(seen.at)
        connection.executemany(
            f"UPDATE instruments SET first_seen = ?, last_seen = ?, listing_date = ?, listed_shares = {ROWS_SHARES},"
            " updated_at = ? WHERE instrument_id = ?",
            [
                (
                    stored.episode.first_seen.isoformat(),
                    stored.episode.last_seen.isoformat(),
                    stored.episode.listing_date.isoformat(),
                    day_number(stored.episode.last_seen),
                    at,
                    stored.instrument_id,
                )
                for stored in self._wider.values()
            ],
        )
        for stored in self._wider.values():
            if not stored.episode.has_lasting_uid:
                write_uid(connection, stored)
        self._wider.clear()
        forget_marks(connection, SessionMark.SPAN)

    def apply(
        self,
        connection: sqlite3.Connection,
        plan: DayPlan,
        bars: Sequence[EquityBar],
        seen: Provenance,
        asked: Sequence[date] = (),
    ) -> None:
        """Write what a day's rows and master list change in the listings.

        asked: the days whose master lists are stored, ascending: an older list does not undo what a newer one told.
        """
        opened = {episode.key.code for episode in plan.opened}
        rows = {(bar.market, bar.code): bar for bar in bars if bar.code in opened} if opened else {}
        for episode in plan.opened:
            self._open(connection, episode, rows[episode.key.market, episode.key.code], seen)
        for change in plan.renamed:
            self._rename(connection, change.key, change.spells, seen)
        for change in plan.resectioned:
            stored = self._stored(change.key)
            write_spells(connection, SECTIONS, stored.instrument_id, change.spells)
            stored.episode = replace(stored.episode, sections=change.spells)
        for key, info in plan.identified.items():
            stored = self._stored(key)
            if tells_newest(plan.day, stored.episode, asked):
                self._identify(connection, stored, info, seen)

    def part(
        self, connection: sqlite3.Connection, parting: EpisodeSplit, days: Sequence[date], seen: Provenance
    ) -> None:
        """Part an episode in two; days are the market's sessions from the first row of the later one on."""
        stored = self._stored(parting.key)
        market, code = parting.key.market, parting.key.code
        number = 1 + max(known for each, known in self._markets[market] if each == code)
        earlier, later = parted(stored.episode, parting, number)
        added = StoredEpisode(part_listing(connection, stored, later, seen), "", later)
        move_rows(connection, stored.instrument_id, added.instrument_id, days)
        stored.episode, stored.told = earlier, None
        self._add(added)
        self.endings.hand_on(connection, added)
        for each in (stored, added):
            write_all_spells(connection, each)
            write_listing(connection, each, seen)

    def join_twins(self, connection: sqlite3.Connection, stored: Sequence[date], seen: Provenance) -> list[date]:
        """Make those episodes of a market one that base info told to be; stored are its sessions, ascending.

        Returns the first days of the younger ones, whose rows now follow on others.
        """
        joined_on: list[date] = []
        for key in self._twins:
            uid = self._stored(key).episode.uid
            same = [each for each in self._of_code(key.market, key.code) if each.episode.uid == uid]
            older, younger = sorted(same, key=lambda each: each.episode.first_seen)
            joined_on.append(younger.episode.first_seen)
            self._join(connection, older, younger, stored[bisect_left(stored, joined_on[-1]) :], seen)
        if self._twins:
            self._twins.clear()
            self.number_by_age(connection, seen)
        return joined_on

    def instrument_id(self, key: EpisodeKey) -> int:
        """Return the number of an episode in the tables."""
        return self._stored(key).instrument_id

    def number_by_age(self, connection: sqlite3.Connection, seen: Provenance) -> int:
        """Give the episodes of each code numbers by their first day, whatever order they were found in.

        Returns how many were renumbered; so two stores filled in different orders name the same listing alike.
        """
        groups: dict[tuple[Market, str], list[StoredEpisode]] = {}
        for known in self._markets.values():
            for stored in known.values():
                groups.setdefault((stored.episode.key.market, stored.episode.key.code), []).append(stored)
        moved: list[tuple[StoredEpisode, EpisodeKey]] = []
        for (market, code), group in groups.items():
            ordered = sorted(group, key=lambda stored: stored.episode.first_seen)
            for number, stored in enumerate(ordered, start=1):
                if stored.episode.key.number != number:
                    moved.append((stored, EpisodeKey(market, code, number)))
        for stored, key in moved:
            # Two episodes may swap numbers, so both leave their places first.
            connection.execute(
                "UPDATE instruments SET episode = -episode WHERE instrument_id = ?", (stored.instrument_id,)
            )
            del self._markets[key.market][key.code, stored.episode.key.number]
        numbers: dict[EpisodeKey, EpisodeKey] = {}
        for stored, key in moved:
            connection.execute(
                "UPDATE instruments SET episode = ?, updated_at = ? WHERE instrument_id = ?",
                (key.number, iso_instant(seen.at), stored.instrument_id),
            )
            numbers[stored.episode.key] = key
            stored.episode = replace(stored.episode, key=key)
            self._add(stored)
        self.endings.repoint(numbers)
        return len(moved)

    def _heal(self, connection: sqlite3.Connection) -> None:
        """Widen what a process that was killed had widened in memory only."""
        by_id = {stored.instrument_id: stored for known in self._markets.values() for stored in known.values()}
        for market, day in marked_sessions(connection, SessionMark.SPAN):
            for instrument_id in instruments_of(connection, market, day):
                self._widen(by_id[instrument_id], day)

    def _widen(self, stored: StoredEpisode, day: date) -> None:
        if stored.episode.widen(day) or stored.episode.last_seen == day:
            self._wider[stored.instrument_id] = stored

    def _stored(self, key: EpisodeKey) -> StoredEpisode:
        return self._markets[key.market][key.code, key.number]

    def _add(self, stored: StoredEpisode) -> None:
        key = stored.episode.key
        self._markets[key.market][key.code, key.number] = stored

    def _open(self, connection: sqlite3.Connection, episode: Episode, bar: EquityBar, seen: Provenance) -> None:
        cursor = connection.execute(
            """
            INSERT INTO instruments (uid, market_code, external_code, episode, isin, instrument_name, listing_date,
                section, security_group, listed_shares, first_seen, last_seen, source_name, collected_at, updated_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            (
                str(episode.uid),
                episode.key.market,
                episode.key.code,
                episode.key.number,
                episode.isin,
                bar.name,
                episode.listing_date.isoformat(),
                bar.section,
                ETF_GROUP if bar.market is Market.ETF else None,
                bar.listed_shares,
                episode.first_seen.isoformat(),
                episode.last_seen.isoformat(),
                SOURCE,
                iso_instant(seen.at),
                iso_instant(seen.at),
            ),
        )
        stored = StoredEpisode(int(cursor.lastrowid or 0), str(episode.uid), episode)
        self._add(stored)
        write_all_spells(connection, stored)

    def _rename(self, connection: sqlite3.Connection, key: EpisodeKey, names: Spells, seen: Provenance) -> None:
        stored = self._stored(key)
        write_spells(connection, NAMES, stored.instrument_id, names)
        connection.execute(
            "UPDATE instruments SET instrument_name = ?, updated_at = ? WHERE instrument_id = ?",
            (names[-1].text, iso_instant(seen.at), stored.instrument_id),
        )
        stored.episode = replace(stored.episode, names=names)

    def _identify(
        self, connection: sqlite3.Connection, stored: StoredEpisode, info: BaseInfo, seen: Provenance
    ) -> None:
        told = (
            info.isin,
            info.name_en,
            info.listing_date.isoformat(),
            info.share_class,
            info.security_group,
            info.section,
            info.par_value,
        )
        if stored.told == told:
            return
        updates = ", ".join(f"{column} = ?" for column in BASE_INFO_COLUMNS)
        connection.execute(
            f"UPDATE instruments SET {updates}, updated_at = ? WHERE instrument_id = ?",
            (*told, iso_instant(seen.at), stored.instrument_id),
        )
        stored.episode = replace(stored.episode, isin=info.isin, listing_date=info.listing_date)
        stored.told = told
        self.endings.hand_on(connection, stored)
        key, uid = stored.episode.key, stored.episode.uid
        if any(each is not stored and each.episode.uid == uid for each in self._of_code(key.market, key.code)):
            self._twins.append(key)
        else:
            write_uid(connection, stored)

    def _join(
        self,
        connection: sqlite3.Connection,
        kept: StoredEpisode,
        gone: StoredEpisode,
        days: Sequence[date],
        seen: Provenance,
    ) -> None:
        older, younger = kept.episode.key, gone.episode.key
        move_rows(connection, gone.instrument_id, kept.instrument_id, days)
        self._wider.pop(gone.instrument_id, None)
        del self._markets[younger.market][younger.code, younger.number]
        self.endings.repoint({younger: older})
        self.endings.drop(connection, gone)
        join_listing(connection, kept.instrument_id, gone, seen)
        # What was told of the younger is the newer.
        kept.told = gone.told or kept.told
        kept.episode = joined(kept.episode, gone.episode)
        self.endings.hand_on(connection, kept)
        write_all_spells(connection, kept)
        write_listing(connection, kept, seen)

    def _of_code(self, market: Market, code: str) -> list[StoredEpisode]:
        return [stored for (each, _), stored in self._markets[market].items() if each == code]
