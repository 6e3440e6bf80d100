"""Quality rules about the last session of one issue's series: sessions without a hole, ascending, in adjusted won.

Only few issues a day can break one of them, and what a day's own rows tell is enough to see which: the history of the
others is never read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import EquityBar, Market
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, instrument_issue

OUTLIER_SCORE = 10.0
NORMAL_SHARE_OF_DEVIATION = 0.6745
LEAST_RETURNS = 20
LEAST_OUTLIER = 0.1
MARKET_WIDE = 0.05
SPIKE = 0.2
SPIKE_UNDONE = 0.03
STALE_SESSIONS = 20
HISTORY = 30

SERIES_CODES = frozenset({
    IssueCode.RETURN_OUTLIER,
    IssueCode.SPIKE_REVERSAL,
    IssueCode.STALE_PRICE,
})  # fmt: skip


class LinkedClose(NamedTuple):
    """A close adjusted by the base prices of the sessions after it, and the volume as traded."""

    trade_date: date
    close: float
    volume: int


@dataclass(frozen=True, slots=True)
class EquitySeries:
    """One listing's sessions, the newest of which is judged."""

    market: Market
    code: str
    closes: Sequence[LinkedClose]


class SeriesRow(NamedTuple):
    """What a series is linked from: a session's close, change against the base price, and volume."""

    trade_date: date
    close: float
    change: float
    volume: int


def moved_widely(bars: Iterable[EquityBar], least: float) -> dict[str, float]:
    """Return the moves against the base price, as shares of it, of the codes that moved by at least this one."""
    return {
        bar.code: bar.change / (bar.close - bar.change)
        for bar in bars
        # Nearly every row ends here: a change against the close is only a little further off.
        if abs(change := bar.change) >= least / 2 * bar.close and abs(change) >= least * abs(bar.close - change) > 0
    }


def linked_series(market: Market, code: str, rows: Sequence[SeriesRow]) -> EquitySeries:
    """Return a series whose returns are those against the base prices: no event of the issue is a move."""
    closes, level = list[LinkedClose](), rows[-1].close
    for row in reversed(rows):
        closes.append(LinkedClose(row.trade_date, level, row.volume))
        base = row.close - row.change
        level = level * base / row.close if base > 0 and row.close > 0 else level
    return EquitySeries(market, code, closes[::-1])


def check_series(series: EquitySeries, market_return: float) -> list[QualityIssue]:
    """Return the findings about a series' last session; it decides every code of SERIES_CODES for the issue and day.

    market_return: the median return of the market's issues on that day.
    """
    return [*check_return(series, market_return), *check_spike(series), *check_stale(series)]


def check_return(series: EquitySeries, market_return: float) -> Iterator[QualityIssue]:
    """RETURN_OUTLIER: against the series' own returns, from 10 % on; not when the whole market moved by over 5 %."""
    returns = _returns(series)
    if len(returns) < LEAST_RETURNS or series.closes[-1].trade_date not in returns:
        return
    value = returns[series.closes[-1].trade_date]
    centre = median(returns.values())
    deviation = median(abs(one - centre) for one in returns.values())
    if deviation == 0 or abs(value) < LEAST_OUTLIER or abs(market_return) > MARKET_WIDE:
        return
    score = NORMAL_SHARE_OF_DEVIATION * abs(value - centre) / deviation
    if score > OUTLIER_SCORE:
        yield _issue(series, IssueCode.RETURN_OUTLIER, f"Return {value:+.1%}, robust z {score:.1f}.")


def check_spike(series: EquitySeries) -> Iterator[QualityIssue]:
    """SPIKE_REVERSAL, on the day a move of one or two sessions ago is undone: the close is like the one before it."""
    closes = [one.close for one in series.closes]
    for moved in (len(closes) - 2, len(closes) - 3):
        if moved < 1 or closes[moved - 1] <= 0:
            continue
        before, spike = closes[moved - 1], closes[moved]
        if abs(spike / before - 1) <= SPIKE or abs(closes[-1] / before - 1) > SPIKE_UNDONE:
            continue
        # Undone a session ago already, it was told of then.
        if all(abs(between / before - 1) > SPIKE_UNDONE for between in closes[moved + 1 : -1]):
            yield _issue(series, IssueCode.SPIKE_REVERSAL, f"{before:.6g} -> {spike:.6g} and back.")
            return


def check_stale(series: EquitySeries) -> Iterator[QualityIssue]:
    """STALE_PRICE, on the 20th session of the same close with volume, and on no later one."""
    run = 0
    for place in range(len(series.closes) - 1, -1, -1):
        one = series.closes[place]
        if not one.volume or one.close != series.closes[-1].close:
            break
        run += 1
    if run == STALE_SESSIONS:
        yield _issue(series, IssueCode.STALE_PRICE, f"Close {series.closes[-1].close:g} for {run} sessions.")


def _returns(series: EquitySeries) -> dict[date, float]:
    return {
        after.trade_date: after.close / before.close - 1
        for before, after in pairwise(series.closes)
        if before.close > 0 and after.volume
    }


def _issue(series: EquitySeries, code: IssueCode, detail: str) -> QualityIssue:
    return instrument_issue(series.closes[-1].trade_date, series.market, series.code, code, detail)
