"""The rules that look at odd rows only find what they would find among all rows."""

import random
from dataclasses import replace
from math import inf, nan

import pytest

from datasets.krx.rules.kit import bar
from datasets.krx.rules.quality_cases import DAY
from tray_app.datasets.krx.rows import EquityBar, Market
from tray_app.datasets.krx.rules.quality.rows import ROW_RULES, EquityDay, check_rows, odd_bars

PRICES = (None, -5.0, 0.0, 1.0, 99.0, 100.0, 101.0, 8_900.0, 9_000.0, 10_000.0, 10_003.0, 11_000.0, 13_000.0, inf, nan)
MOVES = (0.0, -3_000.0, -1.0, 1.0, 999.0, 1_000.0, 1_001.0, 2_310.0, 3_000.0, 10_000.0, inf, nan)


def test_an_ordinary_row_is_not_odd() -> None:
    assert odd_bars([bar(day=DAY), bar("000660", DAY, volume=0)]) == [bar("000660", DAY, volume=0)]


@pytest.mark.parametrize("market", Market)
def test_no_finding_is_lost(market: Market) -> None:
    chance = random.Random(7)
    bars = [_changed(chance, f"{number:06d}", market) for number in range(4_000)]
    day = EquityDay(DAY, market, bars, {each.code: bar(each.code, DAY) for each in bars[::2]})
    among_all = [issue for rule in ROW_RULES for issue in rule(day)]
    assert among_all == check_rows(day)
    assert 0 < len(odd_bars(bars)) < len(bars)


def _changed(chance: random.Random, code: str, market: Market) -> EquityBar:
    usual = bar(code, DAY, close=chance.choice((50.0, 101.0, 10_000.0, 10_000.0)), market=market)
    prices = dict.fromkeys(chance.sample(("open", "high", "low"), chance.randrange(3)), chance.choice(PRICES))
    odd = replace(usual, **prices)
    if chance.random() < 0.5:
        odd = replace(odd, change=chance.choice(MOVES))
    field = chance.choice(("volume", "turnover_value", "market_value", "listed_shares", ""))
    return (
        replace(odd, **{field: round(getattr(odd, field) * chance.choice((-1, 0, 0.97, 1.0005, 2)))}) if field else odd
    )
