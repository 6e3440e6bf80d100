"""Adjustment factors from the exchange's own base price and listed shares.

The base price is close minus change (KRX has no base-price endpoint). Where it differs from the previous close
something happened: a split, a rights issue, a reopening. Five rules tell which. A factor multiplies every price before
its day. Raw prices are never changed. Source: docs/sources/krx.md, "Base price".
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from operator import attrgetter

from tray_app.datasets.krx.rows import EquityBar
from tray_app.datasets.krx.rules.ticks import tick_size

AGREEMENT = 0.01
WHOLE_NUMBER_TOLERANCE = 0.001
LEAST_SHARE_MOVE = 0.02
LARGE_SHARE_MOVE = 2.0
SUSPECT_SESSIONS = 250


class AdjustmentMethod(StrEnum):
    """How a factor was found."""

    SHARE_COUNT = "share_count"
    OPENING_SHARE_COUNT = "opening_share_count"
    OPENING_BASE_PRICE = "opening_base_price"
    BASE_PRICE = "base_price"
    REOPENING = "reopening"

    @property
    def adjusts_volume(self) -> bool:
        """Whether the number of shares changed with the price, so that volume is adjusted too."""
        return self in _SHARE_EVENTS


_SHARE_EVENTS = {
    AdjustmentMethod.SHARE_COUNT,
    AdjustmentMethod.OPENING_SHARE_COUNT,
    AdjustmentMethod.OPENING_BASE_PRICE,
}


@dataclass(frozen=True, slots=True)
class AdjustmentInputs:
    """What a factor was computed from: prices in won, listed shares, and the day of the previous row."""

    previous_date: date
    previous_close: float
    previous_shares: int
    base_price: float
    shares: int
    open: float | None
    previous_no_trade: bool

    def __str__(self) -> str:
        """Return the inputs as one line, as stored beside the factor."""
        opened = "none" if self.open is None else f"{self.open:g}"
        halted = ", no trade before" if self.previous_no_trade else ""
        return (
            f"base {self.base_price:.12g} / close {self.previous_close:.12g} of {self.previous_date}, "
            f"shares {self.previous_shares} -> {self.shares}, open {opened}{halted}"
        )


@dataclass(frozen=True, slots=True)
class Adjustment:
    """One event of an issue. The price factor multiplies prices before trade_date; flagged ones want a look."""

    trade_date: date
    factor: float
    method: AdjustmentMethod
    inputs: AdjustmentInputs
    is_flagged: bool

    @property
    def changes_prices(self) -> bool:
        """Whether the factor belongs in the sparse table of factors; the others only raise an issue."""
        return self.factor != 1


@dataclass(frozen=True, slots=True)
class Factor:
    """A stored factor of one issue."""

    trade_date: date
    factor: float
    method: AdjustmentMethod


@dataclass(frozen=True, slots=True)
class CumulativeFactor:
    """What a day's raw prices are multiplied by, and its volume divided by."""

    price: float
    volume: float


def adjustment(previous: EquityBar, current: EquityBar) -> Adjustment | None:
    """Return the event between an issue's previous row (traded or not) and its current one; nothing on most days.

    A first row has no previous one and so no event: its change is against the offer price.
    """
    base = current.close - current.change
    close = previous.close
    if base == close or base <= 0 or close <= 0:
        return None
    if abs(base - close) < tick_size(current.market, current.trade_date, max(base, close)):
        return None
    inputs = AdjustmentInputs(
        previous_date=previous.trade_date,
        previous_close=close,
        previous_shares=previous.listed_shares,
        base_price=base,
        shares=current.listed_shares,
        open=current.open,
        previous_no_trade=previous.volume == 0,
    )
    factor, method, is_flagged = _by_rules(inputs)
    return Adjustment(current.trade_date, factor, method, inputs, is_flagged)


def day_adjustments(previous: Mapping[str, EquityBar], bars: Iterable[EquityBar]) -> dict[str, Adjustment]:
    """Return the events of a day by issue code. previous: each issue's last row in the same listing episode."""
    events: dict[str, Adjustment] = {}
    for bar in bars:
        before = previous.get(bar.code)
        # Nearly every base price is the previous close; only the rest is worth a call.
        if before is not None and bar.close - bar.change != before.close:
            event = adjustment(before, bar)
            if event is not None:
                events[bar.code] = event
    return events


def share_ratio(before: int, after: int) -> float:
    """Return shares before over shares after; the whole number behind it where only a fraction of a share was cut.

    Without both counts it is 1.
    """
    if before <= 0 or after <= 0:
        return 1.0
    for whole in (round(before / after), round(after / before)):
        if whole > 1 and 0 <= before - whole * after < whole:
            return float(whole)
        if whole > 1 and 0 <= after - whole * before < whole:
            return 1 / whole
    return before / after


def cumulative_factors(
    days: Sequence[date], factors: Sequence[Factor], date_to: date | None = None
) -> list[CumulativeFactor]:
    """Return what each day's prices and volume are adjusted by: the product of the factors of later days.

    days: ascending. factors: of the same issue, any order. date_to: the last day whose factor counts (basis `end`);
    without it all known ones count (basis `latest`).
    """
    pending = sorted(
        (factor for factor in factors if date_to is None or factor.trade_date <= date_to), key=attrgetter("trade_date")
    )
    unit = CumulativeFactor(1.0, 1.0)
    products = []
    for day in reversed(days):
        while pending and pending[-1].trade_date > day:
            event = pending.pop()
            volume = unit.volume * event.factor if event.method.adjusts_volume else unit.volume
            unit = CumulativeFactor(unit.price * event.factor, volume)
        products.append(unit)
    products.reverse()
    return products


def is_adjustment_suspect(sessions: int, price_factors: int) -> bool:
    """Whether factors are surely missing: none differs from 1 for a whole market over more than 250 sessions."""
    return sessions > SUSPECT_SESSIONS and price_factors == 0


def _by_rules(inputs: AdjustmentInputs) -> tuple[float, AdjustmentMethod, bool]:
    by_price = inputs.base_price / inputs.previous_close
    by_shares = share_ratio(inputs.previous_shares, inputs.shares)
    is_opening_base = inputs.previous_no_trade and inputs.base_price == inputs.open
    if abs(by_shares - 1) <= LEAST_SHARE_MOVE:
        # A halted issue reopens at a price found by auction; another base after a halt is an ex-date inside it.
        is_flagged = inputs.previous_no_trade or inputs.previous_shares != inputs.shares
        if is_opening_base:
            return 1.0, AdjustmentMethod.REOPENING, is_flagged
        return by_price, AdjustmentMethod.BASE_PRICE, is_flagged
    if abs(by_shares / by_price - 1) <= AGREEMENT:
        return by_shares, AdjustmentMethod.SHARE_COUNT, False
    if not is_opening_base:
        return by_price, AdjustmentMethod.BASE_PRICE, True
    is_large = max(by_shares, 1 / by_shares) >= LARGE_SHARE_MOVE
    if is_large and (_is_near_whole(by_shares) or _is_near_whole(1 / by_shares)):
        return by_shares, AdjustmentMethod.OPENING_SHARE_COUNT, True
    return by_price, AdjustmentMethod.OPENING_BASE_PRICE, True


def _is_near_whole(ratio: float) -> bool:
    return round(ratio) > 1 and abs(ratio / round(ratio) - 1) <= WHOLE_NUMBER_TOLERANCE
