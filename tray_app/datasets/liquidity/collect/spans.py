"""From which date on a series is asked for: today's tail with what its source may still revise, or missing history."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tray_app.core.coverage import again_from
from tray_app.core.holes import first_hole
from tray_app.core.model import Window
from tray_app.core.times import utc_date
from tray_app.datasets.liquidity.catalogue import Frequency, MacroSeries
from tray_app.datasets.liquidity.collect.parts import LiquidityParts
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.rules.expected_days import ExpectedDays
from tray_app.store.answers import AgainStore
from tray_app.store.series import macro_series

# Each publication rewrites the whole of these, so all of it is asked for each time: a tail would mix two versions.
REVISED_SERIES = frozenset({"NFCI", "STLFSI4"})
# About ten observations: sources fill and correct their last ones.
TAIL = {
    Frequency.DAILY: timedelta(days=14),
    Frequency.WEEKLY: timedelta(days=70),
    Frequency.MONTHLY: timedelta(days=300),
    Frequency.QUARTERLY: timedelta(days=400),
}
# What a first run brings at once, before the history comes as a run of its own.
FIRST_TAIL = timedelta(days=400)
# What is newer than the newest value is brought by today's run, however late it is.
STILL_DAILY = timedelta(days=35)
NEW_YORK_CLOSES = time(16, 0)
# Currencies trade around the clock: New York's close does not settle them.
ROUND_THE_CLOCK = frozenset({"KRW=X", "DX-Y.NYB"})


@dataclass(frozen=True, slots=True)
class SeriesRequest:
    """A series and the date to ask from; again, when its stored values are asked for too."""

    series: MacroSeries
    since: date
    is_again: bool = False

    @property
    def is_revised(self) -> bool:
        """Whether the source rewrites the whole series."""
        return self.series.series_id in REVISED_SERIES


def tail_of(series: Iterable[MacroSeries], reads: LiquidityReads, now: datetime) -> tuple[SeriesRequest, ...]:
    """Return what today's run asks for: each series from a little before where it stands. Ended ones stay as they are.

    A series that was not collected for long is asked for from there.
    """
    return tuple(SeriesRequest(each, _tail_start(each, reads, now)) for each in series if not each.ended)


def missing_of(
    series: Iterable[MacroSeries], parts: LiquidityParts, window: Window, now: datetime
) -> tuple[SeriesRequest, ...]:
    """Return what a range of history lacks, or all of it when it is asked for again.

    A series is asked for from the first day on that should have a value and has none; see core/holes.py.
    """
    meant = [each for each in series if window.means(each.series_id)]
    if window.again_since is not None:
        return _again_of(meant, parts.series.again, window, window.again_since)
    expected, asks = ExpectedDays(), []
    for each in meant:
        since = _missing_from(each, parts.reads, expected, window, now)
        if since is not None:
            asks.append(SeriesRequest(each, _whole_start(each, since)))
    return tuple(asks)


def _again_of(
    series: Iterable[MacroSeries], again: AgainStore, window: Window, instant: datetime
) -> tuple[SeriesRequest, ...]:
    last = min(window.date_to or date.max, utc_date(instant))
    asks = []
    for each in series:
        since = again_from(window, each.starts, last, again.since(macro_series(each.series_id), instant))
        if since is not None:
            asks.append(SeriesRequest(each, _whole_start(each, since), is_again=True))
    return tuple(asks)


def _whole_start(series: MacroSeries, since: date) -> date:
    """Return where to ask from: a part of what is rewritten as a whole would mix two versions."""
    return series.starts if series.series_id in REVISED_SERIES else since


def lacking_close(series: Iterable[MacroSeries], reads: LiquidityReads, now: datetime) -> tuple[SeriesRequest, ...]:
    """Return what New York's last close has settled and is not stored; nothing when all that closes there is."""
    session = last_new_york_session(now)
    lacking = [each for each in series if (reads.newest_observation(each.series_id) or date.min) < session]
    if all(each.series_id in ROUND_THE_CLOCK for each in lacking):
        return ()
    return tail_of(lacking, reads, now)


def last_new_york_session(now: datetime) -> date:
    """Return the newest weekday on which New York has closed; its holidays count as sessions."""
    local = now.astimezone(ZoneInfo("America/New_York"))
    day = local.date() if local.time() >= NEW_YORK_CLOSES else local.date() - timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day


def _tail_start(series: MacroSeries, reads: LiquidityReads, now: datetime) -> date:
    if series.series_id in REVISED_SERIES:
        return series.starts
    newest = reads.newest_observation(series.series_id)
    start = newest or utc_date(now) - FIRST_TAIL
    return max(series.starts, start - TAIL[series.frequency])


def _missing_from(
    series: MacroSeries, reads: LiquidityReads, expected: ExpectedDays, window: Window, now: datetime
) -> date | None:
    start = max(window.date_from, series.starts)
    if window.date_to is not None and window.date_to < start:
        return None
    if reads.series_coverage(series.series_id) is None:
        return start
    newest = reads.newest_observation(series.series_id) or date.min
    last = newest if series.ended else max(newest, utc_date(now) - STILL_DAILY)
    last = min(window.date_to or date.max, last)
    days = expected.of(series, start, last)
    hole = first_hole(days, reads.known_days(series.series_id, start, last), utc_date(now))
    # A day that need not have a value may have one all the same: currencies on a holiday of the exchange.
    return start if days and hole == days[0] else hole
