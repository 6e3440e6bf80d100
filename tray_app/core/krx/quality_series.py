"""Quality rules about one issue's series of sessions. Prices are back-adjusted won, ascending by day, without holes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median

from tray_app.core.krx.adjustment import AdjustedBar
from tray_app.core.krx.quality import IssueCode, QualityIssue, instrument_issue
from tray_app.core.krx.rows import Market

OUTLIER_SCORE = 10.0
NORMAL_SHARE_OF_DEVIATION = 0.6745
LEAST_RETURNS = 20
LEAST_OUTLIER = 0.1
MARKET_WIDE = 0.05
SPIKE = 0.2
SPIKE_UNDONE = 0.03
STALE_SESSIONS = 20
VOLUME_TIMES = 20

SERIES_CODES = frozenset({
    IssueCode.RETURN_OUTLIER,
    IssueCode.SPIKE_REVERSAL,
    IssueCode.STALE_PRICE,
    IssueCode.VOLUME_STEP,
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class EquitySeries:
    """One listing's adjusted bars."""

    market: Market
    code: str
    bars: Sequence[AdjustedBar]


def check_series(series: EquitySeries, market_returns: Mapping[date, float]) -> list[QualityIssue]:
    """Return the findings about a series; it decides every code of SERIES_CODES for the issue and the series' days.

    market_returns: the median return of the market's issues by day.
    """
    return [
        *check_returns(series, market_returns),
        *check_spikes(series),
        *check_stale(series),
        *check_volumes(series),
    ]


def check_returns(series: EquitySeries, market_returns: Mapping[date, float]) -> Iterator[QualityIssue]:
    """RETURN_OUTLIER: against the series' own returns, from 10 % on; not when the whole market moved by over 5 %."""
    returns = _returns(series)
    if len(returns) < LEAST_RETURNS:
        return
    centre = median(returns.values())
    deviation = median(abs(value - centre) for value in returns.values())
    if deviation == 0:
        return
    for day, value in returns.items():
        if abs(value) < LEAST_OUTLIER:
            continue
        score = NORMAL_SHARE_OF_DEVIATION * abs(value - centre) / deviation
        if score > OUTLIER_SCORE and abs(market_returns.get(day, 0.0)) <= MARKET_WIDE:
            yield _issue(series, day, IssueCode.RETURN_OUTLIER, f"Return {value:+.1%}, robust z {score:.1f}.")


def check_spikes(series: EquitySeries) -> Iterator[QualityIssue]:
    """SPIKE_REVERSAL, on the day of the move: one of the next two closes is like the one before it."""
    closes = [bar.close for bar in series.bars]
    for place in range(1, len(closes) - 1):
        before, close = closes[place - 1], closes[place]
        if before <= 0 or abs(close / before - 1) <= SPIKE:
            continue
        if any(abs(after / before - 1) <= SPIKE_UNDONE for after in closes[place + 1 : place + 3]):
            detail = f"{before:g} -> {close:g} and back."
            yield _issue(series, series.bars[place].trade_date, IssueCode.SPIKE_REVERSAL, detail)


def check_stale(series: EquitySeries) -> Iterator[QualityIssue]:
    """STALE_PRICE, on the 20th session of the same close with volume."""
    run, last = 0, None
    for bar in series.bars:
        run = 0 if bar.volume == 0 else run + 1 if bar.close == last else 1
        last = bar.close
        if run == STALE_SESSIONS:
            yield _issue(series, bar.trade_date, IssueCode.STALE_PRICE, f"Close {bar.close:g} for {run} sessions.")


def check_volumes(series: EquitySeries) -> Iterator[QualityIssue]:
    """VOLUME_STEP: against the median of the sessions with trades."""
    traded = [bar.volume for bar in series.bars if bar.volume]
    if len(traded) < LEAST_RETURNS:
        return
    usual = median(traded)
    for bar in series.bars:
        if bar.volume > VOLUME_TIMES * usual:
            detail = f"Volume {bar.volume}, usually {usual:g}."
            yield _issue(series, bar.trade_date, IssueCode.VOLUME_STEP, detail)


def _returns(series: EquitySeries) -> dict[date, float]:
    return {
        after.trade_date: after.close / before.close - 1
        for before, after in pairwise(series.bars)
        if before.close > 0 and after.volume
    }


def _issue(series: EquitySeries, day: date, code: IssueCode, detail: str) -> QualityIssue:
    return instrument_issue(day, series.market, series.code, code, detail)
