"""Quality rules about single rows of a market's day. Prices and values are won.

Every rule takes the day and yields its findings. As 2,800 rows are checked daily, one pass picks the few that are not
plain, and most rules look at those only.
"""

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from math import inf, isfinite, nan

from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.rows import EquityBar, Market
from tray_app.datasets.krx.rules.adjustment import Adjustment
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, equity_issue, listed, market_issue
from tray_app.datasets.krx.rules.ticks import limit_prices, price_limit, tick_grid

TURNOVER_SLACK = 0.02
MARKET_VALUE_SLACK = 0.001
SHARES_JUMP = 0.05
# A row inside these is far from every price limit: the narrowest is 15 %, and wider than a tick from 100 won on.
PLAIN_MOVE = 0.1
PLAIN_PRICES = (100.0, 1e12)


@dataclass(frozen=True, slots=True)
class EquityDay:
    """One market's stored rows of a session, and what to judge them by.

    previous: each code's last row before, in the same listing episode. exempt: codes in liquidation trading, without a
    price limit. adjustments: the day's events by code. is_previous_doubted: whether the session before is in doubt;
    is_previous_foreign: whether its list may be another day's. left_out: codes whose rows came, but cannot be.
    """

    trade_date: date
    market: Market
    bars: Sequence[EquityBar]
    previous: Mapping[str, EquityBar] = field(default_factory=dict)
    adjustments: Mapping[str, Adjustment] = field(default_factory=dict)
    exempt: Collection[str] = frozenset()
    is_previous_doubted: bool = False
    is_previous_foreign: bool = False
    left_out: Collection[str] = frozenset()


RowRule = Callable[[EquityDay], Iterator[QualityIssue]]


def check_rows(day: EquityDay) -> list[QualityIssue]:
    """Return the findings of all rules of ROW_RULES."""
    odd = replace(day, bars=odd_bars(day.bars))
    return [issue for rule in ROW_RULES for issue in rule(day if rule in RULES_OF_ALL_BARS else odd)]


def odd_bars(bars: Sequence[EquityBar]) -> list[EquityBar]:
    """Return the bars that a rule outside RULES_OF_ALL_BARS might have a finding about, leaving out the plain ones.

    A plain bar was traded, its prices are in order and moved little, and its totals agree with them.
    """
    odd = list[EquityBar]()
    lowest, highest = PLAIN_PRICES
    least, most = 1 - TURNOVER_SLACK, 1 + TURNOVER_SLACK
    for bar in bars:
        opened, high, low, close, volume = bar.open, bar.high, bar.low, bar.close, bar.volume
        if (
            opened is None
            or high is None
            or low is None
            or not lowest < low <= close <= high < highest
            or not low <= opened <= high
            or not abs(change := bar.change) <= PLAIN_MOVE * close
            or not close - change > lowest
            or not volume > 0
            or not low * volume * least <= bar.turnover_value <= high * volume * most
            or not abs((product := close * bar.listed_shares) - bar.market_value) <= MARKET_VALUE_SLACK * product
        ):
            odd.append(bar)
    return odd


def check_high(day: EquityDay) -> Iterator[QualityIssue]:
    """OHLC_HIGH_INCONSISTENT."""
    for bar in day.bars:
        high = bar.high
        if high is not None and (high < bar.close or high < (bar.open or high) or high < (bar.low or high)):
            detail = f"High {high:g}, open {_text(bar.open)}, low {_text(bar.low)}, close {bar.close:g}."
            yield equity_issue(bar, IssueCode.OHLC_HIGH_INCONSISTENT, detail)


def check_low(day: EquityDay) -> Iterator[QualityIssue]:
    """OHLC_LOW_INCONSISTENT."""
    for bar in day.bars:
        low = bar.low
        if low is not None and (low > bar.close or low > (bar.open or low) or low > (bar.high or low)):
            detail = f"Low {low:g}, open {_text(bar.open)}, high {_text(bar.high)}, close {bar.close:g}."
            yield equity_issue(bar, IssueCode.OHLC_LOW_INCONSISTENT, detail)


