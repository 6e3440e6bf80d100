"""Listing episodes in the store, and who they are: loaded once a run, widened, opened and closed as days come in."""

import sqlite3
from bisect import bisect_left, bisect_right, insort
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import count, pairwise, takewhile

from tray_app.core.days import day_number
from tray_app.core.times import iso_instant, maybe_instant
from tray_app.datasets.krx.rows import BaseInfo, EquityBar, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.closures import plan_closures
from tray_app.datasets.krx.rules.episodes import DayPlan, Episode, EpisodeKey, plan_day
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, Track, has_hole
from tray_app.datasets.krx.rules.liquidation import LIQUIDATION_SESSIONS, ending_of
from tray_app.datasets.krx.rules.master_lists import EmptyList, after_empty, days_without_base_info, tells_newest
from tray_app.datasets.krx.rules.relistings import (
    EpisodeSplit,
    absent_on,
    is_listed_anew,
    is_pause,
    is_relisted,
    is_told_as_one,
    joined,
    parted,
    told_relistings,
)
from tray_app.datasets.krx.rules.spells import Spells
from tray_app.datasets.krx.store.daily import instruments_of
from tray_app.datasets.krx.store.endings import Endings, cut_links, read_ending_rows, resolve_breaches
from tray_app.datasets.krx.store.ledger import Ledger
from tray_app.datasets.krx.store.listing_rows import (
    BASE_INFO_COLUMNS,
    ROWS_SHARES,
    Markets,
    StoredEpisode,
    join_listing,
    load_episodes,
    move_rows,
    part_listing,
    parting_around,
    write_all_spells,
    write_listing,
    write_spells,
    write_uid,
)
from tray_app.datasets.krx.store.marks import (
    SessionMark,
    forget_marks,
    mark_session,
    marked_sessions,
    set_pending_check,
)
from tray_app.datasets.krx.tables import EMPTY_LISTS, NAMES, SECTIONS
from tray_app.store.database import Database
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert

SOURCE = "krx-openapi"
# What base info says of issues; it tells nothing of ETFs.
ETF_GROUP = "ETF"
# Market sessions after which it is written how far the listings reach.
SPANS_AT_ONCE = 60
SAVE_EMPTY_LIST = upsert(EMPTY_LISTS)


@dataclass(frozen=True, slots=True)
class Settled:
    """How many listings changed, and how many findings of the run that resolved."""

    changed: int
    resolved: int


