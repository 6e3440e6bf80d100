"""Quality rules that only an answer itself can tell of: its rates, which are not stored as change and close give them.

What it tells of ETFs beside their bars is judged here too: bars read from the store are without.

They are decided once, with the rows an answer brings, and again with the next answer.
"""

from collections.abc import Iterable, Iterator, Sequence

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import EquityBar, IndexBar, premium_of
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, equity_issue, index_issue

RATE_HALF_DIGIT = 0.0051
# Close and change of an index are rounded to two digits, each by half of the last one.
INDEX_ROUNDING = 0.011

# Of funds abroad the close runs ahead of the NAV by a few percent on any day.
WIDEST_PREMIUM = 0.1

ETF_CODES = frozenset({IssueCode.ETF_NAV_MISSING, IssueCode.ETF_PREMIUM_OUT_OF_RANGE})
ANSWER_CODES = ETF_CODES | {IssueCode.CHANGE_IDENTITY}
INDEX_ANSWER_CODES = frozenset({IssueCode.INDEX_RATE_MISMATCH})


def check_changes(bars: Iterable[EquityBar]) -> Iterator[QualityIssue]:
    """CHANGE_IDENTITY: the base price is positive, and the rate is the change over it."""
    for bar in bars:
        base = bar.close - bar.change
        if base <= 0:
            yield equity_issue(bar, IssueCode.CHANGE_IDENTITY, f"Close {bar.close:g}, change {bar.change:g}.")
        elif bar.rate is not None and abs(bar.rate * base - 100 * bar.change) > RATE_HALF_DIGIT * base:
            detail = f"Change {bar.change:g} on {base:g}, rate {bar.rate:g} %."
            yield equity_issue(bar, IssueCode.CHANGE_IDENTITY, detail)


def check_etfs(bars: Iterable[EquityBar]) -> Iterator[QualityIssue]:
    """ETF_NAV_MISSING, ETF_PREMIUM_OUT_OF_RANGE."""
    for bar in bars:
        if bar.etf is None:
            continue
        premium = premium_of(bar.close, bar.etf.nav)
        if premium is None:
            yield equity_issue(bar, IssueCode.ETF_NAV_MISSING, f"Close {bar.close:g}, no NAV.")
        elif abs(premium) > WIDEST_PREMIUM:
            detail = f"Close {bar.close:g}, NAV {bar.etf.nav:g}, premium {premium:.1%}."
            yield equity_issue(bar, IssueCode.ETF_PREMIUM_OUT_OF_RANGE, detail)


def check_index_rates(bars: Sequence[IndexBar]) -> Iterator[QualityIssue]:
    """INDEX_RATE_MISMATCH, one an index: more than a few say that the list itself is wrong."""
    for bar in bars:
        if not _rate_fits(bar):
            detail = f"Rate {bar.rate:g}, close {bar.close:g}, change {bar.change:g}."
            subject = f"{bar.index_class}:{bar.name}"
            yield index_issue(bar.trade_date, subject, IssueCode.INDEX_RATE_MISMATCH, detail)


def _rate_fits(bar: IndexBar) -> bool:
    if bar.close is None or bar.change is None or bar.rate is None:
        return True
    base = bar.close - bar.change
    slack = RATE_HALF_DIGIT * base + 100 * INDEX_ROUNDING
    return base > 0 and abs(bar.rate * base - 100 * bar.change) <= slack
