"""The sample exchange obeys the exchange's own rules, day after day, and looks like a market."""

import statistics
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import cache
from itertools import combinations, pairwise

import pytest
from demo.kit import ask

from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.episodes import REUSED_AFTER_SESSIONS
from tray_app.datasets.krx.sample.answers import SHARE
from tray_app.datasets.krx.sample.calendar import SampleCalendar
from tray_app.datasets.krx.sample.issues import Issue
from tray_app.datasets.krx.sample.market import SampleMarket
from tray_app.datasets.krx.source.block import read_block
from tray_app.datasets.krx.source.rows import base_infos, equity_bars, etf_bars, index_bars
from tray_app.net.body import Body

HOST = "data-dbg.krx.co.kr"
NAMES = {Market.KOSPI: "stk", Market.KOSDAQ: "ksq", Market.KONEX: "knx"}
STARTS = (
    *(date(2010, 1, 4), date(2010, 9, 20), date(2013, 6, 20), date(2015, 5, 26), date(2018, 4, 16)),
    *(date(2023, 1, 9), date(2025, 6, 20), date(2026, 8, 3)),
)
WINDOW = 25
LIQUIDATION = 8


def body(service: str, day: date) -> Body:
    reply = ask(
        HOST,
        f"/svc/apis/{service}",
        f"basDd={day:%Y%m%d}",
        datetime(2029, 6, 1, tzinfo=UTC),
        headers=(("AUTH_KEY", "k"),),
    )
    return Body(HOST, reply.body)


@cache
def bars(market: Market, day: date) -> tuple[EquityBar, ...]:
    return equity_bars(read_block(body(f"sto/{NAMES[market]}_bydd_trd", day)), market, day)


def indices(family: IndexClass, day: date) -> tuple[IndexBar, ...]:
    return index_bars(read_block(body(f"idx/{family.lower()}_dd_trd", day)), family, day)


@cache
def sessions() -> tuple[date, ...]:
    return SampleCalendar().sessions


@cache
def people() -> tuple[Issue, ...]:
    return SampleMarket(SHARE).issues


def window(start: date) -> tuple[date, ...]:
    first = next(place for place, day in enumerate(sessions()) if day >= start)
    return sessions()[first : first + WINDOW]


def everything(day: date) -> Iterator[EquityBar]:
    for market in STOCK_MARKETS:
        yield from bars(market, day)


def pairs(start: date) -> Iterator[tuple[EquityBar, EquityBar]]:
    """Yield each issue's rows of two sessions in a row."""
    days = window(start)
    for earlier, later in pairwise(days):
        before = {(bar.market, bar.code): bar for bar in everything(earlier)}
        for bar in everything(later):
            previous = before.get((bar.market, bar.code))
            if previous is not None:
                yield previous, bar


def tick_of(price: float, market: Market, day: date) -> int:
    if day >= date(2023, 1, 25):
        table = ((2_000, 1), (5_000, 5), (20_000, 10), (50_000, 50), (200_000, 100), (500_000, 500))
    else:
        penny = 1 if day >= date(2010, 10, 4) else 5
        table = ((1_000, penny), (5_000, 5), (10_000, 10), (50_000, 50), (100_000, 100), (500_000, 500))
        if market is not Market.KOSPI:
            return next((tick for bound, tick in table[:4] if price < bound), 100)
    return next((tick for bound, tick in table if price < bound), 1_000)


@pytest.mark.parametrize("start", STARTS)
def test_rows_hold_together(start: date) -> None:
    for day in window(start):
        for bar in everything(day):
            assert bar.market_value == int(bar.close) * bar.listed_shares
            if bar.volume:
                assert bar.open is not None
                assert bar.high is not None
                assert bar.low is not None
                assert bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high
                assert bar.low * bar.volume <= bar.turnover_value <= bar.high * bar.volume
            else:
                assert bar.open is bar.high is bar.low is None
                assert bar.turnover_value == 0
                assert bar.market is Market.KONEX or bar.change == 0
            between_ticks = bar.volume and bar.close % tick_of(bar.close, bar.market, day) != 0
            assert not between_ticks or ("SPAC" in bar.section and bar.close % 5 == 2 and day >= date(2025, 3, 4))


@pytest.mark.parametrize("start", STARTS)
def test_daily_limits_hold(start: date) -> None:
    leaving = {bar.code for bar in everything(window(start)[-1])}
    after = window(start)[-1] + timedelta(days=3 * LIQUIDATION)
    staying = {bar.code for bar in everything(next(day for day in sessions() if day >= after))}
    for _, bar in pairs(start):
        wide = bar.trade_date >= date(2015, 6, 15) and bar.market is not Market.KONEX
        if abs(bar.change) > bar.base_price * (0.30 if wide else 0.15):
            assert bar.code not in leaving & staying, "only an issue about to leave trades without a limit"