class Listings:
    """All episodes in memory, and the master lists that were asked for, kept in step with the tables.

    One run, one of these, one thread. What takes a connection writes in the caller's transaction.
    """

    def __init__(self, database: Database, ledger: Ledger) -> None:
        self._database = database
        self._ledger = ledger
        self._markets: Markets = {market: {} for market in Market}
        self._wider: dict[int, StoredEpisode] = {}
        # Those that base info told the listing date of another episode of their code.
        self._twins: list[EpisodeKey] = []
        self._asked: dict[Market, list[date]] = {market: [] for market in Market}
        self._empty: dict[Market, dict[date, EmptyList]] = {market: {} for market in Market}
        with database.reading() as connection:
            for stored in load_episodes(connection):
                self._add(stored)
            self.endings = Endings(connection, self._markets)
            self._marked_spans = self._heal(connection)
            for market, day in marked_sessions(connection, SessionMark.MASTER_LIST):
                self._asked[market].append(day)
            for code, text, *told in connection.execute(f"SELECT {', '.join(EMPTY_LISTS.names)} FROM empty_lists"):
                self._empty[Market(code)][date.fromisoformat(text)] = EmptyList(told[0], maybe_instant(told[1]))

    def episodes(self, market: Market | None = None) -> list[Episode]:
        """Return the known episodes, of one market or all."""
        markets = self._markets.values() if market is None else [self._markets[market]]
        return [stored.episode for each in markets for stored in each.values()]

    def has_nameless(self, market: Market, day: date, *, is_late: bool = False) -> bool:
        """Whether an issue was first met on this day and base info has not told who it is. ETFs have no base info.

        is_late: other days were stored since, so the day may be either end of what is known of the issue.
        """
        nameless = (each for each in self.episodes(market) if not each.is_identified)
        return market is not Market.ETF and any(
            (day in {episode.first_seen, episode.last_seen} if is_late else episode.first_seen == episode.last_seen)
            and episode.first_seen <= day <= episode.last_seen
            for episode in nameless
        )

    # --- master lists -----------------------------------------------------------------------------------------

    def master_lists(self, market: Market) -> Sequence[date]:
        """Return the sessions whose master lists are stored, ascending."""
        return self._asked[market]

    def lists_due(self, market: Market, now: datetime) -> list[date]:
        """Return the last sessions of a market's listings whose master lists are to be asked for, ascending."""
        return sorted(days_without_base_info(self.episodes(market), self._asked[market], self._empty[market], now))

    def has_come_empty(self, market: Market, day: date) -> bool:
        """Whether a session's master list was asked for, and came empty."""
        return day in self._empty[market]

    def upsert_base_info(
        self, market: Market, day: date, infos: Sequence[BaseInfo], bars: Sequence[EquityBar], seen: Provenance
    ) -> None:
        """Write what a day's master list tells of its issues. bars: the market's rows of that day."""
        self._part_told(market, day, infos, seen)
        # Stored rows tell nothing new of names and sections, and of old ones not all.
        planned = plan_day(day, market, self.episodes(market), bars, infos)
        plan = replace(planned, renamed=[], resectioned=[])
        with self._database.writing() as connection:
            self.apply(connection, plan, bars, seen, self._asked[market])
            for joined_on in self._join_twins(connection, seen):
                set_pending_check(connection, joined_on)
            mark_session(connection, SessionMark.MASTER_LIST, market, day)
            connection.execute(
                "DELETE FROM empty_lists WHERE market_code = ? AND trade_date = ?", (market, day.isoformat())
            )
        self._empty[market].pop(day, None)
        if day not in self._asked[market]:
            insort(self._asked[market], day)

    def keep_empty_list(self, market: Market, day: date, seen: Provenance) -> None:
        """Write that the master list of a session with rows came empty: it is asked for again later, not for ever."""
        found = after_empty(self._empty[market].get(day), seen.at)
        next_try_at = iso_instant(found.next_try_at) if found.next_try_at else None
        with self._database.writing() as connection:
            connection.execute(SAVE_EMPTY_LIST, (market, day.isoformat(), found.attempts, next_try_at))
        self._empty[market][day] = found

    # --- rows that come ---------------------------------------------------------------------------------------

    def ids(self, plan: DayPlan) -> dict[str, int]:
        """Return the instrument id of each code on the plan's day."""
        known = self._markets[plan.market]
        return {code: known[code, key.number].instrument_id for code, key in plan.seen.items()}

    def id_on(self, market: str, code: str, day: date) -> int | None:
        """Return the instrument id that a code had on a day."""
        known = self._markets[Market(market)]
        numbers = takewhile(lambda number: (code, number) in known, count(1))
        listed = (known[code, number] for number in numbers)
        return next(
            (each.instrument_id for each in listed if each.episode.first_seen <= day <= each.episode.last_seen), None
        )

    def widen(self, connection: sqlite3.Connection, plan: DayPlan, seen: Provenance) -> None:
        """Let the episodes of a market's new rows reach to the plan's day; that is stored every few sessions."""
        known, day = self._markets[plan.market], plan.day
        for code, key in plan.seen.items():
            self._widen(known[code, key.number], day)
        mark_session(connection, SessionMark.SPAN, plan.market, day)
        self._marked_spans += 1
        if self._marked_spans >= SPANS_AT_ONCE:
            self._write_spans(connection, seen)

    def drop_rowless(self, connection: sqlite3.Connection, plan: DayPlan) -> None:
        """Forget the listings that had a row on the plan's day alone and have none any more."""
        known, day = self._markets[plan.market], plan.day
        rowless = [
            stored
            for (code, _), stored in known.items()
            if stored.episode.first_seen == stored.episode.last_seen == day and code not in plan.seen
        ]
        for stored in rowless:
            key = (stored.instrument_id,)
            connection.execute("UPDATE data_quality_issues SET instrument_id = NULL WHERE instrument_id = ?", key)
            for spells in (NAMES, SECTIONS):
                connection.execute(f"DELETE FROM {spells.name} WHERE instrument_id = ?", key)
            connection.execute("DELETE FROM instruments WHERE instrument_id = ?", key)
            connection.execute("DELETE FROM earlier_uids WHERE instrument_id = ?", key)
            cut_links(connection, stored.instrument_id)
            self.endings.drop(connection, stored)
            self.endings.forget(stored.episode.key)
            del known[stored.episode.key.code, stored.episode.key.number]
            self._wider.pop(stored.instrument_id, None)

    def write_spans(self, seen: Provenance) -> None:
        """Store how far the listings reach by now."""
        if self._marked_spans:
            with self._database.writing() as connection:
                self._write_spans(connection, seen)

    def _write_spans(self, connection: sqlite3.Connection, seen: Provenance) -> None:
        # How far the episodes reach that were widened since the last time, and their shares on the last day.
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
        self._marked_spans = 0
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
        rows = {bar.code: bar for bar in bars if bar.code in opened} if opened else {}
        for episode in plan.opened:
            self._open(connection, episode, rows[episode.key.code], seen)
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

    # --- one code, two listings -------------------------------------------------------------------------------

    def part_relisted(self, market: Market, day: date, codes: Collection[str], seen: Provenance) -> int:
        """Part the listings that a session's codes show to be two: theirs is absent, and from many other lists."""
        stored, verified = self._ledger.sessions(market), self._ledger.verified(market)
        if not codes or not stored[0] < day < stored[-1]:
            return 0
        around = [(each, self._around(each, day)) for each in absent_on(day, self.episodes(market), frozenset(codes))]
        asked = self._asked[market]
        return self._part(
            [each for episode, each in around if each is not None and _are_two(episode, each, verified, asked)], seen
        )

    def _part_told(self, market: Market, day: date, infos: Sequence[BaseInfo], seen: Provenance) -> None:
        """Part what has rows long before the listing date that a session's master list tells, or a pause before it."""
        told = told_relistings(self.episodes(market), {info.code: info for info in infos}, day)
        around = [(self._around(episode, listed), listed) for episode, listed in told]
        verified = self._ledger.verified(market)
        self._part(
            [
                each
                for each, listed in around
                if each is not None and (is_pause(each, listed) or is_listed_anew(each, listed, verified))
            ],
            seen,
        )

    def _around(self, episode: Episode, day: date) -> EpisodeSplit | None:
        stored = self._ledger.sessions(episode.key.market)
        within = stored[bisect_left(stored, episode.first_seen) : bisect_right(stored, episode.last_seen)]
        with self._database.reading() as connection:
            return parting_around(connection, episode.key, self._stored(episode.key).instrument_id, day, within)

    def _part(self, partings: Sequence[EpisodeSplit], seen: Provenance) -> int:
        for parting in partings:
            sessions = self._ledger.sessions(parting.key.market)
            with self._database.writing() as connection:
                self._part_one(connection, parting, sessions[bisect_left(sessions, parting.first_after) :], seen)
                # Its rows follow on no others now: what was worked out of the two together is none.
                set_pending_check(connection, parting.first_after)
        return len(partings)

    def _part_one(
        self, connection: sqlite3.Connection, parting: EpisodeSplit, days: Sequence[date], seen: Provenance
    ) -> None:
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

    def _join_twins(self, connection: sqlite3.Connection, seen: Provenance) -> list[date]:
        """Make those episodes of a market one that base info told to be.

        Returns the first days of the younger ones, whose rows now follow on others.
        """
        joined_on: list[date] = []
        for key in self._twins:
            uid = self._stored(key).episode.uid
            same = [each for each in self._of_code(key.market, key.code) if each.episode.uid == uid]
            older, younger = sorted(same, key=lambda each: each.episode.first_seen)
            joined_on.append(younger.episode.first_seen)
            stored = self._ledger.sessions(key.market)
            self._join(connection, older, younger, stored[bisect_left(stored, joined_on[-1]) :], seen)
        if self._twins:
            self._twins.clear()
            self._number_by_age(connection, seen)
        return joined_on

    def _number_by_age(self, connection: sqlite3.Connection, seen: Provenance) -> int:
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

    def settle(self, calendar: KrxCalendar, seen: Provenance) -> Settled:
        """Settle the listings: number them by age, find how they ended and where they went on.

        The first days of issues on another market are to be checked anew, when that is news, and days of liquidation
        trading that were none. A run that was killed before leaves it to any later one: nothing here rests on what a
        process remembers.
        """
        sessions = {market: self._ledger.sessions(market) for market in Market}
        verified = {market: self._ledger.verified(market) for market in Market}
        with self._database.writing() as connection:
            renumbered = self._number_by_age(connection, seen)
            closures = plan_closures(self.episodes(), verified, sessions)
            for day in self.endings.close(connection, closures, seen):
                set_pending_check(connection, day)
            doubted = self.endings.doubted_ends()
            resolved = sum(self._end(connection, ended, calendar, seen) for ended in doubted)
        return Settled(len(closures) + renumbered, resolved)

    def _end(
        self, connection: sqlite3.Connection, ended: StoredEpisode, calendar: KrxCalendar, seen: Provenance
    ) -> int:
        """Find how one listing ended; returns how many findings of the run that resolves."""
        before, key, ending = ended.episode, ended.episode.key, None
        sessions = self._ledger.sessions(key.market)
        place = bisect_right(sessions, before.last_seen)
        last = sessions[max(0, place - LIQUIDATION_SESSIONS) : place]
        if before.delisting_date is not None:
            group, rows = read_ending_rows(connection, ended.instrument_id, last)
            entries = self._ledger.entries(Track(BarKind.EQUITY, key.market))
            ending = ending_of(key.market, group, rows if _is_whole(entries, calendar, last, before) else ())
        self.endings.end(connection, ended, ending, seen)
        begun = ended.episode.liquidation_from
        if before.liquidation_from not in {None, begun}:
            for day in last:
                set_pending_check(connection, day)
        freed = [day for day in last if begun is not None and day >= begun]
        return resolve_breaches(connection, f"{key.market}:{key.code}", freed, seen)

    # --- in memory --------------------------------------------------------------------------------------------

    def _heal(self, connection: sqlite3.Connection) -> int:
        """Widen what a process that was killed had widened in memory only; returns on how many sessions."""
        by_id = {stored.instrument_id: stored for known in self._markets.values() for stored in known.values()}
        marked = marked_sessions(connection, SessionMark.SPAN)
        for market, day in marked:
            for instrument_id in instruments_of(connection, market, day):
                self._widen(by_id[instrument_id], day)
        return len(marked)

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


def _are_two(episode: Episode, parting: EpisodeSplit, verified: Sequence[date], asked: Sequence[date]) -> bool:
    if episode.is_identified and is_listed_anew(parting, episode.listing_date, verified):
        return True
    return is_relisted(parting, verified) and not is_told_as_one(episode, parting, asked)


def _is_whole(entries: Mapping[date, LedgerEntry], calendar: KrxCalendar, last: Sequence[date], ended: Episode) -> bool:
    """Whether no session is missing among the last ones of a listing, nor before its end."""
    days = [*last, *([ended.delisting_date] if ended.delisting_date is not None else [])]
    return not any(has_hole(entries, calendar, day, after) for day, after in pairwise(days))
