"""Every rule raises its issue and only where it should; the recorded good days raise no ERROR."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from math import inf, nan
from typing import Any

import pytest

from datasets.krx.rules.kit import (
    LISTED_DAYS,
    RECORDED_DAYS,
    bar,
    by_code,
    index_bar,
    listed_bars,
    needs_recordings,
    recorded_bars,
    recorded_base_info,
    recorded_indices,
    website_bars,
)
from datasets.krx.rules.quality_cases import (
    BEFORE,
    CASES,
    DAY,
    REOPENED,
    SPLIT,
    Case,
    Code,
    day_of,
    entry,
    linked,
    traded,
    wobbling,
)
from tray_app.core.quality import QualityIssue, Severity
from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar, IndexClass, Market
from tray_app.datasets.krx.rules.adjustment import Factor, day_adjustments
from tray_app.datasets.krx.rules.ledger import BarKind, LedgerState, Track
from tray_app.datasets.krx.rules.quality import actions
from tray_app.datasets.krx.rules.quality import answer as answer_rules
from tray_app.datasets.krx.rules.quality import calendar as calendar_rules
from tray_app.datasets.krx.rules.quality import day as day_rules
from tray_app.datasets.krx.rules.quality import rows as row_rules
from tray_app.datasets.krx.rules.quality import series as series_rules
from tray_app.datasets.krx.rules.quality import source as source_rules
from tray_app.datasets.krx.rules.quality.catalogue import ROUTINE, IssueCode, IssueDataset, RuleGroup, listed
from tray_app.datasets.krx.rules.quality.convictions import accepted_rows, accused
from tray_app.datasets.krx.rules.quality.rows import EquityDay
from tray_app.datasets.krx.rules.quality.series import SeriesRow

YEARS_END = (date(2020, 12, 30), date(2021, 1, 4))


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
    assert set(IssueCode) == {case.code for case in CASES}
    assert {code.group for code in IssueCode} == set(RuleGroup)
    assert all(code.text for code in IssueCode)
    assert not [code for code in ROUTINE if code.severity is Severity.ERROR]


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
    assert list(answer_rules.check_changes([bar(change=100.0, rate=1.01), bar(change=100.0)])) == []
    (issue,) = answer_rules.check_changes([bar(change=100.0, rate=1.02), bar(change=-100.0, rate=-0.99)])
    assert issue.issue_code is Code.CHANGE_IDENTITY


def test_an_empty_answer_beside_rows_of_another_market_is_an_error() -> None:
    (issue,) = source_rules.check_empty(entry(LedgerState.UNKNOWN, 3), others_have_rows=True)
    assert issue.severity is Severity.ERROR


def test_events_are_no_moves_of_a_linked_series() -> None:
    split = [SeriesRow(BEFORE, 10_000.0, 0.0, 1), SeriesRow(DAY, 2_100.0, 100.0, 1)]
    series = series_rules.linked_series(Market.KOSPI, "005930", split)
    assert [one.close for one in series.closes] == [2_000.0, 2_100.0]
    odd = [SeriesRow(BEFORE, 10_000.0, 0.0, 1), SeriesRow(DAY, 50.0, 100.0, 1)]
    assert [one.close for one in series_rules.linked_series(Market.KOSPI, "1", odd).closes] == [50.0, 50.0]


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
    (equity,) = answer_rules.check_changes([bar(change=10_000.0)])
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
    spotted = series_rules.check_series(linked([*wobbling(), 20_000.0, 10_000.0]), 0.0)
    assert spotted
    assert {issue.issue_code for issue in spotted} <= series_rules.SERIES_CODES


def severe(issues: Iterable[QualityIssue], least: Callable[[QualityIssue], bool]) -> list[tuple[str, str]]:
    return [(issue.issue_code, issue.subject) for issue in issues if least(issue)]


def is_error(issue: QualityIssue) -> bool:
    return issue.severity is Severity.ERROR


@needs_recordings
def test_recorded_good_days_raise_no_error() -> None:
    before, after = RECORDED_DAYS
    for market in STOCK_MARKETS:
        previous, bars = by_code(recorded_bars(market, before)), recorded_bars(market, after)
        events = day_adjustments(previous, bars)
        indices = None if market is Market.KONEX else recorded_indices(IndexClass(market), after)
        day = EquityDay(after, market, bars, previous, events)
        issues = day_rules.check_equity_day(day, [len(previous)], None, indices)
        told = [info.code for info in recorded_base_info(market, after)]
        issues += source_rules.check_master(after, market, [one.code for one in bars], told)
        stored = {code: Factor(after, event.factor, event.method) for code, event in events.items()}
        issues += actions.check_actions(day, stored)
        assert severe(issues, is_error) == []
        warned = severe(issues, lambda issue: issue.severity is Severity.WARN)
        assert {code for code, _ in warned} <= {"LISTED_SHARES_JUMP"}
        assert len(warned) < 10
        assert (("LISTED_SHARES_JUMP", "KOSDAQ:092040") in warned) == (market is Market.KOSDAQ)


@needs_recordings
@pytest.mark.parametrize("day", RECORDED_DAYS)
def test_recorded_rates_changes_and_closes_agree(day: date) -> None:
    for market in STOCK_MARKETS:
        bars = recorded_bars(market, day)
        assert all(one.rate is not None for one in bars)
        assert list(answer_rules.check_changes(bars)) == []
    for index_class in IndexClass:
        assert list(answer_rules.check_index_rates(recorded_indices(index_class, day))) == []


@needs_recordings
@pytest.mark.parametrize("day", LISTED_DAYS)
def test_recorded_rates_of_march_2026_agree(day: date) -> None:
    assert list(answer_rules.check_changes(listed_bars(day))) == []


@needs_recordings
@pytest.mark.parametrize(("before", "after"), [*pairwise(LISTED_DAYS), RECORDED_DAYS, YEARS_END])
def test_recorded_base_prices_are_the_last_closes(before: date, after: date) -> None:
    for market in STOCK_MARKETS:
        previous, bars = by_code(all_bars(market, before)), all_bars(market, after)
        day = EquityDay(after, market, bars, previous)
        assert list(day_rules.check_base_prices(day)) == []
        # The same closes against any other day's are not.
        other = EquityDay(before, market, list(previous.values()), by_code(bars))
        assert [one.issue_code for one in day_rules.check_base_prices(other)] == [Code.BASE_PRICES_OF_ANOTHER_DAY]


def all_bars(market: Market, day: date) -> list[EquityBar]:
    if day in YEARS_END:
        return [one for one in website_bars(f"MDCSTAT01501_ALL_{day:%Y%m%d}.json", day) if one.market is market]
    listed_too = [one for one in listed_bars(day) if one.market is market] if day in LISTED_DAYS else []
    return listed_too or recorded_bars(market, day)


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
    for market in STOCK_MARKETS:
        previous = by_code([one for one in listed_bars(before) if one.market is market])
        bars = [one for one in listed_bars(after) if one.market is market]
        day = EquityDay(after, market, bars, previous, day_adjustments(previous, bars))
        issues = day_rules.check_equity_day(day, [len(previous)])
        found += severe(issues, lambda issue: issue.severity is not Severity.INFO)
    assert found == [
        ("LISTED_SHARES_JUMP", "KOSPI:074610"),
        ("PRICE_LIMIT_BREACH", "KOSDAQ:036180"),
    ]


def test_every_index_whose_rate_is_wrong_is_a_finding_of_its_own_so_that_many_are_not_taken_for_one() -> None:
    names = ("코스피", "코스피 200", "코스피 100", "코스피 50", "음식료품")
    bars = [index_bar(name, change=25.0, rate=9.99) for name in names]
    found = list(answer_rules.check_index_rates(bars))
    assert [issue.subject for issue in found] == [f"KOSPI:{name}" for name in names]
    assert {accused(issue.dataset_name, issue.subject, issue.issue_code) for issue in found} == {
        (Track(BarKind.INDEX, "KOSPI"),)
    }
    accepted = accepted_rows((issue.dataset_name, issue.subject, issue.issue_code) for issue in found)
    assert accepted[Track(BarKind.INDEX, "KOSPI")].rows == set(names)
