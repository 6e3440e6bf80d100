"""The days of the stress index: New York's weekdays, each at its end.

A weekday is a day of the index even when it is a holiday, because some market closes then. What is published late is
late by business days, on which the agencies work.
"""

from collections.abc import Sequence
from datetime import date, timedelta

from tray_app.datasets.liquidity.catalogue import MacroSeries
from tray_app.datasets.liquidity.rules.business_days import BusinessDays

WORKDAYS, WEEK = 5, 7
# Further than the longest lag of the catalogue, and a label looks at the business day after a date.
AHEAD = timedelta(days=60)


class IndexDays:
    """Numbers the weekdays of a span from 0; days go in as proleptic ordinals (date.toordinal)."""

    def __init__(self, first: date, last: date) -> None:
        """Begin with the Monday of first's week, end with last."""
        monday = first - timedelta(days=first.weekday())
        self.business = BusinessDays(monday, last + AHEAD)
        self._start = monday.toordinal()
        self._size = self._at_or_before(last.toordinal()) + 1
        self._of_business = [self._at_or_before(self.business.ordinal(number)) for number in range(len(self.business))]
        self.business_numbers: Sequence[int] = self.business.numbers([self.ordinal(each) for each in range(self._size)])

    def __len__(self) -> int:
        return self._size

    def ordinal(self, number: int) -> int:
        """Return the day of a number."""
        weeks, weekday = divmod(number, WORKDAYS)
        return self._start + WEEK * weeks + weekday

    def is_holiday(self, number: int) -> bool:
        """Whether a day of the index is no business day."""
        return self.business.ordinal(self.business_numbers[number]) != self.ordinal(number)

    def known(self, ordinals: Sequence[int], series: MacroSeries) -> list[int]:
        """Return the number of the day by whose end a series' observations of these dates are published.

        Without a lag that is the date itself, a weekend's the next Monday. A weekend's value with a lag is Friday's.
        """
        if series.is_monday_batch:
            return [self._of_business[self.business.at_or_after(_next_monday(ordinal))] for ordinal in ordinals]
        if series.lag:
            lag, of_business = series.lag, self._of_business
            return [of_business[number + lag] for number in self.business.numbers(ordinals)]
        return [self._at_or_after(ordinal) for ordinal in ordinals]

    def _at_or_before(self, ordinal: int) -> int:
        weeks, weekday = divmod(ordinal - self._start, WEEK)
        return WORKDAYS * weeks + min(weekday, WORKDAYS - 1)

    def _at_or_after(self, ordinal: int) -> int:
        weeks, weekday = divmod(ordinal - self._start, WEEK)
        return WORKDAYS * weeks + min(weekday, WORKDAYS)


def _next_monday(ordinal: int) -> int:
    # Ordinal 1 was a Monday.
    return ordinal + WEEK - (ordinal - 1) % WEEK