@pytest.mark.parametrize("start", STARTS)
def test_bases_follow_from_the_close_before(start: date) -> None:
    for before, bar in pairs(start):
        base, ratio = bar.base_price, before.listed_shares / bar.listed_shares
        if base == before.close:
            continue
        mid_price = "SPAC" in bar.section and 0 < base - before.close < 5
        split = abs(base / before.close / ratio - 1) < 0.01
        opening_price = bar.open == base and before.is_no_trade and not 0.5 < ratio < 2
        rights = before.listed_shares == bar.listed_shares and base < before.close
        assert mid_price or split or opening_price or rights, (before, bar)


def test_every_kind_of_event_happens() -> None:
    seen: Counter[str] = Counter()
    for start in STARTS:
        for before, bar in pairs(start):
            ratio = before.listed_shares / bar.listed_shares
            same_base = bar.base_price == before.close
            seen["shares alone"] += same_base and ratio != 1
            seen["many new shares alone"] += same_base and ratio < 0.7
            seen["rights"] += ratio == 1 and bar.base_price < before.close * 0.99
            seen["split"] += not same_base and ratio < 0.6
            seen["reverse split"] += not same_base and ratio > 1.9
            seen["opening price"] += not same_base and ratio > 1.9 and bar.open == bar.base_price
            seen["rename"] += bar.name != before.name
            seen["section"] += bar.section != before.section
            seen["halt"] += bar.is_no_trade and not before.is_no_trade
            seen["between ticks"] += bar.close % 5 == 2 and "SPAC" in bar.section and bar.close > 2_000
            seen["quoted"] += bar.is_no_trade and bar.change != 0
    assert {name for name, count in seen.items() if not count} == set()


def test_newcomers_goers_and_movers() -> None:
    days = [day for day in sessions() if date(2024, 1, 1) <= day < date(2024, 12, 31)][::20]
    fresh = gone = moved = 0
    for earlier, later in pairwise(days):
        before = {bar.code: bar.market for bar in everything(earlier)}
        after = {bar.code: bar.market for bar in everything(later)}
        fresh += len(after.keys() - before.keys())
        gone += len(before.keys() - after.keys())
        moved += sum(before[code] is Market.KONEX and after[code] is Market.KOSDAQ for code in before.keys() & after)
        assert len(after) == sum(len(bars(market, later)) for market in STOCK_MARKETS), "a code is listed once"
    assert 80 * SHARE < fresh < 260 * SHARE
    assert 40 * SHARE < gone < 120 * SHARE
    assert moved >= 5 * SHARE


def test_first_rows_are_measured_against_the_offer_price() -> None:
    found = []
    for day in [day for day in sessions() if date(2023, 7, 1) <= day < date(2025, 1, 1)][::20]:
        for market in STOCK_MARKETS:
            infos = base_infos(read_block(body(f"sto/{NAMES[market]}_isu_base_info", day)), market, day)
            fresh = {info.code: info.listing_date for info in infos if (day - info.listing_date).days < 28}
            rows = [bar for code, listed in fresh.items() for bar in bars(market, listed) if bar.code == code]
            found += [bar.change / bar.base_price for bar in rows if "SPAC" not in bar.section]
    assert len(found) > 10
    assert all(-0.4 <= change <= 3 for change in found)
    assert max(found) > 0.5


def last_rows(issue: Issue, count: int) -> list[EquityBar]:
    """Return the last rows of an issue that has left."""
    days = sessions()[issue.end - count : issue.end]
    return [bar for day in days for bar in bars(issue.market, day) if bar.code == issue.code]


def test_a_delisting_is_preceded_by_liquidation_trading() -> None:
    left = [one for one in people() if one.unlimited < one.end < len(sessions()) - 200]
    for issue in left[-5:]:
        *before, first = last_rows(issue, LIQUIDATION)[:2]
        assert all(bar.is_no_trade for bar in before)
        assert first.change < -0.3 * first.base_price
        assert [bar.is_no_trade for bar in last_rows(issue, LIQUIDATION - 1)] == [False] * (LIQUIDATION - 1)
        assert issue.code not in {bar.code for bar in bars(issue.market, sessions()[issue.end])}
    assert len(left) > 10


def test_a_code_is_used_again_after_a_time() -> None:
    again = [
        (one, other)
        for one, other in combinations(people(), 2)
        if (one.code, one.market) == (other.code, other.market) and other.first > one.end
    ]
    assert len(again) > 3
    for gone, back in again[-2:]:
        assert back.first - gone.end > REUSED_AFTER_SESSIONS
        assert len(last_rows(gone, 1)) == 1
        for day in sessions()[gone.end : back.first]:
            assert gone.code not in {bar.code for bar in bars(gone.market, day)}
        day = sessions()[back.first]
        assert gone.code in {bar.code for bar in bars(gone.market, day)}
        infos = base_infos(read_block(body(f"sto/{NAMES[gone.market]}_isu_base_info", day)), gone.market, day)
        assert {info.listing_date for info in infos if info.code == gone.code} == {day}


