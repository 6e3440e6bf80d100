"""What a row of an issue says of its session."""

import pytest

from datasets.krx.rules.kit import bar
from tray_app.datasets.krx.rows import Market


@pytest.mark.parametrize(
    ("market", "is_halt"),
    [(Market.KOSPI, True), (Market.KOSDAQ, True), (Market.KONEX, False), (Market.ETF, False)],
)
def test_a_session_without_trades_is_a_halt_on_the_main_markets_only(market: Market, is_halt: bool) -> None:
    still, traded = bar(market=market, volume=0), bar(market=market, volume=1)
    assert (still.is_no_trade, still.is_trade_halted) == (True, is_halt)
    assert (traded.is_no_trade, traded.is_trade_halted) == (False, False)
    # Trades without prices are a fault of the row, not a halt.
    assert not bar(market=market, volume=1, open=None, high=None, low=None).is_no_trade


@pytest.mark.parametrize(
    ("section", "is_supervised"),
    [("관리종목", True), ("관리종목(소속부없음)", True), ("우량기업부", False), ("", False)],
)
def test_supervision_is_read_from_the_section(section: str, is_supervised: bool) -> None:
    assert bar(section=section).is_under_supervision is is_supervised


def test_a_change_is_measured_against_the_base_price() -> None:
    assert bar(close=9_500.0, change=-500.0).base_price == 10_000.0
