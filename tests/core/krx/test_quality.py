"""Every rule: one test that raises it and one that does not, and the recorded days, which raise no ERROR."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from math import inf, nan
from typing import Any, NamedTuple

import pytest

from tray_app.core.krx import quality_actions as actions
from tray_app.core.krx import quality_calendar as calendar_rules
from tray_app.core.krx import quality_day as day_rules
from tray_app.core.krx import quality_rows as row_rules
from tray_app.core.krx import quality_series as series_rules
from tray_app.core.krx.adjustment import AdjustedBar, AdjustmentMethod, Factor, day_adjustments
from tray_app.core.krx.calendar import CalendarDay, DayState, Evidence, KrxCalendar
from tray_app.core.krx.episodes import Closure, Episode, EpisodeKey, plan_day
from tray_app.core.krx.quality import RULES, IssueCode, IssueDataset, QualityIssue, RuleGroup, Severity, listed
from tray_app.core.krx.quality_rows import EquityDay
from tray_app.core.krx.quality_series import EquitySeries
from tray_app.core.krx.rows import EquityBar, IndexBar, IndexClass, Market

from .kit import (
    LISTED_DAYS,
    RECORDED_DAYS,
    bar,
    base_info,
    by_code,
    index_bar,
    listed_bars,
    needs_recordings,
    recorded_bars,
    recorded_base_info,
    recorded_indices,
)

DAY = date(2024, 1, 5)
BEFORE = date(2024, 1, 4)
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
        row_case(Code.CHANGE_IDENTITY, rules.check_change, bar(change=10_000.0)),
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
    halted = day_of(bar(volume=0))
    total = index_bar("코스피 (외국주포함)", close=None, market_cap=10**10, turnover_value=10**7)
    wrong_total = replace(total, market_cap=10**10 + 1)
    main = index_bar()
    before, after = by_code([bar(day=BEFORE)]), by_code([bar(day=date(2024, 1, 8))])
    return [
        Case(Code.DAY_MISSING, rules.check_row_count(day_of(), [900]), rules.check_row_count(day_of(bar()), [1])),
        Case(Code.DAY_ROWCOUNT_DROP, rules.check_row_count(day_of(bar()), [900]),
             rules.check_row_count(day_of(bar()), [900], base_info_rows=1)),
        Case(Code.DAY_ROWCOUNT_JUMP, rules.check_row_count(day_of(*twins), [4]),
             rules.check_row_count(day_of(*twins), [])),
        Case(Code.MASTER_ORPHAN, rules.check_master(day_of(bar()), []),
             rules.check_master(day_of(bar()), [base_info()])),
        Case(Code.MASTER_MISSING, rules.check_master(day_of(), [base_info()]),
             rules.check_master(day_of(), [base_info(market=Market.KOSDAQ)])),
        Case(Code.BENCHMARK_MISSING, rules.check_benchmark(day_of(bar()), [replace(main, close=None)]),
             rules.check_benchmark(day_of(bar()), [main])),
        Case(Code.BENCHMARK_MISSING, rules.check_benchmark(day_of(), [main]),
             rules.check_benchmark(day_of(bar(), market=Market.KONEX), [])),
        Case(Code.STALE_DATASET, rules.check_staleness(Market.KOSPI, BEFORE, DAY),
             rules.check_staleness(Market.KOSPI, DAY, DAY)),
        Case(Code.STALE_DATASET, rules.check_staleness(Market.KOSPI, None, DAY), []),
        Case(Code.RESPONSE_DATE_MISMATCH, rules.check_dates(day_of(bar(day=BEFORE))), rules.check_dates(day_of(bar()))),
        Case(Code.EMPTY_ON_EXPECTED_SESSION, rules.check_empty(DAY, Market.KOSPI, 1, other_markets_have_rows=False),
             rules.check_empty(DAY, Market.KOSPI, 0, other_markets_have_rows=True)),
        Case(Code.ALL_ZERO_SNAPSHOT, rules.check_all_zero(halted), rules.check_all_zero(day_of(bar(), bar(volume=0)))),
        Case(Code.ALL_ZERO_SNAPSHOT, rules.check_all_zero(halted),
             rules.check_all_zero(replace(halted, market=Market.KONEX))),
        Case(Code.DUPLICATE_OF_PREVIOUS_DAY, rules.check_duplicate(day_of(*twins, previous=by_code(twins))),
             rules.check_duplicate(day_of(*twins, previous={"000000": twins[0], "000001": bar(volume=7)}))),
        Case(Code.DUPLICATE_OF_PREVIOUS_DAY, rules.check_duplicate(day_of(*twins, previous=by_code(twins))),
             rules.check_duplicate(replace(halted, previous=by_code([bar(volume=0)])))),
        Case(Code.TOTAL_MISMATCH, rules.check_total(day_of(bar()), [wrong_total]),
             rules.check_total(day_of(bar()), [total])),
        Case(Code.TOTAL_MISMATCH, rules.check_total(day_of(bar()), [wrong_total]),
             rules.check_total(day_of(bar()), [replace(total, market_cap=None)])),
        Case(Code.FIELD_DRIFT, rules.check_fields(DAY, Market.KOSPI, ["No MKTCAP."]),
             rules.check_fields(DAY, Market.KOSPI, [])),
        Case(Code.RESTATED_VALUE, rules.check_restated(DAY, Market.KOSPI, {"005930": {"close"}}),
             rules.check_restated(DAY, Market.KOSPI, {"005930": set()})),
        Case(Code.DUPLICATE_KEY, rules.check_keys(day_of(bar(), bar())), rules.check_keys(day_of(*twins))),
        Case(Code.UNSORTED_OR_FUTURE_DATE, rules.check_future(DAY, Market.KOSPI, DAY),
             rules.check_future(BEFORE, Market.KOSPI, DAY)),
        Case(Code.INSTRUMENT_GAP, rules.check_gaps(before, day_of(), after),
             rules.check_gaps(before, day_of(bar()), after)),
        Case(Code.INSTRUMENT_GAP, rules.check_gaps(before, day_of(), after), rules.check_gaps(before, day_of(), {})),
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
    again = plan_day(DAY, [replace(listing, delisting_date=BEFORE)], {Market.KOSPI: [bar()]},
                     [base_info(listing_date=DAY)])  # fmt: skip
    target = EpisodeKey(Market.KOSPI, "005930")
    far = replace(EX_FACTOR, factor=0.004)
    return [
        Case(Code.BASE_PRICE_BREAK_NO_EVENT, rules.check_breaks(REOPENED), rules.check_breaks(EX_DATE)),
        Case(Code.FACTOR_MISSING, rules.check_missing_factors(EX_DATE, {}),
             rules.check_missing_factors(EX_DATE, {"005930": EX_FACTOR})),
        Case(Code.FACTOR_MISSING, rules.check_missing_factors(EX_DATE, {"005930": far}),
             rules.check_missing_factors(REOPENED, {})),
        Case(Code.FACTOR_EXTREME, rules.check_extreme_factors(EX_DATE, {"005930": far}),
             rules.check_extreme_factors(EX_DATE, {"005930": EX_FACTOR})),
        Case(Code.ADJ_EQUALS_RAW_SUSPECT, rules.check_adjustment_suspect(DAY, Market.KOSPI, 251, 0),
             rules.check_adjustment_suspect(DAY, Market.KOSPI, 251, 1)),
        Case(Code.ADJ_RETURN_DISCONTINUITY, rules.check_event_returns(REOPENED), rules.check_event_returns(EX_DATE)),
        Case(Code.ADJ_VOLUME_BASIS_MIXED,
             rules.check_volume_basis(SPLIT, {"005930": Factor(DAY, 0.2, Method.BASE_PRICE)}),
             rules.check_volume_basis(SPLIT, {"005930": Factor(DAY, 0.2, Method.SHARE_COUNT)})),
        Case(Code.ADJ_VOLUME_BASIS_MIXED,
             rules.check_volume_basis(SPLIT, {"005930": Factor(DAY, 0.2, Method.BASE_PRICE)}),
             rules.check_volume_basis(EX_DATE, {"005930": EX_FACTOR, "000020": EX_FACTOR})),
        Case(Code.CODE_REUSED, rules.check_episodes(again),
             rules.check_episodes(plan_day(DAY, [], {Market.KOSPI: [bar()]}))),
        Case(Code.MARKET_TRANSFER,
             rules.check_transfers([Closure(EpisodeKey(Market.KONEX, "005930"), DAY, moved_to=target)]),
             rules.check_transfers([Closure(key, DAY), Closure(key, None)])),
        Case(Code.INSTRUMENT_VANISHED, rules.check_vanished([listing], sessions),
             rules.check_vanished([replace(listing, last_seen=DAYS[0]), replace(listing, delisting_date=DAY)],
                                  sessions)),
        Case(Code.UNLISTED_ROW, rules.check_unlisted([replace(listing, listing_date=DAY)]),
             rules.check_unlisted([listing])),
        Case(Code.UNLISTED_ROW, rules.check_unlisted([replace(listing, delisting_date=BEFORE)]),
             rules.check_unlisted([replace(listing, delisting_date=DAY)])),
    ]  # fmt: skip


def adjusted(closes: Sequence[float], volumes: Sequence[int] | None = None) -> EquitySeries:
    counts = volumes or [100] * len(closes)
    bars = [
        AdjustedBar(day, 1.0, close, close, close, close, volume)
        for day, close, volume in zip(DAYS, closes, counts, strict=False)
    ]
    return EquitySeries(Market.KOSPI, "005930", bars)


def wobbling(count: int = 30) -> list[float]:
    return [10_000.0 + 100 * (place % 3) for place in range(count)]


def series_cases() -> list[Case]:
    rules = series_rules
    jump = [*wobbling(), 13_000.0]
    return [
        Case(Code.RETURN_OUTLIER, rules.check_returns(adjusted(jump), {}),
             rules.check_returns(adjusted(wobbling()), {})),
        Case(Code.RETURN_OUTLIER, rules.check_returns(adjusted(jump), {}),
             rules.check_returns(adjusted(jump), {DAYS[30]: 0.2})),
        Case(Code.RETURN_OUTLIER, rules.check_returns(adjusted(jump), {}),
             rules.check_returns(adjusted(jump[-5:]), {})),
        Case(Code.RETURN_OUTLIER, rules.check_returns(adjusted(jump), {}),
             rules.check_returns(adjusted([10_000.0] * 30 + [13_000.0]), {})),
        Case(Code.SPIKE_REVERSAL, rules.check_spikes(adjusted([100.0, 130.0, 128.0, 101.0])),
             rules.check_spikes(adjusted([100.0, 130.0, 131.0, 132.0, 101.0]))),
        Case(Code.STALE_PRICE, rules.check_stale(adjusted([100.0] * 20)), rules.check_stale(adjusted([100.0] * 19))),
        Case(Code.STALE_PRICE, rules.check_stale(adjusted([100.0] * 20)),
             rules.check_stale(adjusted([100.0] * 30, [0] * 30))),
        Case(Code.VOLUME_STEP, rules.check_volumes(adjusted(wobbling(), [100] * 29 + [2_001])),
             rules.check_volumes(adjusted(wobbling(), [100] * 29 + [2_000]))),
        Case(Code.VOLUME_STEP, rules.check_volumes(adjusted(wobbling(), [100] * 29 + [2_001])),
             rules.check_volumes(adjusted(wobbling(5), [1, 1, 1, 1, 99]))),
    ]  # fmt: skip


def calendar_cases() -> list[Case]:
    rules = calendar_rules
    conflict = CalendarDay(DAY, DayState.OPEN, Evidence.ROWS, "설날", is_conflict=True)
    closed = CalendarDay(DAY, DayState.CLOSED, Evidence.PREDICTED_HOLIDAY, "설날")
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
        Case(Code.ROW_ON_CLOSED_DAY, rules.check_closed(closed, 1), rules.check_closed(closed, 0)),
        Case(Code.ROW_ON_CLOSED_DAY, rules.check_closed(closed, 1), rules.check_closed(conflict, 1)),
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
        Case(Code.RESPONSE_DATE_MISMATCH, rules.check_index_dates(BEFORE, kospi, [main]),
             rules.check_index_dates(DAY, kospi, [main])),
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
        Case(Code.INDEX_VS_CONSTITUENTS, rules.check_constituents(main, [bar(change=60.0)]),
             rules.check_constituents(main, [bar(change=40.0)])),
        Case(Code.INDEX_VS_CONSTITUENTS, rules.check_constituents(main, [bar(change=60.0)]),
             rules.check_constituents(replace(main, close=None), [bar(change=60.0)])),
    ]  # fmt: skip


CASES: list[Case] = [
    case
    for cases in (row_cases, day_cases, action_cases, series_cases, calendar_cases, index_cases)
    for case in cases()
]


@pytest.mark.parametrize("case", CASES, ids=[case.code for case in CASES])
def test_a_rule_raises_its_issue_and_only_where_it_should(case: Case) -> None:
    issues = list(case.bad)
    assert case.code in {issue.issue_code for issue in issues}
    assert case.code not in {issue.issue_code for issue in case.good}
    for issue in issues:
        assert issue.detail
        assert issue.severity in Severity
        assert issue.key == (issue.dataset_name, issue.trade_date, issue.subject, issue.issue_code)


def test_every_code_has_a_rule_and_a_case() -> None:
    assert set(RULES) == set(IssueCode) == {case.code for case in CASES}
    assert {rule.group for rule in RULES.values()} == set(RuleGroup)
    assert all(rule.text for rule in RULES.values())
    assert not [rule.code for rule in RULES.values() if rule.is_routine and rule.severity is Severity.ERROR]


# What single rules say besides.


@pytest.mark.parametrize(("value", "severity"), [(12_900_000, Severity.INFO), (13_100_000, Severity.WARN)])
def test_block_trades_inside_the_price_limit_explain_a_value(value: int, severity: Severity) -> None:
    (issue,) = row_rules.check_turnover(day_of(bar(turnover_value=value)))
    assert issue.severity is severity


@pytest.mark.parametrize(
    "changes",
    [
        {"previous": {}},
        {"market": Market.KONEX},
        {"exempt": frozenset({"005930"})},
        {"bars": [bar(change=-8_000.0, section="관리종목(소속부없음)")]},
    ],
)
def test_first_days_konex_and_liquidation_have_no_price_limit(changes: dict[str, object]) -> None:
    day = replace(day_of(bar(change=-8_000.0), previous={"005930": bar(day=BEFORE)}), **changes)  # type: ignore[arg-type]
    assert [issue.issue_code for issue in row_rules.check_limits(day)] == []


def test_konex_may_quote_a_change_without_a_trade() -> None:
    assert list(row_rules.check_halt(day_of(bar(volume=0, change=-20.0), market=Market.KONEX))) == []


def test_share_changes_of_first_rows_and_events_are_no_jumps() -> None:
    assert list(row_rules.check_shares(day_of(bar()))) == []
    assert list(row_rules.check_shares(SPLIT)) == []


def test_the_source_s_rate_must_fit_its_change() -> None:
    day = day_of(bar(change=100.0), rates={"005930": 1.01})
    assert list(row_rules.check_change(day)) == []
    (issue,) = row_rules.check_change(replace(day, rates={"005930": 1.02}))
    assert issue.issue_code is Code.CHANGE_IDENTITY
    assert list(row_rules.check_change(replace(day, rates={"000020": 9.0}))) == []


def test_an_empty_answer_beside_rows_of_another_market_is_an_error() -> None:
    (issue,) = day_rules.check_empty(DAY, Market.KOSPI, 3, other_markets_have_rows=True)
    assert issue.severity is Severity.ERROR


def test_a_total_needs_a_total_row_and_rows() -> None:
    assert list(day_rules.check_total(day_of(bar()), [])) == []
    assert list(day_rules.check_total(day_of(), [index_bar("코스피 (외국주포함)")])) == []


def test_close_only_sector_indices_are_told_once_and_quietly() -> None:
    sectors = [index_bar(name, open=None) for name in ("제조", "건설")]
    (issue,) = calendar_rules.check_index_prices(DAY, IndexClass.KOSPI, sectors)
    assert (issue.severity, issue.subject, issue.detail) == (Severity.INFO, "KOSPI:*", "2: 건설, 제조")


def test_rewritten_indices_only_warn_of_a_broken_change() -> None:
    (issue,) = calendar_rules.check_index_change(index_bar("제조", change=9.0), index_bar("제조", day=BEFORE))
    assert issue.severity is Severity.WARN


def test_an_issue_names_its_instrument_or_index() -> None:
    (equity,) = row_rules.check_change(day_of(bar(change=10_000.0)))
    assert (equity.dataset_name, equity.subject) == (IssueDataset.EQUITY, "KOSPI:005930")
    assert (equity.market_code, equity.external_code, equity.index_code) == ("KOSPI", "005930", None)
    (index,) = calendar_rules.check_step(index_bar(change=500.0))
    assert (index.dataset_name, index.subject, index.index_code) == (IssueDataset.INDEX, "KOSPI", "KOSPI")


def test_long_lists_are_cut() -> None:
    assert listed([f"{number:02}" for number in range(12)]) == "12: 00, 01, 02, 03, 04, 05, 06, 07, 08, 09, ..."


@pytest.mark.parametrize("changes", [{"close": nan}, {"close": inf}, {"change": nan}, {"close": -1.0}, {"close": 0.0}])
def test_no_value_makes_a_rule_stumble(changes: Any) -> None:
    bars = [replace(bar(), **changes), replace(bar(volume=0), **changes)]
    assert day_rules.check_equity_day(day_of(*bars, previous={"005930": bar(day=BEFORE)}), [2], None, [index_bar()])


# Whole checks.


def test_what_a_check_finds_is_what_it_says_it_decides() -> None:
    bars = [bar("1", close=0.0, change=9.0), bar("1", volume=0, change=1.0), traded(high=1.0, low=2.0, volume=-1)]
    total = index_bar("코스피 (외국주포함)", market_cap=1)
    issues = day_rules.check_equity_day(day_of(*bars), [900], None, [total])
    assert issues
    assert {issue.issue_code for issue in issues} <= day_rules.DAY_CODES
    assert {issue.issue_code for issue in actions.check_actions(REOPENED, {})} <= actions.ACTION_CODES
    odd = [index_bar("제조", high=1.0, change=900.0)] * 2
    found = calendar_rules.check_index_day(BEFORE, IndexClass.KOSPI, odd, {"제조": index_bar("제조", day=BEFORE)})
    assert found
    assert {issue.issue_code for issue in found} <= calendar_rules.INDEX_DAY_CODES
    series = adjusted([*wobbling(), 20_000.0, 10_000.0], [100] * 31 + [9_000])
    spotted = series_rules.check_series(series, {})
    assert spotted
    assert {issue.issue_code for issue in spotted} <= series_rules.SERIES_CODES


def severe(issues: Iterable[QualityIssue], least: Callable[[QualityIssue], bool]) -> list[tuple[str, str]]:
    return [(issue.issue_code, issue.subject) for issue in issues if least(issue)]


def is_error(issue: QualityIssue) -> bool:
    return issue.severity is Severity.ERROR


@needs_recordings
def test_recorded_good_days_raise_no_error() -> None:
    before, after = RECORDED_DAYS
    for market in Market:
        previous, bars = by_code(recorded_bars(market, before)), recorded_bars(market, after)
        events = day_adjustments(previous, bars)
        indices = None if market is Market.KONEX else recorded_indices(IndexClass(market), after)
        day = EquityDay(after, market, bars, previous, events)
        issues = day_rules.check_equity_day(day, [len(previous)], None, indices)
        issues += day_rules.check_master(day, recorded_base_info(market, after))
        stored = {code: Factor(after, event.factor, event.method) for code, event in events.items()}
        issues += actions.check_actions(day, stored)
        assert severe(issues, is_error) == []
        warned = severe(issues, lambda issue: issue.severity is Severity.WARN)
        assert {code for code, _ in warned} <= {"LISTED_SHARES_JUMP"}
        assert len(warned) < 10
        assert (("LISTED_SHARES_JUMP", "KOSDAQ:092040") in warned) == (market is Market.KOSDAQ)


@needs_recordings
def test_recorded_indices_raise_no_warning() -> None:
    before, after = RECORDED_DAYS
    for index_class in IndexClass:
        previous = {one.name: one for one in recorded_indices(index_class, before)}
        bars = recorded_indices(index_class, after)
        issues = calendar_rules.check_index_day(after, index_class, bars, previous)
        assert [issue for issue in issues if issue.severity is not Severity.INFO] == []
    for market in (Market.KOSPI, Market.KOSDAQ):
        (main,) = (one for one in recorded_indices(IndexClass(market), after) if one.name in {"코스피", "코스닥"})
        assert list(calendar_rules.check_constituents(main, recorded_bars(market, after))) == []


@needs_recordings
def test_the_final_day_of_march_2026_raises_what_truly_happened() -> None:
    before, after = LISTED_DAYS[3], LISTED_DAYS[4]
    found = list[tuple[str, str]]()
    for market in Market:
        previous = by_code([one for one in listed_bars(before) if one.market is market])
        bars = [one for one in listed_bars(after) if one.market is market]
        day = EquityDay(after, market, bars, previous, day_adjustments(previous, bars))
        issues = day_rules.check_equity_day(day, [len(previous)])
        found += severe(issues, lambda issue: issue.severity is not Severity.INFO)
    assert found == [
        ("LISTED_SHARES_JUMP", "KOSPI:074610"),
        ("PRICE_LIMIT_BREACH", "KOSDAQ:036180"),
    ]
