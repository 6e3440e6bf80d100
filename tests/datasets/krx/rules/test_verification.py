from dataclasses import replace
from datetime import date, timedelta

import pytest

from datasets.krx.rules.kit import (
    LISTED_DAYS,
    RECORDED_DAYS,
    bar,
    index_bar,
    listed_bars,
    needs_recordings,
    recorded_bars,
    recorded_base_info,
    recorded_indices,
)
from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.verification import (
    Accepted,
    CountVerdict,
    Verdict,
    Verification,
    baseline_counts,
    check_count,
    total_of,
    verify_equities,
    verify_indices,
)

DAY = date(2024, 1, 5)
BARS = [bar("000001"), bar("000002", volume=0)]
TOTAL = index_bar("코스피 (외국주포함)", close=None, market_cap=20_000_000_000, turnover_value=10_000_000)


@pytest.mark.parametrize(
    ("rows", "expected"),
    [(94, CountVerdict.DROP), (95, CountVerdict.SANE), (105, CountVerdict.SANE), (106, CountVerdict.JUMP)],
)
def test_counts_are_compared_with_the_median(rows: int, expected: CountVerdict) -> None:
    assert check_count(rows, [100, 1, 100, 900, 100]) is expected


def test_without_days_around_a_count_says_nothing() -> None:
    assert check_count(100, []) is CountVerdict.NO_BASELINE


def test_the_baseline_is_the_twenty_sessions_before_else_those_after() -> None:
    near = {DAY - timedelta(days=days): days for days in range(1, 60)}
    later = {DAY + timedelta(days=days): 1_000 + days for days in range(60)}
    assert baseline_counts(near | later, DAY) == list(range(20, 0, -1))
    assert baseline_counts(later, DAY) == list(range(1_001, 1_021))
    assert baseline_counts({date(2023, 1, 5): 900}, DAY) == []


def test_a_whole_list_is_verified() -> None:
    verified = verify_equities(Market.KOSPI, BARS, [2, 2, 2], total=TOTAL)
    assert (verified.verdict, verified.reason, verified.wants_base_info) == (Verdict.VERIFIED, "", False)
    assert verify_equities(Market.KOSPI, BARS, [], base_info_rows=2, total=TOTAL).verdict is Verdict.VERIFIED


def test_konex_is_verified_by_its_rows_alone() -> None:
    assert verify_equities(Market.KONEX, BARS, [2]).verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("total", "reason"),
    [
        (replace(TOTAL, market_cap=20_000_000_001), "Market value of the rows is -1 won off"),
        (replace(TOTAL, turnover_value=9_999_999), "Traded value of the rows is +1 won off"),
    ],
)
def test_a_won_off_contradicts(total: object, reason: str) -> None:
    found = verify_equities(Market.KOSPI, BARS, [2], total=total)  # type: ignore[arg-type]
    assert found.verdict is Verdict.CONTRADICTED
    assert reason in found.reason


def test_base_info_with_other_rows_contradicts() -> None:
    found = verify_equities(Market.KONEX, BARS, [2], base_info_rows=3)
    assert (found.verdict, found.reason) == (Verdict.CONTRADICTED, "2 rows, base info has 3.")


@pytest.mark.parametrize("total", [None, replace(TOTAL, market_cap=None)])
def test_without_the_total_nothing_is_proved(total: object) -> None:
    found = verify_equities(Market.KOSDAQ, BARS, [2], total=total)  # type: ignore[arg-type]
    assert (found.verdict, found.wants_base_info) == (Verdict.UNPROVEN, False)


@pytest.mark.parametrize("baseline", [[], [10], [1]])
def test_an_unusual_count_wants_base_info(baseline: list[int]) -> None:
    found = verify_equities(Market.KONEX, BARS, baseline)
    assert (found.verdict, found.wants_base_info) == (Verdict.UNPROVEN, True)
    assert verify_equities(Market.KONEX, BARS, baseline, base_info_rows=2).verdict is Verdict.VERIFIED


@pytest.mark.parametrize("baseline", [[], [2, 2, 2]])
def test_etfs_are_verified_by_their_count_and_the_first_list_is_believed(baseline: list[int]) -> None:
    assert verify_equities(Market.ETF, BARS, baseline) == Verification(Verdict.VERIFIED)


@pytest.mark.parametrize(("baseline", "usual"), [([10], "10"), ([1], "1")])
def test_an_unusual_count_of_etfs_is_unproven_and_there_is_no_base_info_to_ask_for(
    baseline: list[int], usual: str
) -> None:
    found = verify_equities(Market.ETF, BARS, baseline)
    assert (found.verdict, found.reason) == (Verdict.UNPROVEN, f"2 rows, usually {usual}.")
    assert not found.wants_base_info


def test_a_figure_that_is_off_contradicts_though_another_one_is_blank() -> None:
    found = verify_equities(Market.KOSPI, BARS, [2], total=replace(TOTAL, market_cap=None, turnover_value=9_999_999))
    assert (found.verdict, "Traded value" in found.reason) == (Verdict.CONTRADICTED, True)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([], "The market's total row is missing."),
        ([replace(TOTAL, turnover_value=None)], "The market's total row is blank."),
    ],
)
def test_indices_that_cannot_prove_the_issues_are_unproven_too(rows: list[IndexBar], reason: str) -> None:
    bars = [index_bar(), *rows]
    assert verify_indices(IndexClass.KOSPI, bars, []) == Verification(Verdict.UNPROVEN, (reason,))
    accepted = Accepted(frozenset({TOTAL.name}), without_total=True)
    assert verify_indices(IndexClass.KOSPI, bars, [], accepted).verdict is Verdict.ACCEPTED


def test_indices_need_their_main_index_and_no_drop() -> None:
    assert verify_indices(IndexClass.KOSPI, [TOTAL, index_bar()], []).verdict is Verdict.VERIFIED
    assert verify_indices(IndexClass.KRX, [index_bar("KRX 300")], [1]).verdict is Verdict.VERIFIED
    missing = verify_indices(IndexClass.KOSPI, [index_bar(close=None)], [])
    assert (missing.verdict, missing.reason) == (Verdict.CONTRADICTED, "The index 코스피 has no close.")
    dropped = verify_indices(IndexClass.KOSPI, [index_bar()], [40])
    assert (dropped.verdict, dropped.reason) == (Verdict.CONTRADICTED, "1 rows, usually 40.")


@needs_recordings
@pytest.mark.parametrize("day", RECORDED_DAYS)
def test_recorded_days_are_verified_to_the_won(day: date) -> None:
    indices = {market: recorded_indices(IndexClass(market), day) for market in (Market.KOSPI, Market.KOSDAQ)}
    for market in STOCK_MARKETS:
        bars = recorded_bars(market, day)
        total = total_of(market, indices.get(market, []))
        rows = len(recorded_base_info(market, day))
        assert verify_equities(market, bars, [], rows, total).verdict is Verdict.VERIFIED
        if market is not Market.KONEX:
            assert verify_equities(market, bars[1:], [len(bars)], None, total).verdict is Verdict.CONTRADICTED
    for index_class in IndexClass:
        bars_of_class = recorded_indices(index_class, day)
        assert verify_indices(index_class, bars_of_class, [len(bars_of_class)]).verdict is Verdict.VERIFIED


@needs_recordings
def test_recorded_march_2026_keeps_its_row_counts() -> None:
    counts = {day: len(listed_bars(day)) for day in LISTED_DAYS}
    for day in LISTED_DAYS[1:]:
        assert check_count(counts[day], baseline_counts(counts, day)) is CountVerdict.SANE
