"""Listing episodes: one issue code on one market from listing to delisting.

A code that moves to another market or is used again opens a new episode; a new name only adds to the episode's names.
The plan is pure and does not depend on the order days come in: a backfill may go backwards and fill interior holes.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID, uuid5

from tray_app.datasets.krx.rows import BaseInfo, EquityBar, Market
from tray_app.datasets.krx.rules.spells import Spell, Spells, spells_after

NAMESPACE = UUID("5f0c2c86-3a0b-5c1e-9d57-6a1f0e6b7a34")
REUSED_AFTER_SESSIONS = 10


@dataclass(frozen=True, slots=True, order=True)
class EpisodeKey:
    """Which listing: market, code, and the number of the episode, from 1 by their first day, once settled."""

    market: Market
    code: str
    number: int = 1


class EndReason(StrEnum):
    """Why a listing ended; unknown where the rows do not tell."""

    TRANSFERRED = "transferred"
    DELISTED = "delisted"
    MERGED = "merged"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Episode:
    """What is known of one listing; whoever keeps it widens it day by day.

    listing_date is the first day seen until base info tells it, which also brings the ISIN. names and sections
    ascend by day; a market without sections has an empty one.
    A listing that went on in another market ended too, but was not delisted: it has a moved_to and no delisting_date.
    """

    key: EpisodeKey
    first_seen: date
    last_seen: date
    listing_date: date
    names: Spells
    delisting_date: date | None = None
    isin: str | None = None
    end_reason: EndReason | None = None
    moved_to: EpisodeKey | None = None
    sections: Spells = ()
    liquidation_from: date | None = None

    @property
    def is_identified(self) -> bool:
        """Whether base info has told who the issue is."""
        return self.isin is not None

    @property
    def has_lasting_uid(self) -> bool:
        """Whether the identifier is that of every machine: base info told the listing date, or never tells of it."""
        return self.is_identified or self.key.market is Market.ETF

    @property
    def uid(self) -> UUID:
        """Return the identifier: what the listing is, whatever was stored of it, or stored first.

        One that base info has not told of yet has a passing one, after the first day that is known of it.
        """
        what = f"{self.key.market}:{self.key.code}"
        if self.is_identified:
            what += f":{self.listing_date}"
        elif not self.has_lasting_uid:
            what += f":unidentified:{self.first_seen}"
        return uuid5(NAMESPACE, what)

    def widen(self, day: date) -> bool:
        """Let the listing reach to a day it has a row on; returns whether that is news."""
        if self.first_seen <= day <= self.last_seen:
            return False
        if day > self.last_seen:
            self.last_seen = day
        else:
            self.first_seen = day
            if self.isin is None:
                self.listing_date = day
        return True


@dataclass(frozen=True, slots=True)
class SpellChange:
    """The names or sections of an episode after a day that did not fit them."""

    key: EpisodeKey
    spells: Spells


@dataclass(slots=True)
class DayPlan:
    """What one day's list of a market changes in its listings.

    seen gives the episode of every row, by code; their first_seen and last_seen widen to the day, and so does the
    listing date of those that base info has not identified. opened are new episodes. identified carries the base info
    of known and new episodes.
    """

    day: date
    market: Market
    seen: dict[str, EpisodeKey] = field(default_factory=dict)
    opened: list[Episode] = field(default_factory=list)
    renamed: list[SpellChange] = field(default_factory=list)
    resectioned: list[SpellChange] = field(default_factory=list)
    identified: dict[EpisodeKey, BaseInfo] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Known:
    # By code: nearly all have one episode, only those with more are listed in full.
    one: Mapping[str, Episode]
    several: Mapping[str, Sequence[Episode]]
    info: Mapping[str, BaseInfo]
    sessions: Sequence[date]
    following: date | None

    def episodes(self, code: str) -> Sequence[Episode]:
        """Return a code's episodes."""
        if code in self.several:
            return self.several[code]
        return (self.one[code],) if code in self.one else ()


