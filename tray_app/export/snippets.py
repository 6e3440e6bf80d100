"""Loading snippets, each run by a test where its library is installed.

Of the bars there is one per preset, of the other tables one per program that reads tables.
"""

from collections.abc import Mapping

from tray_app.export.request import Dataset, Preset

BARS: Mapping[Preset, str] = {
    Preset.PANDAS: """
import pyarrow.parquet as pq

bars = pq.read_table("instrument_daily.parquet").to_pandas(date_as_object=False)
bars = bars.set_index(["trade_date", "instrument_id"])
close = bars["close"].unstack("instrument_id")
""",
    Preset.POLARS: """
import polars as pl

bars = pl.read_parquet("instrument_daily.parquet")
close = bars.pivot(on="instrument_id", index="trade_date", values="close")
""",
    Preset.DUCKDB: """
from pathlib import Path

import duckdb

connection = duckdb.connect()
connection.execute(Path("views.sql").read_text(encoding="utf-8"))
bars = connection.sql("SELECT * FROM instrument_daily ORDER BY trade_date, market_code, external_code")
""",
    Preset.VECTORBT: """
import pandas as pd

fields = {name: pd.read_parquet(f"wide/{name}.parquet").set_index("date") for name in ("open", "close", "volume")}
close = fields["close"]
# import vectorbt as vbt
# portfolio = vbt.Portfolio.from_holding(close, freq="1D")
""",
    Preset.BACKTRADER: """
from pathlib import Path

import backtrader as bt

cerebro = bt.Cerebro()
for file in sorted(Path("backtrader").glob("*.csv")):
    feed = bt.feeds.GenericCSVData(
        dataname=str(file), dtformat="%Y-%m-%d", datetime=0, open=1, high=2, low=3, close=4, volume=5, openinterest=6
    )
    cerebro.adddata(feed, name=file.stem)
""",
    Preset.ZIPLINE: """
import runpy

from zipline.data import bundles

runpy.run_path("zipline/extension.py")
bundles.ingest("market_tray")
data = bundles.load("market_tray")
""",
    Preset.QLIB: """
# python scripts/dump_bin.py dump_all --data_path qlib --qlib_dir qlib_data --symbol_field_name symbol \\
#        --date_field_name date --include_fields open,high,low,close,volume,factor
import qlib
from qlib.data import D

qlib.init(provider_uri="qlib_data")
bars = D.features(D.instruments("all"), ["$open", "$high", "$low", "$close", "$volume", "$factor"])
""",
    Preset.LEAN: """
# Copy lean/equity/krx into the data folder of LEAN, add the market once, then in an algorithm:
# Market.Add("krx", 82)
# self.add_equity("005930", Resolution.DAILY, market="krx")
""",
    Preset.NAUTILUS: """
from pathlib import Path

import pandas as pd
from nautilus_trader.model.currencies import KRW
from nautilus_trader.model.data import BarType
from nautilus_trader.model.identifiers import InstrumentId, Symbol
from nautilus_trader.model.instruments import Equity
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.persistence.wranglers import BarDataWrangler

catalog = ParquetDataCatalog("catalog")
for file in sorted(Path("nautilus").glob("*/*.parquet")):
    bar_type = BarType.from_str(file.parent.name)
    equity = Equity(
        instrument_id=bar_type.instrument_id, raw_symbol=Symbol(bar_type.instrument_id.symbol.value), currency=KRW,
        price_precision=2, price_increment=Price.from_str("0.01"), lot_size=Quantity.from_int(1), ts_event=0, ts_init=0,
    )
    frame = pd.read_parquet(file).set_index("timestamp")
    catalog.write_data([equity])
    catalog.write_data(BarDataWrangler(bar_type, equity).process(frame))
""",
}

# What comes before the tables in a set without bars.
OPENINGS: Mapping[Preset, str] = {
    Preset.PANDAS: """
import pyarrow.parquet as pq
""",
    Preset.POLARS: """
import polars as pl
""",
    Preset.DUCKDB: """
from pathlib import Path

import duckdb

connection = duckdb.connect()
connection.execute(Path("views.sql").read_text(encoding="utf-8"))
""",
}

TABLES: Mapping[Preset, Mapping[Dataset, str]] = {
    Preset.PANDAS: {
        Dataset.CRYPTO: """
coins = pq.read_table("crypto_daily.parquet").to_pandas(date_as_object=False)
market = pq.read_table("crypto_metric.parquet").to_pandas(date_as_object=False).set_index("date")
""",
        Dataset.MACRO: """
series = pq.read_table("macro_daily.parquet").to_pandas(date_as_object=False)
levels = series.pivot(index="date", columns="series_id", values="value")
""",
        Dataset.STRESS: """
stress = pq.read_table("stress_daily.parquet").to_pandas(date_as_object=False).set_index("date")
""",
    },
    Preset.POLARS: {
        Dataset.CRYPTO: """
coins = pl.read_parquet("crypto_daily.parquet")
market = pl.read_parquet("crypto_metric.parquet")
""",
        Dataset.MACRO: """
series = pl.read_parquet("macro_daily.parquet")
levels = series.pivot(on="series_id", index="date", values="value").sort("date")
""",
        Dataset.STRESS: """
stress = pl.read_parquet("stress_daily.parquet")
""",
    },
    Preset.DUCKDB: {
        Dataset.CRYPTO: """
coins = connection.sql("SELECT * FROM crypto_daily ORDER BY date, coin_id")
market = connection.sql("SELECT * FROM crypto_metric ORDER BY date")
""",
        Dataset.MACRO: """
series = connection.sql("SELECT * FROM macro_daily ORDER BY series_id, date")
""",
        Dataset.STRESS: """
stress = connection.sql("SELECT * FROM stress_daily ORDER BY date")
""",
    },
}
