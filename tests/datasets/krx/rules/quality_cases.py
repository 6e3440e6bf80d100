"""Every quality rule on data that break it and on data that do not."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from math import inf, nan
from typing import Any, NamedTuple

from datasets.krx.rules.kit import (
    bar,
    by_code,
    index_bar,
)
from tray_app.core.quality import QualityIssue
from tray_app.datasets.krx.rows import EquityBar, EtfFigures, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules import transfers
from tray_app.datasets.krx.rules.adjustment import AdjustmentMethod, Factor, day_adjustments
from tray_app.datasets.krx.rules.calendar import CalendarDay, DayState, Evidence, KrxCalendar
from tray_app.datasets.krx.rules.episodes import EndReason, Episode, EpisodeKey
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.rules.quality import actions
from tray_app.datasets.krx.rules.quality import answer as answer_rules
from tray_app.datasets.krx.rules.quality import calendar as calendar_rules
from tray_app.datasets.krx.rules.quality import day as day_rules
from tray_app.datasets.krx.rules.quality import listings as listing_rules
from tray_app.datasets.krx.rules.quality import rows as row_rules
from tray_app.datasets.krx.rules.quality import series as series_rules
from tray_app.datasets.krx.rules.quality import source as source_rules
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.krx.rules.quality.rows import EquityDay
from tray_app.datasets.krx.rules.quality.series import EquitySeries, LinkedClose
from tray_app.datasets.krx.rules.transfers import Arrival

DAY = date(2024, 1, 5)
BEFORE = date(2024, 1, 4)
AT = datetime(2024, 1, 9, tzinfo=UTC)
DAYS = [DAY + timedelta(days=offset) for offset in range(60)]
Code, Method = IssueCode, AdjustmentMethod


class Case(NamedTuple):
    """A rule on data that break it and on data that do not."""

    code: IssueCode
    bad: Iterable[QualityIssue]
    good: Iterable[QualityIssue]


def day_of(*bars: EquityBar, market: Market = Market.KOSPI, **changes: object) -> EquityDay:
    return replace(EquityDay(DAY, market, bars), **changes)  # type: ignore[arg-type]


def row_case(code: IssueCode, rule: row_rules.RowRule, bad: EquityBar, good: EquityBar | None = None) -> Case:
    previous = {"005930": bar(day=BEFORE)}
    return Case(code, rule(day_of(bad, previous=previous)), rule(day_of(good or bar(), previous=previous)))


def fund(nav: float | None) -> EquityBar:
    return bar(market=Market.ETF, etf=EtfFigures(nav, 7_000_000_000, "KOSPI 200", 346.5, 1.5))


def traded(**changes: Any) -> EquityBar:
    return bar(**({"open": 10_000.0, "high": 10_100.0, "low": 9_900.0} | changes))


def row_cases() -> list[Case]:
    rules = row_rules
    return [
        row_case(Code.OHLC_HIGH_INCONSISTENT, rules.check_high, traded(high=9_950.0), traded()),
        row_case(Code.OHLC_LOW_INCONSISTENT, rules.check_low, traded(low=10_050.0), traded()),
        row_case(Code.PRICE_NON_POSITIVE, rules.check_positive, bar(close=0.0)),
        row_case(Code.PRICE_NON_POSITIVE, rules.check_positive, traded(open=-1.0), bar(volume=0)),
        row_case(Code.PRICE_NON_FINITE, rules.check_finite, traded(open=nan), bar(volume=0)),
        row_case(Code.PRICE_NON_FINITE, rules.check_finite, replace(bar(volume=0), close=inf)),
        row_case(Code.NEGATIVE_VOLUME, rules.check_signs, traded(volume=-1)),
        row_case(Code.NEGATIVE_TURNOVER, rules.check_signs, traded(turnover_value=-1)),
        row_case(Code.NEGATIVE_MARKET_VALUE, rules.check_signs, traded(market_value=-1)),
        row_case(Code.ZERO_OHL_WITH_CLOSE, rules.check_no_trade, bar(volume=0)),
        row_case(Code.HALT_FLAG_MISMATCH, rules.check_halt, traded(volume=0), bar(volume=0)),
        row_case(Code.HALT_FLAG_MISMATCH, rules.check_halt, bar(open=None)),
        row_case(Code.HALT_FLAG_MISMATCH, rules.check_halt, bar(volume=0, change=10.0)),
        row_case(Code.TURNOVER_OUT_OF_RANGE, rules.check_turnover, traded(turnover_value=10_500_000), bar(volume=0)),
        row_case(Code.MARKETCAP_IDENTITY, rules.check_market_value, bar(market_value=1), bar(market_value=10**10 + 9)),
        Case(Code.CHANGE_IDENTITY, answer_rules.check_changes([bar(change=10_000.0)]),
             answer_rules.check_changes([bar(change=100.0), bar(change=100.0, rate=1.01)])),
        Case(Code.CHANGE_IDENTITY, answer_rules.check_changes([bar(change=100.0, rate=1.02)]), []),
        Case(Code.ETF_NAV_MISSING, answer_rules.check_etfs([fund(None)]),
             answer_rules.check_etfs([fund(9_999.0), bar()])),
        Case(Code.ETF_PREMIUM_OUT_OF_RANGE, answer_rules.check_etfs([fund(9_000.0)]),
             answer_rules.check_etfs([fund(9_100.0), fund(11_100.0)])),
        Case(Code.ETF_PREMIUM_OUT_OF_RANGE, answer_rules.check_etfs([fund(11_200.0)]), []),
        row_case(Code.TICK_SIZE_VIOLATION, rules.check_ticks, bar(close=10_005.0), bar(close=10_005.0, volume=0)),
        row_case(Code.PRICE_LIMIT_BREACH, rules.check_limits, bar(change=3_000.0), bar(change=300.0)),
        row_case(Code.PRICE_LIMIT_BREACH, rules.check_limits, bar(close=2.0, change=-3.0), bar(close=50.0)),
        row_case(Code.LIMIT_UP_CLOSE, rules.check_limits, bar(close=13_000.0, change=3_000.0)),
        row_case(Code.LIMIT_DOWN_CLOSE, rules.check_limits, bar(close=7_000.0, change=-3_000.0)),
        row_case(Code.LISTED_SHARES_JUMP, rules.check_shares, bar(listed_shares=1_051_000),
                 bar(listed_shares=1_049_000)),
    ]  # fmt: skip


def day_cases() -> list[Case]:
    rules = day_rules
    twins = [bar(f"00000{place}") for place in range(5)]
    moved = [bar(f"00000{place}", BEFORE, close=9_990.0) for place in range(5)]
    elsewhere = day_of(*twins, previous=by_code(moved))
    halted = day_of(bar(volume=0))
    total = index_bar("코스피 (외국주포함)", close=None, market_cap=10**10, turnover_value=10**7)
    wrong_total = replace(total, market_cap=10**10 + 1)
    main = index_bar()
    return [
        Case(Code.DAY_ROWCOUNT_DROP, rules.check_row_count(day_of(bar()), [900]),
             rules.check_row_count(day_of(bar()), [900], base_info_rows=1)),
        Case(Code.DAY_ROWCOUNT_JUMP, rules.check_row_count(day_of(*twins), [4]),
             rules.check_row_count(day_of(*twins), [])),
        Case(Code.BENCHMARK_MISSING, rules.check_benchmark(day_of(bar()), [replace(main, close=None)]),
             rules.check_benchmark(day_of(bar()), [main])),
        Case(Code.BENCHMARK_MISSING, rules.check_benchmark(day_of(), [main]),
             rules.check_benchmark(day_of(bar(), market=Market.KONEX), [])),
        Case(Code.ALL_ZERO_SNAPSHOT, rules.check_all_zero(halted), rules.check_all_zero(day_of(bar(), bar(volume=0)))),
        Case(Code.ALL_ZERO_SNAPSHOT, rules.check_all_zero(halted),
             rules.check_all_zero(replace(halted, market=Market.KONEX))),
        Case(Code.DUPLICATE_OF_PREVIOUS_DAY, rules.check_duplicate(day_of(*twins, previous=by_code(twins))),
             rules.check_duplicate(day_of(*twins, previous={"000000": twins[0], "000001": bar(volume=7)}))),
        Case(Code.DUPLICATE_OF_PREVIOUS_DAY, rules.check_duplicate(day_of(*twins, previous=by_code(twins))),
             rules.check_duplicate(replace(halted, previous=by_code([bar(volume=0)])))),
        Case(Code.BASE_PRICES_OF_ANOTHER_DAY, rules.check_base_prices(elsewhere),
             rules.check_base_prices(replace(elsewhere, is_previous_foreign=True))),
        Case(Code.BASE_PRICES_OF_ANOTHER_DAY, rules.check_base_prices(elsewhere),
             rules.check_base_prices(day_of(*twins, previous={**by_code(twins), "000000": moved[0]}))),
        Case(Code.TOTAL_MISMATCH, rules.check_total(day_of(bar()), [wrong_total]),
             rules.check_total(day_of(bar()), [total])),
        Case(Code.TOTAL_MISMATCH, rules.check_total(day_of(bar()), [replace(total, volume=1_001)]),
             rules.check_total(day_of(bar()), [replace(total, volume=None)])),
        Case(Code.TOTAL_MISMATCH, rules.check_total(day_of(bar()), [wrong_total]),
             rules.check_total(day_of(bar()), [replace(total, market_cap=None)])),
        Case(Code.DUPLICATE_KEY, rules.check_keys(day_of(bar(), bar())), rules.check_keys(day_of(*twins))),
    ]  # fmt: skip


def entry(state: LedgerState, attempts: int, **changes: Any) -> LedgerEntry:
    track = Track(BarKind.EQUITY, Market.KOSPI)
    values: dict[str, Any] = {"reason": "Empty answer.", "next_try_at": AT, **changes}
    return LedgerEntry(track, DAY, state, attempts=attempts, **values)


def source_cases() -> list[Case]:
    rules, kospi, index = source_rules, Track(BarKind.EQUITY, Market.KOSPI), Track(BarKind.INDEX, IndexClass.KRX)
    unknown, late = LedgerState.UNKNOWN, LedgerState.NOT_YET_PUBLISHED
    one, sessions = {"005930"}, (BEFORE, DAY, DAYS[3])

    def empty(state: LedgerState, attempts: int, *, others: bool = False, **changes: Any) -> Iterable[QualityIssue]:
        return rules.check_empty(entry(state, attempts, **changes), others_have_rows=others)

    return [
        Case(Code.FIELD_DRIFT, [rules.shape_issue(kospi, DAY, "No MKTCAP.")], []),
        Case(Code.RESPONSE_DATE_MISMATCH, [rules.shape_issue(index, DAY, "RESPONSE_DATE_MISMATCH: rows of another.")],
             [rules.shape_issue(index, DAY, "No MKTCAP.")]),
        Case(Code.EMPTY_ON_EXPECTED_SESSION, empty(unknown, 1), empty(unknown, 0)),
        Case(Code.EMPTY_ON_EXPECTED_SESSION, empty(unknown, 1), empty(unknown, 1, reason="Predicted closed: weekend.")),
        Case(Code.EMPTY_ON_EXPECTED_SESSION, empty(late, 3, others=True), empty(late, 2, others=True)),
        Case(Code.EMPTY_ON_EXPECTED_SESSION, empty(late, 3, others=True), empty(late, 9)),
        Case(Code.DAY_MISSING, empty(unknown, 7, others=True), empty(unknown, 6, others=True)),
        Case(Code.DAY_MISSING, empty(unknown, 7, others=True, next_try_at=None), empty(unknown, 7, next_try_at=None)),
        Case(Code.STALE_DATASET, rules.check_staleness(Market.KOSPI, BEFORE, DAY, DAY),
             rules.check_staleness(Market.KOSPI, DAY, None, DAY)),
        Case(Code.STALE_DATASET, rules.check_staleness(Market.KOSPI, None, None, DAY), []),
        Case(Code.RESTATED_VALUE, rules.check_restated(DAY, Market.KOSPI, {"005930": {"close"}}),
             rules.check_restated(DAY, Market.KOSPI, {"005930": set()})),
        Case(Code.INSTRUMENT_GAP, rules.check_gaps(Market.KOSPI, sessions, {"005930": BEFORE}),
             rules.check_gaps(Market.KOSPI, sessions, {})),
        Case(Code.MASTER_ORPHAN, rules.check_master(DAY, Market.KOSPI, one, ()),
             rules.check_master(DAY, Market.KOSPI, one, one)),
        Case(Code.MASTER_MISSING, rules.check_master(DAY, Market.KOSPI, (), one),
             rules.check_master(DAY, Market.KOSPI, one, ())),
    ]  # fmt: skip


def event_day(previous: EquityBar, current: EquityBar) -> EquityDay:
    before = by_code([previous])
    return day_of(current, previous=before, adjustments=day_adjustments(before, [current]))


EX_DATE = event_day(bar(day=BEFORE), bar(close=8_100.0, change=100.0))
SPLIT = event_day(bar(day=BEFORE), bar(close=2_010.0, change=10.0, listed_shares=5_000_000))
REOPENED = event_day(bar(day=BEFORE, volume=0), bar(close=15_100.0, change=100.0, open=15_000.0))
EX_FACTOR = Factor(DAY, 0.8, Method.BASE_PRICE)


def action_cases() -> list[Case]:
    rules = actions
    key = EpisodeKey(Market.KOSPI, "005930")
    listing = Episode(key, BEFORE, BEFORE, BEFORE, ())
    sessions = {Market.KOSPI: [BEFORE, *DAYS[:10]]}
    again = replace(listing, key=replace(key, number=2))
    arrived = replace(listing, key=EpisodeKey(Market.KOSDAQ, "005930"), first_seen=DAY, last_seen=DAY)
    left = bar(day=BEFORE, market=Market.KOSDAQ)
    far = replace(EX_FACTOR, factor=0.004)
    return [
        Case(Code.BASE_PRICE_BREAK_NO_EVENT, rules.check_breaks(REOPENED), rules.check_breaks(EX_DATE)),
        Case(Code.FACTOR_MISSING, rules.check_missing_factors(EX_DATE, {}),
             rules.check_missing_factors(EX_DATE, {"005930": EX_FACTOR})),
        Case(Code.FACTOR_MISSING, rules.check_missing_factors(EX_DATE, {"005930": far}),
             rules.check_missing_factors(REOPENED, {})),
        Case(Code.FACTOR_EXTREME, rules.check_extreme_factors(EX_DATE, {"005930": far}),
             rules.check_extreme_factors(EX_DATE, {"005930": EX_FACTOR})),
        Case(Code.FACTOR_UNKNOWN, [rules.unknown_factors_issue(DAY, Market.KOSPI, is_certain=True)], []),
        Case(Code.ADJ_EQUALS_RAW_SUSPECT, rules.check_adjustment_suspect(DAY, Market.KOSPI, 251, 0),
             rules.check_adjustment_suspect(DAY, Market.KOSPI, 251, 1)),
        Case(Code.ADJ_EQUALS_RAW_SUSPECT, rules.check_adjustment_suspect(DAY, Market.KOSPI, 251, 0),
             rules.check_adjustment_suspect(DAY, Market.KONEX, 251, 0)),
        Case(Code.ADJ_RETURN_DISCONTINUITY, rules.check_event_returns(REOPENED), rules.check_event_returns(EX_DATE)),
        Case(Code.ADJ_VOLUME_BASIS_MIXED,
             rules.check_volume_basis(SPLIT, {"005930": Factor(DAY, 0.2, Method.BASE_PRICE)}),
             rules.check_volume_basis(SPLIT, {"005930": Factor(DAY, 0.2, Method.SHARE_COUNT)})),
        Case(Code.ADJ_VOLUME_BASIS_MIXED,
             rules.check_volume_basis(SPLIT, {"005930": Factor(DAY, 0.2, Method.BASE_PRICE)}),
             rules.check_volume_basis(EX_DATE, {"005930": EX_FACTOR, "000020": EX_FACTOR})),
        Case(Code.CODE_REUSED, listing_rules.check_reused([again]), listing_rules.check_reused([listing])),
        Case(Code.MARKET_TRANSFER,
             listing_rules.check_transfers([replace(listing, moved_to=arrived.key), arrived]),
             listing_rules.check_transfers([listing, arrived])),
        Case(Code.TRANSFER_BASE_BREAK, transfers.check_arrivals([Arrival(left, bar(change=500.0))]),
             transfers.check_arrivals([Arrival(left, bar()), Arrival(left, bar(change=5.0))])),
        Case(Code.TRANSFER_BASE_BREAK, transfers.check_arrivals([Arrival(left, bar(change=500.0))]),
             transfers.check_arrivals([Arrival(left, bar(close=2_000.0, listed_shares=5_000_000))])),
        Case(Code.INSTRUMENT_VANISHED, listing_rules.check_vanished([listing], sessions),
             listing_rules.check_vanished([replace(listing, last_seen=DAYS[0]),
                                           replace(listing, end_reason=EndReason.UNKNOWN)], sessions)),
        Case(Code.UNLISTED_ROW, listing_rules.check_unlisted([replace(listing, listing_date=DAY)]),
             listing_rules.check_unlisted([listing])),
        Case(Code.UNLISTED_ROW, listing_rules.check_unlisted([replace(listing, delisting_date=BEFORE)]),
             listing_rules.check_unlisted([replace(listing, delisting_date=DAY)])),
    ]  # fmt: skip


def linked(closes: Sequence[float], volumes: Sequence[int] | None = None) -> EquitySeries:
    counts = volumes or [100] * len(closes)
    rows = [LinkedClose(*row) for row in zip(DAYS, closes, counts, strict=False)]
    return EquitySeries(Market.KOSPI, "005930", rows)


def wobbling(count: int = 30) -> list[float]:
    return [10_000.0 + 100 * (place % 3) for place in range(count)]


def series_cases() -> list[Case]:
    rules = series_rules
    jump = [*wobbling(), 13_000.0]
    return [
        Case(Code.RETURN_OUTLIER, rules.check_return(linked(jump), 0.0), rules.check_return(linked(wobbling()), 0.0)),
        Case(Code.RETURN_OUTLIER, rules.check_return(linked(jump), 0.0), rules.check_return(linked(jump), 0.2)),
        Case(Code.RETURN_OUTLIER, rules.check_return(linked(jump), 0.0), rules.check_return(linked(jump[-5:]), 0.0)),
        Case(Code.RETURN_OUTLIER, rules.check_return(linked(jump), 0.0),
             rules.check_return(linked([10_000.0] * 30 + [13_000.0]), 0.0)),
        Case(Code.RETURN_OUTLIER, rules.check_return(linked(jump), 0.0),
             rules.check_return(linked(jump, [100] * 30 + [0]), 0.0)),
        Case(Code.SPIKE_REVERSAL, rules.check_spike(linked([100.0, 130.0, 101.0])),
             rules.check_spike(linked([100.0, 130.0, 131.0, 132.0, 101.0]))),
        Case(Code.SPIKE_REVERSAL, rules.check_spike(linked([100.0, 130.0, 128.0, 101.0])),
             rules.check_spike(linked([100.0, 130.0, 101.0, 100.0]))),
        Case(Code.STALE_PRICE, rules.check_stale(linked([100.0] * 20)), rules.check_stale(linked([100.0] * 19))),
        Case(Code.STALE_PRICE, rules.check_stale(linked([90.0] + [100.0] * 20)),
             rules.check_stale(linked([100.0] * 21))),
        Case(Code.STALE_PRICE, rules.check_stale(linked([100.0] * 20)),
             rules.check_stale(linked([100.0] * 30, [0] * 30))),
    ]  # fmt: skip


def calendar_cases() -> list[Case]:
    rules = calendar_rules
    conflict = CalendarDay(DAY, DayState.OPEN, Evidence.ROWS, "설날", is_conflict=True)
    unknown = CalendarDay(DAY, DayState.UNKNOWN, Evidence.EMPTY_ANSWERS)
    days = KrxCalendar()
    before, after = index_bar(day=date(2026, 6, 2)), index_bar(day=date(2026, 6, 4))
    moved = replace(after, change=25.0)
    return [
        Case(Code.CAL_CONFLICT, rules.check_calendar_day(conflict),
             rules.check_calendar_day(replace(conflict, is_conflict=False))),
        Case(Code.CAL_CONFLICT, rules.check_hidden_sessions(moved, before, days),
             rules.check_hidden_sessions(after, before, days)),
        Case(Code.CAL_CONFLICT, rules.check_hidden_sessions(moved, before, days),
             rules.check_hidden_sessions(replace(moved, trade_date=date(2026, 6, 5)), before, days)),
        Case(Code.CAL_UNKNOWN, rules.check_calendar_day(unknown),
             rules.check_calendar_day(replace(unknown, evidence=Evidence.PREDICTED_SESSION))),
    ]  # fmt: skip


def index_cases() -> list[Case]:
    kospi = IndexClass.KOSPI

    def prices(*bars: IndexBar) -> Iterable[QualityIssue]:
        return calendar_rules.check_index_prices(DAY, kospi, bars)

    def step(**changes: Any) -> Iterable[QualityIssue]:
        return calendar_rules.check_step(index_bar(**changes))

    def change(**changes: Any) -> Iterable[QualityIssue]:
        return calendar_rules.check_index_change(index_bar(**changes), index_bar(day=BEFORE))

    rules, main, sector = calendar_rules, index_bar(), index_bar("제조", open=None)
    stranger = index_bar(index_class=IndexClass.KOSDAQ)
    total = index_bar("코스피 (외국주포함)", open=None, close=None)
    return [
        Case(Code.IDENTITY_MISMATCH, rules.check_identity(DAY, kospi, [sector]),
             rules.check_identity(DAY, kospi, [main])),
        Case(Code.IDENTITY_MISMATCH, rules.check_identity(DAY, kospi, [stranger]),
             rules.check_identity(DAY, IndexClass.KRX, [])),
        Case(Code.DUPLICATE_KEY, rules.check_index_keys(DAY, kospi, [main, main]),
             rules.check_index_keys(DAY, kospi, [main, sector])),
        Case(Code.OHLC_HIGH_INCONSISTENT, prices(index_bar(high=2_499.9)), prices(index_bar(high=2_499.99))),
        Case(Code.OHLC_LOW_INCONSISTENT, prices(index_bar(low=2_500.1)), prices(main)),
        Case(Code.INDEX_PARTIAL_OHLC, prices(index_bar(open=None)), prices(total)),
        Case(Code.INDEX_PARTIAL_OHLC, prices(sector), prices(main)),
        Case(Code.INDEX_STEP, step(close=2_500.0, change=300.0), step(close=2_500.0, change=200.0)),
        Case(Code.INDEX_STEP, step(close=2_500.0, change=300.0), step(close=2_500.0, change=2_500.0)),
        Case(Code.CHANGE_IDENTITY, change(change=1.0), change()),
        Case(Code.CHANGE_IDENTITY, change(change=1.0), change(change=None)),
        Case(Code.INDEX_RATE_MISMATCH, answer_rules.check_index_rates([main, index_bar(change=25.0, rate=1.05)]),
             answer_rules.check_index_rates([index_bar(change=25.0, rate=1.01), total, index_bar(change=25.0)])),
        Case(Code.INDEX_VS_CONSTITUENTS, rules.check_constituents(main, [bar(change=60.0)]),
             rules.check_constituents(main, [bar(change=40.0)])),
        Case(Code.INDEX_VS_CONSTITUENTS, rules.check_constituents(main, [bar(change=60.0)]),
             rules.check_constituents(replace(main, close=None), [bar(change=60.0)])),
    ]  # fmt: skip


CASES: list[Case] = [
    case
    for cases in (row_cases, day_cases, source_cases, action_cases, series_cases, calendar_cases, index_cases)
    for case in cases()
]
