"""A small exchange's sessions in a store: a split, a halt, a hole, issues and indices, all made up."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from krx_machine import krx_context

from tray_app.core.quality import Severity
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.rows import EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.adjustment import adjustment
from tray_app.datasets.krx.rules.calendar import CalendarDay, DayState, Evidence
from tray_app.datasets.krx.rules.ledger import TRACKS, BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode, IssueDataset, instrument_issue, market_issue
from tray_app.datasets.schema import SCHEMA
from tray_app.store.database import Database
from tray_app.store.issues import CheckScope
from tray_app.store.series import Provenance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.paths import Home

SAMSUNG, NAVER = "005930", "035420"
NAMES = {SAMSUNG: "삼성전자", NAVER: "네이버", "0126Z0": "신한제99호스팩"}
INDICES = {IndexClass.KOSPI: "코스피", IndexClass.KOSDAQ: "코스닥", IndexClass.KRX: "KRX 300"}
SEEN = Provenance(datetime(2026, 11, 20, tzinfo=UTC), 1)


def weekdays(first: date, count: int) -> list[date]:
    """Return the first weekdays from a day on."""
    days: list[date] = []
    day = first
    while len(days) < count:
        if day.weekday() < 5:
            days.append(day)
        day += timedelta(days=1)
    return days


def bars_of(code: str, days: Sequence[date]) -> list[EquityBar]:
    """Return an issue's sessions: Samsung splits 5 for 1 in the middle and is halted for three days before."""
    bars: list[EquityBar] = []
    middle = len(days) // 2
    close, shares = 50_000.0, 1_000_000
    for place, day in enumerate(days):
        splits = code == SAMSUNG and place == middle
        halted = code == SAMSUNG and middle - 3 <= place < middle
        base = close / 5 if splits else close
        shares = shares * 5 if splits else shares
        close = base if halted else base + ((place * 37 + len(code)) % 23 - 11) * 10
        volume = 0 if halted else 10_000 + place % 17 * 900
        low, high = min(base, close) - 50, max(base, close) + 50
        bars.append(
            EquityBar(
                trade_date=day,
                market=Market.KOSPI,
                code=code,
                name=NAMES[code],
                section="",
                close=close,
                change=close - base,
                open=None if halted else base,
                high=None if halted else high,
                low=None if halted else low,
                volume=volume,
                turnover_value=int(volume * close),
                market_value=int(close * shares),
                listed_shares=shares,
            )
        )
    return bars


def fill(home: Home, days: Sequence[date], hole: date | None = None, partial: date | None = None) -> None:
    """Store sessions of every track, but a hole, and of a partial day the KOSPI issues only."""
    database = Database(home.database, SCHEMA)
    store = krx_context(database)
    histories = {code: bars_of(code, days) for code in NAMES}
    for place, day in enumerate(days):
        if day == hole:
            continue
        for track in TRACKS:
            if day == partial and track != Track(BarKind.EQUITY, Market.KOSPI):
                continue
            _keep(store, track, day, [bars[place] for bars in histories.values()], place)
    _keep_factors(store, histories[SAMSUNG])
    closed = CalendarDay(days[-1] + timedelta(days=4), DayState.CLOSED, Evidence.PREDICTED_HOLIDAY, "설날")
    store.ledger.keep_calendar([closed], SEEN)
    database.close_thread()


def keep_issues(home: Home, day: date) -> None:
    """Store an error about an issue, and warnings about a market."""
    database = Database(home.database, SCHEMA)
    store = krx_context(database)
    error = instrument_issue(day, Market.KOSPI, SAMSUNG, IssueCode.CHANGE_IDENTITY, "The change does not fit.")
    warning = market_issue(day, Market.KOSDAQ, IssueCode.DAY_ROWCOUNT_JUMP, "2,000 rows, 1,800 before.")
    notice = replace(warning, issue_code=IssueCode.LIMIT_UP_CLOSE, severity=Severity.INFO)
    codes = {issue.issue_code for issue in (error, warning, notice)}
    store.checks.keep(
        day, [(CheckScope(IssueDataset.EQUITY, day, codes), [error, warning, notice])], {}, SEEN, is_checked=True
    )
    database.close_thread()


def _keep(store: KrxRunContext, track: Track, day: date, bars: list[EquityBar], place: int) -> None:
    if track.dataset is BarKind.INDEX:
        index_class = IndexClass(track.market_code)
        value = 2_500.0 + place
        bar = IndexBar(day, index_class, INDICES[index_class], value, 1.0, value, value, value, 1, 1, 1)
        store.rows.upsert_index_bars(LedgerEntry(track, day, LedgerState.VERIFIED, 1), (bar,), SEEN)
        return
    market = Market(track.market_code)
    listed = bars if market is Market.KOSPI else [replace(bars[1], market=market, code=f"9{market.value[:1]}0010")]
    store.rows.upsert_bars(LedgerEntry(track, day, LedgerState.VERIFIED, len(listed)), tuple(listed), SEEN)


def _keep_factors(store: KrxRunContext, bars: Sequence[EquityBar]) -> None:
    for before, bar in pairwise(bars):
        event = adjustment(before, bar)
        if event is not None:
            moves = store.rows.base_price_moves(before.trade_date, bar.trade_date)[Market.KOSPI]
            ids = [key for key, (old, _new) in moves.items() if old.code == bar.code]
            store.checks.replace_factors(Market.KOSPI, bar.trade_date, dict.fromkeys(ids, event), SEEN)