def plan_day(  # noqa: PLR0913, PLR0917 - what a day can tell, and what is known
    day: date,
    market: Market,
    episodes: Sequence[Episode],
    bars: Iterable[EquityBar],
    base_info: Iterable[BaseInfo] = (),
    verified_sessions: Sequence[date] = (),
    following: date | None = None,
) -> DayPlan:
    """Return what one day's rows of a market change in its listings.

    episodes: all known ones of the market, open and closed. base_info: the same day's, when asked for.
    verified_sessions: ascending, those whose list is complete: tell a hole in rows from a new listing. following: the
    next stored session.
    """
    one = {episode.key.code: episode for episode in episodes}
    several: dict[str, list[Episode]] = {}
    if len(one) < len(episodes):
        for episode in episodes:
            several.setdefault(episode.key.code, []).append(episode)
        several = {code: each for code, each in several.items() if len(each) > 1}
        for code in several:
            del one[code]
    known = _Known(one, several, {told.code: told for told in base_info}, verified_sessions, following)
    newest = verified_sessions[-1] if verified_sessions else date.max
    usual = {} if known.info else one
    plan = DayPlan(day, market)
    for row in bars:
        code = row.code
        only = usual.get(code)
        # Nearly every row: one listing that was there on the session before, is called the same, and not told of anew.
        if (
            only is not None
            and only.first_seen <= day
            and only.last_seen >= newest
            and only.names
            and (last := only.names[-1]).text == row.name
            and last.valid_from <= day
            and only.sections
            and (last := only.sections[-1]).text == row.section
            and last.valid_from <= day
        ):
            plan.seen[code] = only.key
        else:
            plan.seen[code] = _plan_row(row, known, plan)
    return plan


def _plan_row(row: EquityBar, known: _Known, plan: DayPlan) -> EpisodeKey:
    day, code = plan.day, row.code
    candidates, told = known.episodes(code), known.info.get(code)
    match = _episode_of(day, candidates, told, known.sessions)
    if match is None:
        key = EpisodeKey(plan.market, code, 1 + max((one.key.number for one in candidates), default=0))
        plan.opened.append(_opened(key, day, row, told))
        if told is not None:
            plan.identified[key] = told
        return key
    key = match.key
    following = known.following if known.following is not None and known.following <= match.last_seen else None
    names = spells_after(match.names, day, row.name, following)
    if names is not match.names:
        plan.renamed.append(SpellChange(key, names))
    sections = spells_after(match.sections, day, row.section, following)
    if sections is not match.sections:
        plan.resectioned.append(SpellChange(key, sections))
    if told is not None:
        plan.identified[key] = told
    return key


def _episode_of(
    day: date, candidates: Sequence[Episode], told: BaseInfo | None, sessions: Sequence[date]
) -> Episode | None:
    if len(candidates) == 1:
        only = candidates[0]
        usual = told is None and bool(sessions) and only.first_seen <= day and only.last_seen >= sessions[-1]
        return only if usual or _fits(only, day, told, sessions) else None
    fitting = [episode for episode in candidates if _fits(episode, day, told, sessions)]
    return min(fitting, key=lambda episode: _distance(episode, day), default=None)


def _fits(episode: Episode, day: date, told: BaseInfo | None, sessions: Sequence[date]) -> bool:
    # Nothing but its code tells one fund from another.
    if episode.first_seen <= day <= episode.last_seen or episode.key.market is Market.ETF:
        return True
    if told is not None:
        if day > episode.last_seen:
            return told.listing_date <= episode.last_seen
        return told.listing_date <= day and (not episode.is_identified or told.listing_date == episode.listing_date)
    if day < episode.first_seen:
        return not episode.is_identified or day >= episode.listing_date
    # Halted issues have rows: one absent from so many lists is gone, whether or not its end was worked out by now.
    absent = bisect_left(sessions, day) - bisect_right(sessions, episode.last_seen)
    return absent <= REUSED_AFTER_SESSIONS


def _distance(episode: Episode, day: date) -> int:
    return max((episode.first_seen - day).days, (day - episode.last_seen).days, 0)


def _opened(key: EpisodeKey, day: date, row: EquityBar, told: BaseInfo | None) -> Episode:
    return Episode(
        key=key,
        first_seen=day,
        last_seen=day,
        listing_date=day if told is None else told.listing_date,
        names=(Spell(day, row.name),),
        sections=(Spell(day, row.section),),
        isin=None if told is None else told.isin,
    )
