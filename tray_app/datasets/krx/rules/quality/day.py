"""Quality rules about a market's whole day: completeness and integrity of the source."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from math import inf
from statistics import median

from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.rows import IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.indices import MAIN_INDICES
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, listed, market_issue
from tray_app.datasets.krx.rules.quality.rows import ROW_RULES, EquityDay, check_rows
from tray_app.datasets.krx.rules.ticks import tick_size
from tray_app.datasets.krx.rules.verification import CountVerdict, check_count, total_of

DUPLICATE_SHARE = 0.9
OFF = ", total "
# On real days less than one base price in a hundred is not the last close; of another day's body nearly all are off.
OFF_SHARE = 0.2
LEAST_COMPARED = 5

# A list with one of these open may be another day's: its closes prove nothing about the day after.
FOREIGN_CODES = frozenset({IssueCode.DUPLICATE_OF_PREVIOUS_DAY, IssueCode.BASE_PRICES_OF_ANOTHER_DAY})

DAY_CODES = frozenset(code for codes in ROW_RULES.values() for code in codes) | {
    IssueCode.DAY_ROWCOUNT_DROP,
    IssueCode.DAY_ROWCOUNT_JUMP,
    IssueCode.BENCHMARK_MISSING,
    IssueCode.ALL_ZERO_SNAPSHOT,
    IssueCode.DUPLICATE_OF_PREVIOUS_DAY,
    IssueCode.BASE_PRICES_OF_ANOTHER_DAY,
    IssueCode.TOTAL_MISMATCH,
    IssueCode.DUPLICATE_KEY,
}


def check_equity_day(
    day: EquityDay,
    baseline: Sequence[int] = (),
    base_info_rows: int | None = None,
    index_bars: Sequence[IndexBar] | None = None,
) -> list[QualityIssue]:
    """Return all findings of a market's stored day; it decides every code of DAY_CODES for that market and day.

    baseline: row counts of the sessions around it. base_info_rows: the same day's, when asked for.
    index_bars: the index rows of the market's class on that day; None when they are not stored or not asked for.
    """
    issues = check_rows(day)
    issues.extend(check_keys(day))
    issues.extend(check_row_count(day, baseline, base_info_rows))
    issues.extend(check_all_zero(day))
    issues.extend(check_duplicate(day))
    issues.extend(check_base_prices(day))
    if index_bars is not None:
        issues.extend(check_benchmark(day, index_bars))
        issues.extend(check_total(day, index_bars))
    return issues


def check_plain_list(day: EquityDay, baseline: Sequence[int]) -> list[QualityIssue]:
    """Return what is wrong with a list that neither totals nor closes before speak of: one of ETFs.

    An unusual count is flagged and convicts nobody, as nothing could ever acquit the day of it.
    """
    counts = (replace(issue, severity=Severity.WARN) for issue in check_row_count(day, baseline))
    return [*check_keys(day), *counts, *check_all_zero(day), *check_duplicate(day)]


def check_keys(day: EquityDay) -> Iterator[QualityIssue]:
    """DUPLICATE_KEY."""
    if len({bar.code for bar in day.bars}) < len(day.bars):
        twice = [code for code, rows in Counter(bar.code for bar in day.bars).items() if rows > 1]
        yield market_issue(day.trade_date, day.market, IssueCode.DUPLICATE_KEY, listed(twice))


def check_row_count(
    day: EquityDay, baseline: Sequence[int], base_info_rows: int | None = None
) -> Iterator[QualityIssue]:
    """DAY_ROWCOUNT_DROP, DAY_ROWCOUNT_JUMP. Base info with as many rows settles an unusual count."""
    rows = len(day.bars) + len(day.left_out)
    if len(day.bars) == base_info_rows:
        return
    count = check_count(rows, baseline)
    codes = {CountVerdict.DROP: IssueCode.DAY_ROWCOUNT_DROP, CountVerdict.JUMP: IssueCode.DAY_ROWCOUNT_JUMP}
    if count in codes:
        yield market_issue(day.trade_date, day.market, codes[count], f"{rows} rows, usually {median(baseline):g}.")


def check_all_zero(day: EquityDay) -> Iterator[QualityIssue]:
    """ALL_ZERO_SNAPSHOT: as when a holiday is answered with every issue and no trade. KONEX is small enough for it."""
    if day.bars and day.market is not Market.KONEX and not any(bar.volume for bar in day.bars):
        yield market_issue(day.trade_date, day.market, IssueCode.ALL_ZERO_SNAPSHOT, f"{len(day.bars)} rows, no trade.")


def check_duplicate(day: EquityDay) -> Iterator[QualityIssue]:
    """DUPLICATE_OF_PREVIOUS_DAY. Rows without a trade on both days are alike rightly and do not count."""
    same, compared, previous = 0, 0, day.previous
    for bar in day.bars:
        before = previous.get(bar.code)
        if before is not None and (bar.volume or before.volume):
            compared += 1
            if bar.volume == before.volume and bar.turnover_value == before.turnover_value:
                same += bar.close == before.close
    if compared and same > DUPLICATE_SHARE * compared:
        detail = f"{same} of {compared} traded rows equal the day before."
        yield market_issue(day.trade_date, day.market, IssueCode.DUPLICATE_OF_PREVIOUS_DAY, detail)


def check_base_prices(day: EquityDay) -> Iterator[QualityIssue]:
    """BASE_PRICES_OF_ANOTHER_DAY. Rounding to a tick is no difference; another day's closes prove nothing."""
    if day.is_previous_foreign:
        return
    off, compared, previous = list[str](), 0, day.previous
    for bar in day.bars:
        before = previous.get(bar.code)
        if before is None or not (bar.volume or before.volume):
            continue
        compared += 1
        base = bar.close - bar.change
        if base != before.close and not abs(base - before.close) < _tick(day, max(base, before.close)):
            off.append(bar.code)
    if compared >= LEAST_COMPARED and len(off) > OFF_SHARE * compared:
        detail = f"{len(off)} of {compared} base prices are not the closes of the session before."
        yield market_issue(day.trade_date, day.market, IssueCode.BASE_PRICES_OF_ANOTHER_DAY, detail)