def test_the_largest_is_split_one_to_fifty() -> None:
    days = [day for day in sessions() if date(2018, 4, 20) <= day <= date(2018, 5, 4)]
    largest = max(bars(Market.KOSPI, days[0]), key=lambda bar: bar.market_value).code
    last, first = (next(bar for bar in bars(Market.KOSPI, day) if bar.code == largest) for day in (days[-2], days[-1]))
    assert last.is_no_trade
    assert first.listed_shares == last.listed_shares * 50
    assert abs(first.base_price * 50 / last.close - 1) < 0.01


@pytest.mark.parametrize("day", [date(2010, 1, 4), date(2013, 7, 1), date(2020, 12, 30), date(2026, 11, 18)])
def test_totals_are_exact(day: date) -> None:
    for market, family in ((Market.KOSPI, IndexClass.KOSPI), (Market.KOSDAQ, IndexClass.KOSDAQ)):
        total, headline = indices(family, day)[:2]
        assert total.name == f"{headline.name} (외국주포함)"
        assert (total.close, total.change, total.open, total.high, total.low) == (None,) * 5
        assert total.market_cap == sum(bar.market_value for bar in bars(market, day))
        assert total.turnover_value == sum(bar.turnover_value for bar in bars(market, day))
        assert total.volume == sum(bar.volume for bar in bars(market, day))
        assert headline.market_cap is not None
        assert 0 < total.market_cap - headline.market_cap < total.market_cap * 0.1, "foreign issues are left out"


@pytest.mark.parametrize("start", STARTS)
def test_headline_indices_move_with_their_stocks(start: date) -> None:
    days = window(start)[:10]
    for market, family in ((Market.KOSPI, IndexClass.KOSPI), (Market.KOSDAQ, IndexClass.KOSDAQ)):
        for earlier, later in pairwise(days):
            known = {bar.code for bar in bars(market, earlier)}
            steady = [bar for bar in bars(market, later) if bar.code in known]
            move = sum(bar.market_value for bar in steady) / sum(bar.base_price * bar.listed_shares for bar in steady)
            index, before = indices(family, later)[1], indices(family, earlier)[1]
            assert index.close is not None
            assert index.change is not None
            assert before.close is not None
            assert index.close / before.close == pytest.approx(move, abs=2e-3)
            assert index.close - index.change == pytest.approx(before.close, abs=0.006)
            assert index.low is not None
            assert index.high is not None
            assert index.low <= index.close <= index.high


def test_it_looks_like_a_market() -> None:
    konex: list[EquityBar] = []
    for day in (date(2012, 5, 21), date(2019, 3, 14), date(2024, 1, 5), date(2026, 9, 10)):
        konex += bars(Market.KONEX, day)
        for market, spread in ((Market.KOSPI, (0.01, 0.035)), (Market.KOSDAQ, (0.015, 0.045))):
            moves = [bar.change / bar.base_price for bar in bars(market, day) if bar.volume]
            assert spread[0] < statistics.pstdev(moves) < spread[1]
            assert 2_000 < statistics.median(bar.close for bar in bars(market, day)) < 80_000
        halted = sum(bar.is_no_trade for market in (Market.KOSPI, Market.KOSDAQ) for bar in bars(market, day))
        assert 30 * SHARE < halted < 180 * SHARE
    assert 0.1 < sum(bar.is_no_trade for bar in konex) / len(konex) < 0.45
    for day, low, high in (
        (date(2010, 1, 4), 1600, 1800),
        (date(2020, 3, 19), 1150, 1950),
        (date(2026, 9, 10), 5e3, 9e3),
    ):
        close = indices(IndexClass.KOSPI, day)[1].close
        assert close is not None
        assert low < close < high
    caps = sorted((bar.market_value for bar in bars(Market.KOSPI, date(2026, 9, 10))), reverse=True)
    assert 0.05 < caps[0] / sum(caps) < 0.3
    assert sum(caps) < 2**53


def test_halts_last_from_a_day_to_years() -> None:
    days = [day for day in sessions() if date(2021, 1, 1) <= day < date(2024, 6, 1)]
    stopped: Counter[str] = Counter()
    for day in days[::60]:
        for bar in bars(Market.KOSDAQ, day):
            stopped[bar.code] = stopped[bar.code] + 1 if bar.is_no_trade else 0
    assert max(stopped.values()) >= 4
    assert any(bar.is_no_trade and "관리종목" in bar.section for bar in bars(Market.KOSDAQ, days[0]))


def test_etfs_have_prices_on_sessions_only() -> None:
    assert len(etf_bars(read_block(body("etp/etf_bydd_trd", date(2010, 1, 4))), date(2010, 1, 4))) == round(50 * SHARE)
    made = etf_bars(read_block(body("etp/etf_bydd_trd", date(2026, 9, 10))), date(2026, 9, 10))
    assert len(made) > 1_100 * SHARE
    assert any(not bar.code.isdigit() for bar in made)
    holiday = date(2026, 6, 3)
    assert etf_bars(read_block(body("etp/etf_bydd_trd", holiday)), holiday) == ()
