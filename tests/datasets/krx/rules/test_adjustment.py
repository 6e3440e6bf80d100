import json
import math
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.krx.rules.kit import (
    LISTED_DAYS,
    RECORDINGS,
    bar,
    by_code,
    listed_bars,
    needs_recordings,
    recorded_bars,
    website_bars,
)
from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar
from tray_app.datasets.krx.rules.adjustment import (
    Adjustment,
    AdjustmentMethod,
    Factor,
    adjustment,
    cumulative_factors,
    day_adjustments,
    is_adjustment_suspect,
    share_ratio,
)

BEFORE, AFTER = date(2024, 1, 4), date(2024, 1, 5)
Method = AdjustmentMethod


def event(
    close: float,
    base: float,
    shares: tuple[int, int] = (1_000_000, 1_000_000),
    *,
    opened: float | None = None,
    traded_before: bool = True,
) -> Adjustment | None:
    """The event between a previous close and a base price."""
    previous = bar(day=BEFORE, close=close, volume=1_000 if traded_before else 0, listed_shares=shares[0])
    current = bar(day=AFTER, close=base + 10, change=10.0, open=opened, listed_shares=shares[1])
    return adjustment(previous, current)


def test_an_unchanged_base_is_no_event() -> None:
    assert event(10_000, 10_000) is None


@pytest.mark.parametrize(("close", "base"), [(2_087, 2_090), (10_000, 9_991), (0, 10_000), (10_000, 0)])
def test_tick_noise_and_missing_prices_are_no_events(close: float, base: float) -> None:
    assert event(close, base) is None


def test_a_share_jump_alone_is_no_event() -> None:
    assert event(10_000, 10_000, (27_454_708, 54_707_287)) is None


@pytest.mark.parametrize(
    ("close", "base", "shares", "factor"),
    [
        (2_650_000, 53_000, (128_386_494, 6_419_324_700), 0.02),
        (1_000, 200, (10_000_000, 50_000_000), 0.2),
        (1_000, 199, (10_000_000, 50_000_003), 0.2),
        (200, 1_005, (50_000_003, 10_000_000), 5.0),
        (10_000, 15_000, (3_000_000, 2_000_000), 1.5),
    ],
)
def test_splits_and_mergers_use_the_shares(close: float, base: float, shares: tuple[int, int], factor: float) -> None:
    found = event(close, base, shares)
    assert found is not None
    assert (found.factor, found.method, found.is_flagged) == (factor, Method.SHARE_COUNT, False)


def test_an_opening_base_takes_the_whole_share_ratio() -> None:
    found = event(140, 1_199, (284_689_721, 28_468_972), opened=1_199, traded_before=False)
    assert found is not None
    assert (found.factor, found.method, found.is_flagged) == (10.0, Method.OPENING_SHARE_COUNT, True)


def test_an_opening_base_takes_the_inverse_of_a_whole_share_ratio() -> None:
    found = event(10_000, 2_600, (1_000_000, 5_001_000), opened=2_600, traded_before=False)
    assert found is not None
    assert found.method is Method.OPENING_SHARE_COUNT
    assert found.factor == pytest.approx(0.2, rel=1e-3)


@pytest.mark.parametrize("shares", [(3_700_000, 1_000_000), (1_300_000, 1_000_000)])
def test_an_opening_base_without_a_whole_ratio_falls_back_to_the_price(shares: tuple[int, int]) -> None:
    found = event(1_000, 5_000, shares, opened=5_000, traded_before=False)
    assert found is not None
    assert (found.factor, found.method, found.is_flagged) == (5.0, Method.OPENING_BASE_PRICE, True)


def test_an_ex_date_uses_the_base_price() -> None:
    found = event(3_040, 2_995)
    assert found is not None
    assert (found.factor, found.method, found.is_flagged) == (2_995 / 3_040, Method.BASE_PRICE, False)
    assert found.changes_prices


@pytest.mark.parametrize("shares", [(1_000_000, 1_005_000), (1_000_000, 1_300_000)])
def test_an_ex_date_with_unrelated_new_shares_is_flagged(shares: tuple[int, int]) -> None:
    found = event(10_000, 8_000, shares)
    assert found is not None
    assert (found.factor, found.method, found.is_flagged) == (0.8, Method.BASE_PRICE, True)


def test_a_reopening_changes_no_price_and_is_flagged() -> None:
    found = event(10_000, 15_000, opened=15_000, traded_before=False)
    assert found is not None
    assert (found.factor, found.method, found.is_flagged) == (1.0, Method.REOPENING, True)
    assert not found.changes_prices