def check_positive(day: EquityDay) -> Iterator[QualityIssue]:
    """PRICE_NON_POSITIVE."""
    for bar in day.bars:
        if bar.close <= 0 or (bar.low is not None and (bar.low <= 0 or (bar.open or 0) <= 0 or (bar.high or 0) <= 0)):
            yield equity_issue(bar, IssueCode.PRICE_NON_POSITIVE, _prices(bar))


def check_finite(day: EquityDay) -> Iterator[QualityIssue]:
    """PRICE_NON_FINITE."""
    for bar in day.bars:
        opened, high, low = bar.open, bar.high, bar.low
        total = bar.close + bar.change
        if opened is not None and high is not None and low is not None:
            total += opened + high + low
        if not isfinite(total):
            yield equity_issue(bar, IssueCode.PRICE_NON_FINITE, _prices(bar))


def check_signs(day: EquityDay) -> Iterator[QualityIssue]:
    """NEGATIVE_VOLUME, NEGATIVE_TURNOVER, NEGATIVE_MARKET_VALUE."""
    for bar in day.bars:
        if bar.volume < 0:
            yield equity_issue(bar, IssueCode.NEGATIVE_VOLUME, f"Volume {bar.volume}.")
        if bar.turnover_value < 0:
            yield equity_issue(bar, IssueCode.NEGATIVE_TURNOVER, f"Traded value {bar.turnover_value}.")
        if bar.market_value < 0:
            yield equity_issue(bar, IssueCode.NEGATIVE_MARKET_VALUE, f"Market value {bar.market_value}.")


def check_no_trade(day: EquityDay) -> Iterator[QualityIssue]:
    """ZERO_OHL_WITH_CLOSE, one per market and day."""
    codes = [bar.code for bar in day.bars if bar.volume == 0 and bar.open is None]
    if codes:
        yield market_issue(day.trade_date, day.market, IssueCode.ZERO_OHL_WITH_CLOSE, listed(codes))


def check_halt(day: EquityDay) -> Iterator[QualityIssue]:
    """HALT_FLAG_MISMATCH: no price without volume and no volume without prices; no change without a trade."""
    quotes_change = day.market is Market.KONEX
    for bar in day.bars:
        if (bar.volume == 0) != (bar.open is None):
            detail = f"Volume {bar.volume}, open {_text(bar.open)}."
            yield equity_issue(bar, IssueCode.HALT_FLAG_MISMATCH, detail)
        elif bar.volume == 0 and bar.change != 0 and not quotes_change:
            detail = f"No trade, but a change of {bar.change:g}."
            yield equity_issue(bar, IssueCode.HALT_FLAG_MISMATCH, detail)


def check_turnover(day: EquityDay) -> Iterator[QualityIssue]:
    """TURNOVER_OUT_OF_RANGE. Block trades at any price inside the limit count in both figures: then only INFO."""
    limit = price_limit(day.market, day.trade_date)
    for bar in day.bars:
        low, high, volume, value = bar.low, bar.high, bar.volume, bar.turnover_value
        if low is None or high is None:
            continue
        if low * volume * (1 - TURNOVER_SLACK) <= value <= high * volume * (1 + TURNOVER_SLACK):
            continue
        base = bar.base_price
        least, most = min(low, base * (1 - limit)) * volume, max(high, base * (1 + limit)) * volume
        severity = Severity.INFO if least <= value <= most else Severity.WARN
        detail = f"Value {value}, volume {volume}, low {low:g}, high {high:g}."
        yield equity_issue(bar, IssueCode.TURNOVER_OUT_OF_RANGE, detail, severity)


def check_market_value(day: EquityDay) -> Iterator[QualityIssue]:
    """MARKETCAP_IDENTITY."""
    for bar in day.bars:
        product = bar.close * bar.listed_shares
        if abs(product - bar.market_value) > MARKET_VALUE_SLACK * abs(product):
            detail = f"Close x shares {product:.0f}, market value {bar.market_value}."
            yield equity_issue(bar, IssueCode.MARKETCAP_IDENTITY, detail)


