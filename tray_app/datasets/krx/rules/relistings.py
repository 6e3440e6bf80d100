"""One code, two listings: parted when a hole between their rows is filled, or the master list tells the later date.

Rows on both sides of a hole look like one listing, as no list says that the code was gone in between. Whoever fills
the hole, or asks for the master list, learns better; then the episode is parted as if the days had come in order.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from tray_app.datasets.krx.rows import BaseInfo
from tray_app.datasets.krx.rules.episodes import REUSED_AFTER_SESSIONS, Episode, EpisodeKey
from tray_app.datasets.krx.rules.spells import merged, parted_spells

# A master list whose date is later than rows right before it speaks of no other listing: the exchange changed a date.
LONGEST_PAUSE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class EpisodeSplit:
    """An episode to be parted, between its last row of the earlier listing and the first one of the later."""

    key: EpisodeKey
    last_before: date
    first_after: date


def absent_on(day: date, episodes: Iterable[Episode], codes: frozenset[str]) -> list[Episode]:
    """Return the episodes that reach over a day on which the code has no row."""
    return [
        episode
        for episode in episodes
        if episode.first_seen < day < episode.last_seen and episode.key.code not in codes
    ]


def has_returned(episodes: Iterable[Episode], day: date, codes: Collection[str]) -> bool:
    """Whether one of some codes, which the session before did not have, was listed before a day and is again."""
    return bool(codes) and any(each.key.code in codes and each.first_seen < day <= each.last_seen for each in episodes)


def is_told_as_one(episode: Episode, parting: EpisodeSplit, asked: Sequence[date]) -> bool:
    """Whether a master list of the later rows tells a listing date before the earlier ones: it is one listing.

    asked: the sessions whose master lists are stored, ascending.
    """
    place = bisect_left(asked, parting.first_after)
    is_asked = place < len(asked) and asked[place] <= episode.last_seen
    return episode.is_identified and episode.listing_date <= parting.last_before and is_asked


def joined(earlier: Episode, later: Episode) -> Episode:
    """Return the one listing that two episodes with the same listing date are of; its end is that of the later."""
    names, sections = merged(*earlier.names, *later.names), merged(*earlier.sections, *later.sections)
    return replace(later, key=earlier.key, first_seen=earlier.first_seen, names=names, sections=sections)


def is_relisted(parting: EpisodeSplit, verified: Sequence[date]) -> bool:
    """Whether the code is missing from so many complete lists that its rows are of two listings.

    verified: the market's sessions whose list is complete, ascending.
    """
    return _absences(parting, verified) > REUSED_AFTER_SESSIONS


def is_listed_anew(parting: EpisodeSplit, listing_date: date, verified: Sequence[date]) -> bool:
    """Whether the code came back on a told listing date, missing from a complete list before it: however short a time.

    verified: as above.
    """
    is_between = parting.last_before < listing_date <= parting.first_after
    return is_between and _absences(parting, verified) > 0


def _absences(parting: EpisodeSplit, verified: Sequence[date]) -> int:
    return bisect_left(verified, parting.first_after) - bisect_right(verified, parting.last_before)


def told_relistings(episodes: Iterable[Episode], told: Mapping[str, BaseInfo], day: date) -> list[tuple[Episode, date]]:
    """Return the episodes with rows long before the listing date that a day's master list tells, and that date."""
    return [
        (episode, info.listing_date)
        for episode in episodes
        if (info := told.get(episode.key.code)) is not None
        and episode.first_seen < info.listing_date <= day <= episode.last_seen
    ]


def is_pause(parting: EpisodeSplit, listing_date: date) -> bool:
    """Whether the rows before a told listing date end so long before it that they are of another listing."""
    return listing_date - parting.last_before > LONGEST_PAUSE


def parted(episode: Episode, parting: EpisodeSplit, number: int) -> tuple[Episode, Episode]:
    """Return the earlier listing and the later one, which gets a number of its own until they are numbered by age.

    What the master list told stays with the listing it speaks of.
    """
    last, first = parting.last_before, parting.first_after
    names, sections = (parted_spells(spells, last, first) for spells in (episode.names, episode.sections))
    earlier = replace(
        episode,
        last_seen=last,
        names=names[0],
        sections=sections[0],
        delisting_date=None,
        end_reason=None,
        moved_to=None,
        liquidation_from=None,
    )
    later = replace(
        episode, key=replace(episode.key, number=number), first_seen=first, names=names[1], sections=sections[1]
    )
    if episode.listing_date > last:
        return replace(earlier, isin=None, listing_date=episode.first_seen), later
    return earlier, replace(later, isin=None, listing_date=first)