def foreign_list(day: date, market: Market) -> QualityIssue:
    """Return BASE_PRICES_OF_ANOTHER_DAY about a session with none before it, which the two after it belie."""
    detail = "The base prices of the session after are not its closes, and the session after that agrees with that one."
    return market_issue(day, market, IssueCode.BASE_PRICES_OF_ANOTHER_DAY, detail)


def _tick(day: EquityDay, price: float) -> float:
    return tick_size(day.market, day.trade_date, price) if 0 < price < inf else 0.0


def check_benchmark(day: EquityDay, index_bars: Sequence[IndexBar]) -> Iterator[QualityIssue]:
    """BENCHMARK_MISSING. KONEX has no index."""
    if day.market is Market.KONEX:
        return
    main = MAIN_INDICES[IndexClass(day.market)]
    has_index = any(bar.name == main and bar.close is not None for bar in index_bars)
    if has_index != bool(day.bars):
        detail = f"{len(day.bars)} stock rows, index {main} {'present' if has_index else 'absent'}."
        yield market_issue(day.trade_date, day.market, IssueCode.BENCHMARK_MISSING, detail)


def figures_off(detail: str) -> int:
    """Return how many figures a TOTAL_MISMATCH says are off."""
    return detail.count(OFF)


def check_total(day: EquityDay, index_bars: Sequence[IndexBar]) -> Iterator[QualityIssue]:
    """TOTAL_MISMATCH: the exchange's own total row differs from the sums, to the won and the share."""
    total = total_of(day.market, index_bars)
    if total is None or not day.bars:
        return
    pairs = (
        ("Market value", sum(bar.market_value for bar in day.bars), total.market_cap),
        ("Traded value", sum(bar.turnover_value for bar in day.bars), total.turnover_value),
        ("Volume", sum(bar.volume for bar in day.bars), total.volume),
    )
    off = [f"{what} {added}{OFF}{expected}." for what, added, expected in pairs if expected not in {None, added}]
    if off:
        yield market_issue(day.trade_date, day.market, IssueCode.TOTAL_MISMATCH, " ".join(off))
