"""Which master lists tell of an issue: that of its last session says the newest, in whatever order they are asked."""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Sequence
from datetime import date

from tray_app.datasets.krx.rules.episodes import Episode


def days_without_base_info(episodes: Iterable[Episode], asked: Collection[date]) -> set[date]:
    """Return the last sessions of listings whose master lists were not asked for."""
    return {episode.last_seen for episode in episodes} - set(asked)


def tells_newest(day: date, episode: Episode, asked: Sequence[date]) -> bool:
    """Whether no later master list told of a listing than the one of a day. asked: ascending."""
    place = bisect_right(asked, day)
    return episode.isin is None or place == len(asked) or asked[place] > episode.last_seen
