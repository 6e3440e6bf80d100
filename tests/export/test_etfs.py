"""ETFs in the store leave every set of the stock markets as it was, and cannot be asked for themselves."""

from pathlib import Path

import pytest

from tray_app.core.errors import BadInput
from tray_app.core.krx.rows import Market
from tray_app.paths import Home

from .kit import change, export

LISTED = """
    INSERT INTO instruments (uid, market_code, external_code, episode, instrument_name, listing_date, security_group,
        listed_shares, first_seen, last_seen, source_name, collected_at, updated_at)
    SELECT 'etf:' || uid, 'ETF', '0184E0', 1, 'A fund', first_seen, 'ETF', 1, first_seen, last_seen, source_name,
        collected_at, updated_at
    FROM instruments WHERE instrument_id = (SELECT MIN(instrument_id) FROM instruments)
"""
TRADED = """
    INSERT INTO daily_market_data
    SELECT trade_date, (SELECT instrument_id FROM instruments WHERE market_code = 'ETF'), open, high, low, close,
        change, volume, turnover_value, market_value, listed_shares, base_price, is_trade_halted, is_under_supervision,
        record_status, source_name, collected_at, run_id
    FROM daily_market_data GROUP BY trade_date
"""
COUNTED = "INSERT INTO day_summary SELECT dataset, 'ETF', trade_date, 1 FROM day_summary WHERE market_code = 'KOSPI'"


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.glob("*.parquet")}


def test_sets_of_the_stock_markets_are_the_same_bytes(home: Home, tmp_path: Path) -> None:
    export(home, tmp_path / "before", adjusted=True, allow_errors=True)
    change(home, LISTED, TRADED, COUNTED)
    export(home, tmp_path / "after", adjusted=True, allow_errors=True)
    before = contents(tmp_path / "before")
    assert "instrument_daily.parquet" in before
    assert contents(tmp_path / "after") == before


def test_they_cannot_be_exported_yet(home: Home, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not exported yet"):
        export(home, tmp_path / "set", markets=(Market.ETF,))
