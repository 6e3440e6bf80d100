"""Why a listing ended, as its last rows tell, and the liquidation trading before a delisting.

An issue to be delisted is traded once more on seven sessions, without a price limit; the next session is the delisting
date. Of 391 liquidations since 2014 in the exchange's list of delistings 382 took seven sessions, and all ended on the
session before the delisting. An issue that is merged into another, or exchanged for its shares, stays halted to its end
instead. The exchange publishes neither through its Open API. Source: docs/sources/krx.md, "Listings".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.episodes import EndReason

LIQUIDATION_SESSIONS = 7
# The security group of shares; funds and ships are wound up, not merged.
SHARES = "주권"
# Where a session without a trade is a halt.
HALTS = frozenset({Market.KOSPI, Market.KOSDAQ})


@dataclass(frozen=True, slots=True)
class LastRow:
    """One of the last rows of a listing."""

    trade_date: date
    volume: int


@dataclass(frozen=True, slots=True)
class Ending:
    """Why a listing ended, and the first day of its liquidation trading, if it had one."""

    reason: EndReason
    liquidation_from: date | None = None


def ending_of(market: Market, security_group: str | None, rows: Sequence[LastRow]) -> Ending:
    """Return how a listing ended by its rows of the last seven sessions, ascending, the last being its very last.

    No rows, or none of which it is sure that they are the last, leave it unknown.
    """
    if rows and rows[-1].volume:
        return Ending(EndReason.DELISTED, next(row.trade_date for row in rows if row.volume))
    if rows and market in HALTS and security_group == SHARES and not any(row.volume for row in rows):
        return Ending(EndReason.MERGED)
    return Ending(EndReason.UNKNOWN)
