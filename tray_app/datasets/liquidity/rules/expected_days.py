"""The days on which a macro series should have a value, by its rhythm and the calendar of who publishes it."""

from bisect import bisect_left, bisect_right
from datetime import date, timedelta

from tray_app.core.coverage import Coverage
from tray_app.core.days import is_weekday
from tray_app.datasets.liquidity.catalogue import Frequency, MacroSeries, Provider
from tray_app.datasets.liquidity.rules.business_days import exchange_holidays, holidays

# The months of whose first day a value is.
MONTHS = {Frequency.MONTHLY: range(1, 13), Frequency.QUARTERLY: range(1, 13, 3)}


class ExpectedDays:
    """Gives the expected days of many series; a year of a calendar is made once."""

    def __init__(self) -> None:
        self._weekdays: dict[tuple[Provider, int], list[date]] = {}

    def of(self, series: MacroSeries, first: date, last: date) -> list[date]:
        """Return the days of a span, ascending, both ends included.

        A weekly series keeps the weekday it began on, a monthly or quarterly one is of the first day. A daily one has
        the days on which New York's exchange trades, and FRED's series those on which the Federal Reserve works too.
        """
        if last < first:
            return []
        if series.frequency is Frequency.WEEKLY:
            begin = first + timedelta(days=(series.starts - first).days % 7)
            return [date.fromordinal(each) for each in range(begin.toordinal(), last.toordinal() + 1, 7)]
        if series.frequency in MONTHS:
            months = MONTHS[series.frequency]
            days = [date(year, month, 1) for year in range(first.year, last.year + 1) for month in months]
        elif series.is_every_day:
            return Coverage(first, last).days
        else:
            years = range(first.year, last.year + 1)
            days = [day for year in years for day in self._business_days(series.provider, year)]
        return days[bisect_left(days, first) : bisect_right(days, last)]

    def _business_days(self, provider: Provider, year: int) -> list[date]:
        known = self._weekdays.get((provider, year))
        if known is None:
            closed = set(holidays(year) if provider is Provider.FRED else exchange_holidays(year))
            days = Coverage(date(year, 1, 1), date(year, 12, 31)).days
            known = [day for day in days if is_weekday(day) and day not in closed]
            self._weekdays[provider, year] = known
        return known
