"""Which master lists tell of an issue: that of its last session says the newest, in whatever order they are asked."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tray_app.datasets.krx.rules.episodes import Episode
from tray_app.datasets.krx.rules.ledger import ASKS_BEFORE_REST, growing_delay


@dataclass(frozen=True, slots=True)
class EmptyList:
    """How often a master list came empty, and when (UTC) it is asked for again; given up without a next try."""

    attempts: int
    next_try_at: datetime | None


def after_empty(before: EmptyList | None, now: datetime) -> EmptyList:
    """Return what is known of a list that came empty (again): asked for at growing intervals, for two months."""
    attempts = 1 if before is None else before.attempts + 1
    return EmptyList(attempts, now + growing_delay(attempts) if attempts < ASKS_BEFORE_REST else None)


def days_without_base_info(
    episodes: Iterable[Episode], stored: Collection[date], empty: Mapping[date, EmptyList], now: datetime
) -> set[date]:
    """Return the last sessions of listings whose master lists are not stored, and not to be waited for.

    empty: those that came empty.
    """
    waiting = {day for day, each in empty.items() if each.next_try_at is None or now < each.next_try_at}
    return {episode.last_seen for episode in episodes} - waiting.union(stored)


def tells_newest(day: date, episode: Episode, asked: Sequence[date]) -> bool:
    """Whether no later master list told of a listing than the one of a day. asked: ascending."""
    place = bisect_right(asked, day)
    return episode.isin is None or place == len(asked) or asked[place] > episode.last_seen
