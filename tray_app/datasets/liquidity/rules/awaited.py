"""Which inputs of the newest day are still to come: what is stored against what would be if nothing were late."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from tray_app.datasets.liquidity.catalogue import MacroSeries, Provider, catalogue
from tray_app.datasets.liquidity.rules.business_days import BusinessDays, reserve_holidays
from tray_app.datasets.liquidity.rules.index_days import IndexDays
from tray_app.datasets.liquidity.rules.inputs import INPUT_SERIES, Tracks, stress_inputs
from tray_app.datasets.liquidity.rules.model import Observation
from tray_app.datasets.liquidity.rules.stored_tracks import StoredTracks
from tray_app.datasets.liquidity.rules.tracks import Track

# An input that has been silent for longer is missing, which the coverage says; it is not awaited.
RECENT = timedelta(days=40)
ANY_LEVEL = 1.0


def awaited_inputs(series: Mapping[str, Sequence[Observation]], through: date) -> tuple[str, ...]:
    """Return the names of the inputs whose newest value due by the end of a day is not stored; of recent days alone.

    An input made of several series is in when whatever speaks for the due date is: a fallback will do.
    """
    since = through - RECENT
    stored = {
        name: [each for each in series.get(name, ()) if since <= each.observed <= through] for name in INPUT_SERIES
    }
    days = IndexDays(since, through)
    came = _newest_dates(StoredTracks(stored, days, through).tracks, len(days))
    due = _newest_dates(StoredTracks(_punctual(since, through), days, through).tracks, len(days))
    return tuple(name for name, ordinal in due.items() if 0 < came[name] < ordinal)


def _newest_dates(tracks: Tracks, size: int) -> dict[str, int]:
    """Return the date of each input's newest value that is known on the last day; 0 for none."""
    return {each.name: _newest(each.track, size) for each in stress_inputs(tracks)}


def _newest(track: Track, size: int) -> int:
    known = zip(track.ordinals, track.known, strict=True)
    return max((ordinal for ordinal, number in known if number < size), default=0)


def _punctual(since: date, through: date) -> dict[str, list[Observation]]:
    """Return every series that goes on, with a value on each day its source publishes one."""
    business = BusinessDays(since, through)
    common = [date.fromordinal(business.ordinal(number)) for number in range(len(business))]
    reserve = [day for year in {since.year, through.year} for day in reserve_holidays(year) if since <= day <= through]
    closes = sorted({*common, *(day for day in reserve if day.weekday() < 5)})
    return {
        each.series_id: [Observation(day, ANY_LEVEL) for day in (closes if _closes(each) else common)]
        for each in catalogue()
        if each.series_id in INPUT_SERIES and not each.ended
    }


def _closes(series: MacroSeries) -> bool:
    return series.provider is Provider.YAHOO