def check_ticks(day: EquityDay) -> Iterator[QualityIssue]:
    """TICK_SIZE_VIOLATION, one per market and day. Mid-price closes, in use since 2025, are off the grid too."""
    grid = tick_grid(day.market, day.trade_date)
    bounds = [bound for bound, _ in grid]
    # What is beyond all bounds is on no grid: a rest of nothing but nan.
    ticks = [*(tick for _, tick in grid), nan]
    codes = [
        bar.code
        for bar in day.bars
        if (opened := bar.open) is not None
        # Said twice instead of called 5,600 times a day.
        and (opened % ticks[bisect_right(bounds, opened)] or (close := bar.close) % ticks[bisect_right(bounds, close)])
    ]
    if codes:
        yield market_issue(day.trade_date, day.market, IssueCode.TICK_SIZE_VIOLATION, listed(codes))


def check_limits(day: EquityDay) -> Iterator[QualityIssue]:
    """PRICE_LIMIT_BREACH, LIMIT_UP_CLOSE, LIMIT_DOWN_CLOSE. Neither first days nor liquidation trading has a limit."""
    near = price_limit(day.market, day.trade_date) * 0.8
    up, down = list[str](), list[str]()
    for bar in day.bars:
        base = bar.close - bar.change
        # Only tiny prices have limits far inside the percentage, as the width is cut to whole ticks.
        if not 0 < base < inf or (abs(bar.change) < near * base and base > 100):
            continue
        lowest, highest = limit_prices(day.market, day.trade_date, base)
        if bar.close == highest > base:
            up.append(bar.code)
        elif bar.close == lowest < base:
            down.append(bar.code)
        elif not (lowest <= bar.close <= highest or _has_no_limit(day, bar)):
            detail = f"Close {bar.close:g}, base {base:g}, limits {lowest:g} to {highest:g}."
            yield equity_issue(bar, IssueCode.PRICE_LIMIT_BREACH, detail)
    for code, codes in ((IssueCode.LIMIT_UP_CLOSE, up), (IssueCode.LIMIT_DOWN_CLOSE, down)):
        if codes:
            yield market_issue(day.trade_date, day.market, code, listed(codes))


def check_shares(day: EquityDay) -> Iterator[QualityIssue]:
    """LISTED_SHARES_JUMP."""
    previous = day.previous
    for bar in day.bars:
        before = previous.get(bar.code)
        if before is None or bar.listed_shares == before.listed_shares or bar.code in day.adjustments:
            continue
        if abs(bar.listed_shares - before.listed_shares) > SHARES_JUMP * before.listed_shares:
            detail = f"Shares {before.listed_shares} -> {bar.listed_shares} without a change of the base price."
            yield equity_issue(bar, IssueCode.LISTED_SHARES_JUMP, detail)


ROW_RULES: Mapping[RowRule, tuple[IssueCode, ...]] = {
    check_high: (IssueCode.OHLC_HIGH_INCONSISTENT,),
    check_low: (IssueCode.OHLC_LOW_INCONSISTENT,),
    check_positive: (IssueCode.PRICE_NON_POSITIVE,),
    check_finite: (IssueCode.PRICE_NON_FINITE,),
    check_signs: (IssueCode.NEGATIVE_VOLUME, IssueCode.NEGATIVE_TURNOVER, IssueCode.NEGATIVE_MARKET_VALUE),
    check_no_trade: (IssueCode.ZERO_OHL_WITH_CLOSE,),
    check_halt: (IssueCode.HALT_FLAG_MISMATCH,),
    check_turnover: (IssueCode.TURNOVER_OUT_OF_RANGE,),
    check_market_value: (IssueCode.MARKETCAP_IDENTITY,),
    check_ticks: (IssueCode.TICK_SIZE_VIOLATION,),
    check_limits: (IssueCode.PRICE_LIMIT_BREACH, IssueCode.LIMIT_UP_CLOSE, IssueCode.LIMIT_DOWN_CLOSE),
    check_shares: (IssueCode.LISTED_SHARES_JUMP,),
}
RULES_OF_ALL_BARS: Collection[RowRule] = frozenset({check_ticks, check_shares})


def _has_no_limit(day: EquityDay, bar: EquityBar) -> bool:
    is_first = bar.code not in day.previous
    return is_first or day.market is Market.KONEX or bar.is_under_supervision or bar.code in day.exempt


def _prices(bar: EquityBar) -> str:
    prices = (bar.open, bar.high, bar.low)
    return f"Open, high, low {', '.join(map(_text, prices))}, close {bar.close:g}, change {bar.change:g}."


def _text(price: float | None) -> str:
    return "none" if price is None else f"{price:g}"
