"""The stored series as the inputs of the index read them, and which of their values are in doubt."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.rules.combine import Due
from tray_app.datasets.liquidity.rules.index_days import IndexDays
from tray_app.datasets.liquidity.rules.inputs import StressInput, Tracks, sources_of
from tray_app.datasets.liquidity.rules.model import Observation
from tray_app.datasets.liquidity.rules.tracks import Track, places_in_doubt, read_track, without_jumps


class StoredTracks:
    """Reads each series once, up to a day; prices come without the jumps no market ever made."""

    def __init__(self, series: Mapping[str, Sequence[Observation]], days: IndexDays, through: date) -> None:
        self._series = series
        self._days = days
        self._through = through
        self._catalogue = {each.series_id: each for each in catalogue()}
        self._tracks: dict[str, Track] = {}
        self._doubts: dict[str, frozenset[int]] = {}

    @property
    def tracks(self) -> Tracks:
        """Return what the inputs are made from."""
        return Tracks(self.track, self.due)

    def track(self, series_id: str) -> Track:
        """Return a series."""
        if series_id not in self._tracks:
            source = self._catalogue[series_id]
            track = read_track(self._series.get(series_id, ()), source, self._days, self._through)
            doubts = places_in_doubt(track, source.rules)
            self._doubts[series_id] = frozenset(doubts)
            self._tracks[series_id] = without_jumps(track, doubts) if source.is_price else track
        return self._tracks[series_id]

    def due(self, series_id: str) -> Due:
        """Return when the observations of a series are due."""
        return partial(self._days.known, series=self._catalogue[series_id])

    def days_in_doubt(self, inputs: Sequence[StressInput]) -> frozenset[int]:
        """Return the days of the index on which an input is made of a value in doubt."""
        size = len(self._days)
        found: set[int] = set()
        for source in inputs:
            known = [min(each, size) for each in source.track.known]
            doubted = {
                name: frozenset[int]().union(*(self._doubts.get(each, ()) for each in sources_of(source.name, name)))
                for name in set(source.track.sources)
            }
            if not any(doubted.values()):
                continue
            for place, (ordinal, name) in enumerate(zip(source.track.ordinals, source.track.sources, strict=True)):
                if ordinal in doubted[name]:
                    end = known[place + source.memory] if place + source.memory < len(known) else size
                    found.update(range(known[place], end))
        return frozenset(found)
