"""How old a series' newest value may be: its publication lag and what its rhythm adds, in New York's business days."""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from tray_app.core.checks.standing import standing
from tray_app.core.quality import Finding, ValueCode
from tray_app.core.source_life import NEW_YORK
from tray_app.core.words import tr
from tray_app.datasets.liquidity.catalogue import Frequency, MacroSeries
from tray_app.datasets.liquidity.rules.business_days import BusinessDays

# From one value to the next, and two business days for what is published late.
RHYTHM: Mapping[Frequency, int] = MappingProxyType(
    {Frequency.DAILY: 1 + 2, Frequency.WEEKLY: 5 + 2, Frequency.MONTHLY: 23 + 2, Frequency.QUARTERLY: 66 + 2}
)
# On days without a trade of this paper there is no rate, often on several in a row.
RARE: Mapping[str, int] = MappingProxyType({"DCPF3M": 10})
# A week's days come together.
MONDAY_BATCH = 5


def overdue(series: MacroSeries, newest: date | None, now: datetime) -> tuple[Finding, ...]:
    """Return that an answer lacks values that were due, if it does. newest: its newest value's date, if it has any."""
    today = now.astimezone(NEW_YORK).date()
    if newest is None:
        return (Finding(series.series_id, ValueCode.STALE_ANSWER, tr("the answer holds no value")),)
    age = _business_days(newest, today)
    if age <= series.lag + RHYTHM[series.frequency] + RARE.get(series.series_id, 0):
        return ()
    text = tr("the newest value is of {day}, {count} business days old", day=newest, count=age)
    return (Finding(series.series_id, ValueCode.STALE_ANSWER, text),)


def unmoved(series: MacroSeries, since: datetime | None, now: datetime) -> tuple[Finding, ...]:
    """Return that a series' newest value has been the same for longer than from one value to the next, if it has.

    since: when it was first answered (UTC), if it was before.
    """
    if since is None:
        return ()
    age = _business_days(since.astimezone(NEW_YORK).date(), now.astimezone(NEW_YORK).date())
    rest = RHYTHM[series.frequency] + RARE.get(series.series_id, 0) + (MONDAY_BATCH if series.is_monday_batch else 0)
    return standing(series.series_id, since) if age > rest else ()


def _business_days(first: date, last: date) -> int:
    """Return the business days after one day up to another one; none where that comes first."""
    if first >= last:
        return 0
    days = BusinessDays(first, last)
    return days.at_or_before(last.toordinal()) - days.at_or_before(first.toordinal())
