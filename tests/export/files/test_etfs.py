"""ETFs in the store leave every set of the stock markets as it was; sets of them have their own figures."""

import sqlite3
from contextlib import closing
from operator import attrgetter
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from export.kit import add_sessions, export, opened, request
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.export.errors import RowsChanged
from tray_app.export.estimate import estimate
from tray_app.export.files import tables
from tray_app.export.files.tables import etf_table
from tray_app.export.kinds import Layout
from tray_app.export.presets import PRESETS
from tray_app.export.presets.preset import Preset
from tray_app.export.set.verify import verify
from tray_app.paths import Home

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
    add_sessions(home, LISTED, TRADED, COUNTED)
    export(home, tmp_path / "after", adjusted=True, allow_errors=True)
    before = contents(tmp_path / "before")
    assert "instrument_daily.parquet" in before
    assert contents(tmp_path / "after") == before


FIGURES = """
    INSERT INTO etf_daily_data
    SELECT trade_date, instrument_id, NULLIF(close * 1.25, 0), 7000000000, 'KOSPI 200', 346.5, NULL, collected_at,
        run_id
    FROM daily_market_data WHERE instrument_id = (SELECT instrument_id FROM instruments WHERE market_code = 'ETF')
"""


@pytest.mark.parametrize("markets", [(Market.ETF,), (*STOCK_MARKETS, Market.ETF)])
def test_a_set_with_them_has_a_file_of_their_own_and_verifies(
    markets: tuple[Market, ...], home: Home, tmp_path: Path
) -> None:
    add_sessions(
        home, LISTED, TRADED, COUNTED, FIGURES, "UPDATE etf_daily_data SET nav = NULL WHERE trade_date % 7 = 0"
    )
    folder = tmp_path / "set"
    export(home, folder, markets=markets, adjusted=True, allow_errors=True)
    assert verify(folder).findings == ()
    bars = pq.read_table(folder / "instrument_daily.parquet")
    assert set(bars.column("market_code").to_pylist()) == {str(market) for market in markets}
    of_etfs = bars.filter(pc.equal(bars.column("market_code"), "ETF")).to_pylist()
    rows = pq.read_table(folder / "etf_daily.parquet").to_pylist()
    assert [row["close"] for row in rows] == [bar["close"] for bar in of_etfs]
    assert {row["nav"] is None for row in rows} == {True, False}
    assert all(row["premium"] == (None if row["nav"] is None else row["close"] / row["nav"] - 1) for row in rows)
    assert rows[0] | {"nav": 0, "premium": 0, "close": 0} == {
        "instrument_id": of_etfs[0]["instrument_id"],
        "external_code": "0184E0",
        "trade_date": of_etfs[0]["trade_date"],
        "close": 0,
        "nav": 0,
        "premium": 0,
        "net_assets": 7_000_000_000,
        "underlying_index": "KOSPI 200",
        "underlying_close": 346.5,
        "underlying_change": None,
    }


@pytest.mark.parametrize("preset", PRESETS, ids=attrgetter("name"))
@pytest.mark.parametrize("layout", list(Layout))
def test_every_preset_and_layout_takes_them(preset: Preset, layout: Layout, home: Home, tmp_path: Path) -> None:
    add_sessions(home, LISTED, TRADED, COUNTED, FIGURES)
    folder = tmp_path / "set"
    export(home, folder, markets=(*STOCK_MARKETS, Market.ETF), allow_errors=True, preset=preset, layout=layout)
    assert verify(folder).findings == ()
    assert pq.read_metadata(folder / "etf_daily.parquet").num_rows > 0


@pytest.mark.parametrize("is_there", [True, False])
def test_verify_works_the_premium_out_again(
    is_there: bool, home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_sessions(home, LISTED, TRADED, COUNTED, FIGURES)

    def wrong(*parts: Any) -> pa.Table:
        table = etf_table(*parts)
        told = table.column("premium")
        other = pc.add(told, 0.001) if is_there else pa.nulls(table.num_rows, pa.float64())
        return table.set_column(table.column_names.index("premium"), "premium", other)

    monkeypatch.setattr(tables, "etf_table", wrong)
    export(home, tmp_path / "set", markets=(Market.ETF,), allow_errors=True)
    (found,) = verify(tmp_path / "set").findings
    assert "etf_daily" in found.file
    assert found.column == "premium"


def test_an_estimate_counts_their_figures(home: Home, tmp_path: Path) -> None:
    add_sessions(home, LISTED, TRADED, COUNTED)
    asked = request(tmp_path, markets=(Market.ETF,))
    with opened(home) as database:
        before = estimate(database, asked).bytes
        of_stocks = estimate(database, request(tmp_path)).bytes
    add_sessions(home, FIGURES)
    with opened(home) as database:
        assert estimate(database, asked).bytes > before
        assert estimate(database, request(tmp_path)).bytes == of_stocks


def test_figures_that_changed_on_the_disk_are_in_no_set(home: Home, tmp_path: Path) -> None:
    add_sessions(home, LISTED, TRADED, COUNTED, FIGURES)
    with closing(sqlite3.connect(home.database)) as connection, connection:
        connection.execute(
            "UPDATE etf_daily_data SET net_assets = 1 WHERE trade_date = (SELECT MAX(trade_date) FROM etf_daily_data)"
        )
    export(home, tmp_path / "stocks", allow_errors=True)
    with pytest.raises(RowsChanged, match="etf_daily_data"):
        export(home, tmp_path / "set", markets=(Market.ETF,), allow_errors=True)
