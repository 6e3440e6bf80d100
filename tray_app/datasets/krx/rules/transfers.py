"""Issues that went on in another market: one series in two listings.

The first row there continues the last one here: its base price is the last close, unless something happened between.
From KONEX the way leads through a public offering, whose price is the base price of the first day: that is what new
shares were sold for, not what the old ones became, so only a changed number of shares makes a factor.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeVar

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import EquityBar, Market
from tray_app.datasets.krx.rules.adjustment import Adjustment, AdjustmentMethod, adjustment
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, equity_issue
from tray_app.datasets.krx.rules.ticks import tick_size

Key = TypeVar("Key")

ARRIVAL_CODES = frozenset({IssueCode.TRANSFER_BASE_BREAK})


@dataclass(frozen=True, slots=True)
class Arrival:
    """The last row of an issue on the market it left, and its first one on the market it came to."""

    last: EquityBar
    first: EquityBar

    @property
    def event(self) -> Adjustment | None:
        """Return what must rescale the prices before the transfer; nothing for nearly all."""
        found = adjustment(self.last, self.first)
        is_offered = self.last.market is Market.KONEX
        return None if is_offered and found is not None and not _is_certain(found) else found


def arrival_events(arrivals: Mapping[Key, Arrival]) -> dict[Key, Adjustment]:
    """Return the events of the issues that came on a day, under the same keys."""
    return {key: event for key, arrival in arrivals.items() if (event := arrival.event) is not None}


def check_arrivals(arrivals: Iterable[Arrival]) -> Iterator[QualityIssue]:
    """TRANSFER_BASE_BREAK. A split on the very day explains itself."""
    for arrival in arrivals:
        base, close = arrival.first.base_price, arrival.last.close
        event = arrival.event
        if event is not None and _is_certain(event):
            continue
        if abs(base - close) >= tick_size(arrival.first.market, arrival.first.trade_date, max(base, close)):
            detail = (
                f"Base price {base:g} on {arrival.first.market}, last close {close:g} on {arrival.last.market}"
                f" of {arrival.last.trade_date}."
            )
            yield equity_issue(arrival.first, IssueCode.TRANSFER_BASE_BREAK, detail)


def _is_certain(event: Adjustment) -> bool:
    return event.method is AdjustmentMethod.SHARE_COUNT and not event.is_flagged
