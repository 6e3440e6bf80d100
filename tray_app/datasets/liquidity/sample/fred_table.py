"""Which dates the sample FRED has for a series, when each appears, and how its values are written."""

import bisect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from types import MappingProxyType

from tray_app.core.days import day_number
from tray_app.datasets.liquidity.catalogue import Frequency, MacroSeries, Provider, Restriction, served_by
from tray_app.datasets.liquidity.rules.expected_days import MONTHS
from tray_app.datasets.liquidity.sample.macro import Economy
from tray_app.datasets.liquidity.sample.us_days import is_bond_day, is_exchange_day, later
from tray_app.demo.dayrows import DayRows
from tray_app.demo.series import date_of

FIRST = date(1990, 1, 1)
MISSING = "."
ENDS: Mapping[str, date] = MappingProxyType({"TEDRATE": date(2022, 1, 21)})
DECIMALS: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(("SOFRVOL", "WALCL", "WRESBAL", "WTREGEN"), 0),
        "DTWEXBGS": 4,
        "RRPONTSYD": 3,
        "NFCI": 5,
        "STLFSI4": 4,
        "DRTSCILM": 1,
    }
)
# New values come out in the morning in New York; those without a lag, the batches of a week and what is made of the
# day's closes after the close.
MORNING, EVENING = time(13, 0), time(20, 30)
AFTER_THE_CLOSE = frozenset({"BAA10Y", "AAA10Y", "VIXCLS", "DGS3MO", "DGS2", "DGS10", "DCPF3M"})
ICE_YEARS = 3


@dataclass(frozen=True)
class Cell:
    """One observation as written: its date as text and its value, "." when there is none."""

    day: str
    value: str


class FredTable:
    """Observations by series; safe to use from any thread."""

    def __init__(self, economy: Economy) -> None:
        self._economy = economy
        self._series = {one.series_id: one for one in served_by(Provider.FRED)}
        self._rows = {one.series_id: DayRows(*self._days(one)) for one in self._series.values()}

    def knows(self, series_id: str) -> bool:
        """Return whether there is such a series."""
        return series_id in self._series

    def cells(self, series_id: str, first: str, last: str, now: datetime) -> Sequence[Cell]:
        """Return the observations between two dates (as text, both included) that are out at an instant."""
        series = self._series[series_id]
        newest = min(newest_out(series, now), ENDS.get(series_id, date.max))
        cells = self._rows[series_id].through(day_number(newest))
        if series.restriction is Restriction.ICE:
            first = max(first, str(_years_before(now.date(), ICE_YEARS)))
        start = bisect.bisect_left(cells, first, key=lambda cell: cell.day)
        end = bisect.bisect_right(cells, min(last, str(newest)), key=lambda cell: cell.day)
        return cells[start:end]

    def _days(self, series: MacroSeries) -> tuple[int, Callable[[int], Cell | None]]:
        has_row, has_value = _calendar(series)

        def make(number: int) -> Cell | None:
            day = date_of(number)
            if not has_row(day):
                return None
            return Cell(str(day), self._written(series.series_id, number) if has_value(day) else MISSING)

        return day_number(max(series.starts, FIRST)), make

    def _written(self, series_id: str, day: int) -> str:
        decimals = DECIMALS.get(series_id, 2)
        return f"{round(self._economy.value(series_id, day), decimals) + 0.0:.{decimals}f}"


def newest_out(series: MacroSeries, now: datetime) -> date:
    """Return the newest date whose observation has come out at an instant."""
    moment = now.astimezone(UTC)
    day = moment.date()
    while _comes_out(series, day) > moment:
        day -= timedelta(days=1)
    return day


def _comes_out(series: MacroSeries, day: date) -> datetime:
    if series.is_monday_batch:
        monday = day + timedelta(days=7 - day.weekday())
        return datetime.combine(monday if is_bond_day(monday) else later(monday, 1), EVENING, UTC)
    is_late = not series.lag or series.series_id in AFTER_THE_CLOSE
    return datetime.combine(later(day, series.lag), EVENING if is_late else MORNING, UTC)


def _calendar(series: MacroSeries) -> tuple[Callable[[date], bool], Callable[[date], bool]]:
    """Return which dates have a row, and which of those a value."""
    if series.is_every_day or series.series_id == "IORB":
        return _always, _always
    if series.frequency is Frequency.WEEKLY:
        return (lambda day: day.weekday() == series.starts.weekday()), _always
    if series.frequency in MONTHS:
        months = MONTHS[series.frequency]
        return (lambda day: day.day == 1 and day.month in months), _always
    if series.restriction is Restriction.ICE:
        return (lambda day: day.weekday() < 5 or _ends_month(day)), (lambda day: is_bond_day(day) or _ends_month(day))
    return (lambda day: day.weekday() < 5), is_exchange_day if series.series_id == "VIXCLS" else is_bond_day


def _always(_day: date) -> bool:
    return True


def _ends_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _years_before(day: date, years: int) -> date:
    return day.replace(year=day.year - years, day=min(day.day, 28) if day.month == 2 else day.day)
