"""Quality rules about corporate actions and adjustment factors."""

from collections.abc import Iterator, Mapping
from datetime import date

from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.rows import Market
from tray_app.datasets.krx.rules.adjustment import AGREEMENT, Adjustment, Factor, is_adjustment_suspect
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, instrument_issue, market_issue
from tray_app.datasets.krx.rules.quality.rows import EquityDay
from tray_app.datasets.krx.rules.ticks import limit_prices

EXTREME_FACTOR = 200.0

ACTION_CODES = frozenset({
    IssueCode.BASE_PRICE_BREAK_NO_EVENT,
    IssueCode.FACTOR_MISSING,
    IssueCode.FACTOR_EXTREME,
    IssueCode.ADJ_RETURN_DISCONTINUITY,
    IssueCode.ADJ_VOLUME_BASIS_MIXED,
})  # fmt: skip


# Issues that leave in doubt whether a price break is a corporate action.
UNRESOLVED = frozenset({
    IssueCode.BASE_PRICE_BREAK_NO_EVENT,
    IssueCode.FACTOR_MISSING,
    IssueCode.FACTOR_EXTREME,
    IssueCode.ADJ_RETURN_DISCONTINUITY,
    IssueCode.TRANSFER_BASE_BREAK,
})  # fmt: skip


def check_actions(day: EquityDay, stored: Mapping[str, Factor]) -> list[QualityIssue]:
    """Return the findings about a day's events; it decides every code of ACTION_CODES for that market and day.

    day.adjustments are the events of the day's rows, stored the factors of the same day by code.
    """
    return [
        *check_breaks(day),
        *check_missing_factors(day, stored),
        *check_extreme_factors(day, stored),
        *check_volume_basis(day, stored),
        *check_event_returns(day),
    ]


def check_breaks(day: EquityDay) -> Iterator[QualityIssue]:
    """BASE_PRICE_BREAK_NO_EVENT: the rules had to guess."""
    for code, event in day.adjustments.items():
        if event.is_flagged:
            detail = f"Taken as {event.method}, factor {event.factor:.6g}: {event.inputs}."
            yield instrument_issue(day.trade_date, day.market, code, IssueCode.BASE_PRICE_BREAK_NO_EVENT, detail)


def check_missing_factors(day: EquityDay, stored: Mapping[str, Factor]) -> Iterator[QualityIssue]:
    """FACTOR_MISSING: absent, or another one than the rows give."""
    for code, event in day.adjustments.items():
        found = stored[code].factor if code in stored else 1.0
        if event.changes_prices and found != event.factor:
            detail = f"Stored factor {found:.6g}, the rows give {event.factor:.6g}: {event.inputs}."
            yield instrument_issue(day.trade_date, day.market, code, IssueCode.FACTOR_MISSING, detail)


def check_extreme_factors(day: EquityDay, stored: Mapping[str, Factor]) -> Iterator[QualityIssue]:
    """FACTOR_EXTREME."""
    for code, factor in stored.items():
        if not 1 / EXTREME_FACTOR <= factor.factor <= EXTREME_FACTOR:
            detail = f"Factor {factor.factor:.6g}."
            yield instrument_issue(day.trade_date, day.market, code, IssueCode.FACTOR_EXTREME, detail)


def check_volume_basis(day: EquityDay, stored: Mapping[str, Factor]) -> Iterator[QualityIssue]:
    """ADJ_VOLUME_BASIS_MIXED: the shares moved with the price, but the stored method leaves volume alone."""
    for code, factor in stored.items():
        event = day.adjustments.get(code)
        if event is not None and not factor.method.adjusts_volume and _is_share_event(event):
            detail = f"Method {factor.method}: {event.inputs}."
            yield instrument_issue(day.trade_date, day.market, code, IssueCode.ADJ_VOLUME_BASIS_MIXED, detail)


def check_event_returns(day: EquityDay) -> Iterator[QualityIssue]:
    """ADJ_RETURN_DISCONTINUITY: the close is outside the limits of the adjusted previous close.

    An issue reopening at an auction price moves further rightly, but deserves the look.
    """
    closes = {bar.code: bar.close for bar in day.bars}
    for code, event in day.adjustments.items():
        adjusted = event.inputs.previous_close * event.factor
        lowest, highest = limit_prices(day.market, day.trade_date, adjusted)
        # The base price is the adjusted close to the next tick: allow as much.
        slack = AGREEMENT * adjusted
        if code in closes and not lowest - slack <= closes[code] <= highest + slack:
            detail = f"Close {closes[code]:g}, adjusted previous close {adjusted:.6g}."
            yield instrument_issue(day.trade_date, day.market, code, IssueCode.ADJ_RETURN_DISCONTINUITY, detail)


def check_adjustment_suspect(first: date, market: Market, sessions: int, price_factors: int) -> Iterator[QualityIssue]:
    """ADJ_EQUALS_RAW_SUSPECT. first: the market's first stored session; sessions, price_factors: how many are stored.

    KONEX is small enough for a year without an event.
    """
    if market is not Market.KONEX and is_adjustment_suspect(sessions, price_factors):
        detail = f"No adjustment factor in {sessions} sessions."
        yield market_issue(first, market, IssueCode.ADJ_EQUALS_RAW_SUSPECT, detail)


def unknown_factors_issue(day: date, market: Market, *, is_certain: bool) -> QualityIssue:
    """Return FACTOR_UNKNOWN, about the first session of an adjusted set behind a missing one, or one in doubt.

    Only WARN behind a session that the exchange answered empty and that may yet turn out to have been none.
    """
    detail = "A session before is missing, or rows are in doubt: no factor can be made."
    return market_issue(day, market, IssueCode.FACTOR_UNKNOWN, detail, None if is_certain else Severity.WARN)


def _is_share_event(event: Adjustment) -> bool:
    shares = event.inputs.previous_shares / max(event.inputs.shares, 1)
    return abs(shares - 1) > 2 * AGREEMENT and abs(shares / event.factor - 1) <= AGREEMENT