def test_an_ex_date_inside_a_halt_is_flagged() -> None:
    found = event(10_000, 9_000, opened=9_100, traded_before=False)
    assert found is not None
    assert (found.factor, found.method, found.is_flagged) == (0.9, Method.BASE_PRICE, True)


def test_inputs_read_as_one_line() -> None:
    found = event(140, 1_199, (284_689_721, 28_468_972), opened=1_199, traded_before=False)
    assert found is not None
    expected = "base 1199 / close 140 of 2024-01-04, shares 284689721 -> 28468972, open 1199, no trade before"
    assert str(found.inputs) == expected
    quiet = event(3_040, 2_995)
    assert quiet is not None
    assert str(quiet.inputs).endswith("open none")


@pytest.mark.parametrize(
    ("before", "after", "ratio"),
    [(100, 50, 2.0), (101, 50, 2.0), (50, 100, 0.5), (102, 51, 2.0), (3, 2, 1.5), (0, 5, 1.0), (5, 0, 1.0)],
)
def test_share_ratios(before: int, after: int, ratio: float) -> None:
    assert share_ratio(before, after) == ratio


@given(st.integers(1_000, 10**10), st.integers(2, 100))
def test_cut_fractions_of_a_share_do_not_blur_a_ratio(shares: int, ratio: int) -> None:
    assert share_ratio(shares * ratio + ratio // 2, shares) == ratio
    assert share_ratio(shares, shares * ratio) == 1 / ratio


def test_new_codes_have_no_event() -> None:
    assert day_adjustments({}, [bar(change=30_600.0)]) == {}


# Recorded days.


def events_between(before: list[EquityBar], after: list[EquityBar]) -> dict[str, Adjustment]:
    return day_adjustments(by_code(before), after)


@needs_recordings
def test_recorded_january_2024_has_one_event() -> None:
    days = [[one for market in STOCK_MARKETS for one in recorded_bars(market, day)] for day in (BEFORE, AFTER)]
    events = events_between(*days)
    assert list(events) == ["073010"]
    assert events["073010"].factor == 2_995 / 3_040
    assert events["073010"].trade_date == AFTER


@needs_recordings
def test_recorded_march_2026_has_the_known_events_only() -> None:
    found: dict[tuple[int, str], Adjustment] = {}
    for before, after in pairwise(LISTED_DAYS):
        found |= {
            (after.day, code): one for code, one in events_between(listed_bars(before), listed_bars(after)).items()
        }
    expected = {
        (10, "170900"): 45_350 / 47_550,
        (11, "000640"): 104_600 / 107_700,
        (12, "115450"): 2_925 / 3_070,
        (12, "195990"): 10.0,
        (16, "006800"): 69_200 / 69_500,
        (16, "00680K"): 21_500 / 22_000,
        (16, "006805"): 23_900 / 24_250,
        (16, "355690"): 5_180 / 6_430,
    }
    assert {key: one.factor for key, one in found.items()} == expected
    assert {key for key, one in found.items() if one.is_flagged} == {(12, "195990")}


@needs_recordings
def test_the_turn_of_2020_has_no_factor_but_known_ones() -> None:
    before = list(website_bars("MDCSTAT01501_ALL_20201230.json", date(2020, 12, 30)))
    after = list(website_bars("MDCSTAT01501_ALL_20210104.json", date(2021, 1, 4)))
    assert events_between(before, after) == {}


def website_period(name: str) -> dict[str, dict[str, float]]:
    file = RECORDINGS / "mdc" / f"MDCSTAT01602_STK_20180427_20180504_{name}.json"
    rows = json.loads(file.read_text(encoding="utf-8"))["OutBlock_1"]
    return {
        row["ISU_SRT_CD"]: {key: float(row[key].replace(",", "")) for key in ("BAS_PRC", "TDD_CLSPRC")} for row in rows
    }


SPLITS_OF_2018 = {"001940": 5, "003850": 5, "005930": 50, "005935": 50, "104700": 5, "010100": 5, "014130": 10}


@needs_recordings
def test_the_exchange_adjusts_the_splits_of_2018_by_the_same_factors() -> None:
    raw, adjusted = website_period("raw"), website_period("adjusted")
    differing = {code for code in raw if raw[code]["BAS_PRC"] != adjusted[code]["BAS_PRC"]}
    assert differing == {*SPLITS_OF_2018, "001360"}
    for code, ratio in SPLITS_OF_2018.items():
        close, shares = raw[code]["BAS_PRC"], 1_000_000
        base = math.ceil(close / ratio / 10) * 10
        found = event(close, base, (shares, shares * ratio))
        assert found is not None
        assert (found.factor, found.method) == (1 / ratio, Method.SHARE_COUNT)
        assert close * found.factor == pytest.approx(adjusted[code]["BAS_PRC"], rel=0.005)


@needs_recordings
def test_the_exchange_adjusts_the_rights_issue_of_2018_by_its_base_price() -> None:
    raw, adjusted = website_period("raw")["001360"], website_period("adjusted")["001360"]
    found = event(raw["BAS_PRC"], math.ceil(adjusted["BAS_PRC"] / 5) * 5)
    assert found is not None
    assert found.method is Method.BASE_PRICE
    assert raw["BAS_PRC"] * found.factor == pytest.approx(adjusted["BAS_PRC"], rel=0.005)


# Back adjustment.

DAY = date(2018, 4, 27)


def factor(offset: int, value: float, method: AdjustmentMethod = Method.BASE_PRICE) -> Factor:
    return Factor(DAY + timedelta(days=offset), value, method)


def test_a_split_rescales_everything_before_it() -> None:
    days = [DAY, DAY + timedelta(days=7)]
    first, second = cumulative_factors(days, [factor(7, 0.02, Method.SHARE_COUNT)])
    assert (first.price, first.volume) == (0.02, 0.02)
    assert (second.price, second.volume) == (1.0, 1.0)


def test_rights_adjust_prices_but_not_volume() -> None:
    (only,) = cumulative_factors([DAY], [factor(1, 0.8)])
    assert (only.price, only.volume) == (0.8, 1.0)


def test_the_end_basis_ignores_later_events() -> None:
    factors = [factor(5, 0.5), factor(2, 0.8)]
    assert [one.price for one in cumulative_factors([DAY], factors)] == [0.4]
    assert [one.price for one in cumulative_factors([DAY], factors, DAY + timedelta(days=4))] == [0.8]
    assert [one.price for one in cumulative_factors([DAY], factors, DAY)] == [1.0]


@given(
    st.sets(st.integers(0, 60), min_size=1),
    st.dictionaries(st.integers(0, 60), st.tuples(st.floats(0.01, 100), st.sampled_from(Method)), max_size=8),
    st.integers(0, 60),
)
def test_cumulative_factors_are_the_products_of_later_days(
    offsets: set[int], events: dict[int, tuple[float, AdjustmentMethod]], end: int
) -> None:
    days = [DAY + timedelta(days=offset) for offset in sorted(offsets)]
    factors = [factor(offset, *event) for offset, event in events.items()]
    date_to = DAY + timedelta(days=end)
    for day, found in zip(days, cumulative_factors(days, factors, date_to), strict=True):
        later = [one for one in factors if day < one.trade_date <= date_to]
        assert found.price == pytest.approx(math.prod(one.factor for one in later))
        assert found.volume == pytest.approx(math.prod(one.factor for one in later if one.method.adjusts_volume))


@given(st.lists(st.floats(-0.29, 0.29), min_size=2, max_size=30), st.data())
def test_adjusted_returns_are_the_exchange_s_changes(returns: list[float], data: st.DataObject) -> None:
    """Whatever splits and rights happen, an adjusted return is close over base price."""
    bars, factors, close, shares = [bar(day=DAY, close=10_000.0)], [], 10_000.0, 1_000_000
    for offset, share in enumerate(returns, start=1):
        ratio = data.draw(st.sampled_from([1.0, 1.0, 0.5, 0.02, 5.0])) if close > 50_000 else 50.0
        base, shares = close * ratio, round(shares / ratio)
        close = base * (1 + share)
        bars.append(bar(day=DAY + timedelta(days=offset), close=close, change=close - base, listed_shares=shares))
        found = adjustment(bars[-2], bars[-1])
        if found is not None:
            factors.append(Factor(found.trade_date, found.factor, found.method))
    products = cumulative_factors([one.trade_date for one in bars], factors)
    closes = [one.close * product.price for one, product in zip(bars, products, strict=True)]
    for before, after, raw in zip(closes, closes[1:], bars[1:], strict=False):
        assert after / before == pytest.approx(raw.close / raw.base_price, rel=0.02)


def test_no_event_in_a_whole_market_over_a_year_is_suspect() -> None:
    assert is_adjustment_suspect(251, 0)
    assert not is_adjustment_suspect(250, 0)
    assert not is_adjustment_suspect(4_000, 1)
