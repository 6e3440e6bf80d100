"""The repo flag: overnight money against securities is tight.

It is up when secured money costs unusually more than unsecured (five days' mean of SOFR - EFFR, z above 2), or when the
dearest hundredth of repo trades is more than 25 basis points above what the Federal Reserve pays on reserves
(SOFR99 - IORB). Balance sheets shrink for reporting dates, so a flag around one carries its name: the same spread in
the middle of a month says more.
"""

from datetime import date
from enum import StrEnum

from tray_app.core.words import tr
from tray_app.datasets.liquidity.rules.business_days import BusinessDays
from tray_app.datasets.liquidity.rules.model import InputReading
from tray_app.datasets.liquidity.rules.readings import CarriedValue

TIGHT_Z = 2.0
TIGHT_TAIL = 0.25
# Percentages have two places; their difference should, too.
ROUNDING = 1e-9
WINDOW = 5


class RepoLabel(StrEnum):
    """Which reporting date lies behind a flag."""

    NONE = ""
    MONTH_END = "month-end"
    QUARTER_END = "quarter-end"

    @property
    def text(self) -> str:
        """Return the label for people."""
        return {
            RepoLabel.NONE: "",
            RepoLabel.MONTH_END: tr("month-end"),
            RepoLabel.QUARTER_END: tr("quarter-end"),
        }[self]


def repo_is_tight(spread: InputReading | None, tail: CarriedValue | None) -> bool:
    """Return whether the flag is up, from the spread's reading and the tail in percentage points."""
    is_dear = spread is not None and spread.z > TIGHT_Z
    return is_dear or (tail is not None and tail.value > TIGHT_TAIL + ROUNDING)


def repo_label(spread: InputReading | None, tail: CarriedValue | None, days: BusinessDays) -> RepoLabel:
    """Return the reporting date in the five business days up to the newest observation behind the flag."""
    numbers = [days.at_or_before(spread.observed.toordinal())] if spread is not None else []
    numbers += [tail.number] if tail is not None else []
    newest = max(numbers)
    months = {
        today.month
        for today, tomorrow in (_pair(number, days) for number in range(max(0, newest - WINDOW + 1), newest + 1))
        if today.month != tomorrow.month
    }
    if not months:
        return RepoLabel.NONE
    return RepoLabel.QUARTER_END if any(month % 3 == 0 for month in months) else RepoLabel.MONTH_END


def _pair(number: int, days: BusinessDays) -> tuple[date, date]:
    """Return a business day and the next; the newest observation always has one, for it was not known before."""
    return date.fromordinal(days.ordinal(number)), date.fromordinal(days.ordinal(number + 1))
