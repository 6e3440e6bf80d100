"""Loading snippets, each run by a test in its own library; LEAN alone runs in a container only.

Of the bars there is one per preset, of the other tables one per program that reads tables.
"""

from collections.abc import Mapping

from tray_app.export.request import ExportKind, Preset

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
import vectorbt as vbt

fields = {name: pd.read_parquet(f"wide/{name}.parquet").set_index("date") for name in ("open", "close", "volume")}
close = fields["close"]
portfolio = vbt.Portfolio.from_holding(close, freq="1D")
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
from pathlib import Path

import numpy as np
import pandas as pd
import qlib
from qlib.data import D

# The files dump_bin.py of qlib's repository makes of the CSV files, in a folder beside this one.
folder = Path.cwd().with_name(Path.cwd().name + "-qlib")
files = sorted(Path("qlib").glob("*.csv"))
days = pd.Index(sorted(set().union(*(pd.read_csv(file)["date"] for file in files))))
spans = []
for file in files:
    bars = pd.read_csv(file, index_col="date")
    first, last = days.get_indexer([bars.index[0], bars.index[-1]])
    bars = bars.reindex(days[first : last + 1])
    features = folder / "features" / file.stem.lower()
    features.mkdir(parents=True, exist_ok=True)
    for field in ("open", "high", "low", "close", "volume", "factor"):
        np.hstack([first, bars[field]]).astype("<f4").tofile(features / f"{field}.day.bin")
    spans.append(f"{file.stem}\\t{days[first]}\\t{days[last]}")
for name, lines in {"calendars/day.txt": days, "instruments/all.txt": spans}.items():
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("\\n".join(lines) + "\\n", encoding="utf-8", newline="\\n")
qlib.init(provider_uri=str(folder), kernels=1)
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
from nautilus_trader.model.data import Bar, BarType
from nautilus_trader.model.identifiers import Symbol
from nautilus_trader.model.instruments import Equity
from nautilus_trader.model.objects import Price, Quantity
from nautilus_trader.persistence.catalog import ParquetDataCatalog
from nautilus_trader.persistence.wranglers import BarDataWrangler

# The catalog lies beside this folder, and what it held of these bars before is replaced.
catalog = ParquetDataCatalog(Path.cwd().with_name(Path.cwd().name + "-nautilus"))
for file in sorted(Path("nautilus").glob("*/*.parquet")):
    bar_type = BarType.from_str(file.parent.name)
    equity = Equity(
        instrument_id=bar_type.instrument_id, raw_symbol=Symbol(bar_type.instrument_id.symbol.value), currency=KRW,
        price_precision=4, price_increment=Price.from_str("0.0001"), lot_size=Quantity.from_int(1),
        ts_event=0, ts_init=0,
    )
    frame = pd.read_parquet(file).set_index("timestamp")
    catalog.delete_data_range(Bar, identifier=file.parent.name)
    catalog.write_data([equity])
    catalog.write_data(BarDataWrangler(bar_type, equity).process(frame))
""",
}

# How the bars are read from a folder per year; the folder's name is no column of the set.
YEARLY: Mapping[str, str] = {
    'pq.read_table("instrument_daily.parquet")': 'pq.read_table("instrument_daily", partitioning=None)',
    'pl.read_parquet("instrument_daily.parquet")': 'pl.read_parquet("instrument_daily/*/*.parquet")',
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

TABLES: Mapping[Preset, Mapping[ExportKind, str]] = {
    Preset.PANDAS: {
        ExportKind.CRYPTO: """
coins = pq.read_table("crypto_daily.parquet").to_pandas(date_as_object=False)
market = pq.read_table("crypto_metric.parquet").to_pandas(date_as_object=False).set_index("date")
""",
        ExportKind.MACRO: """
series = pq.read_table("macro_daily.parquet").to_pandas(date_as_object=False)
levels = series.pivot(index="date", columns="series_id", values="value")
""",
        ExportKind.STRESS: """
stress = pq.read_table("stress_daily.parquet").to_pandas(date_as_object=False).set_index("date")
""",
    },
    Preset.POLARS: {
        ExportKind.CRYPTO: """
coins = pl.read_parquet("crypto_daily.parquet")
market = pl.read_parquet("crypto_metric.parquet")
""",
        ExportKind.MACRO: """
series = pl.read_parquet("macro_daily.parquet")
levels = series.pivot(on="series_id", index="date", values="value").sort("date")
""",
        ExportKind.STRESS: """
stress = pl.read_parquet("stress_daily.parquet")
""",
    },
    Preset.DUCKDB: {
        ExportKind.CRYPTO: """
coins = connection.sql("SELECT * FROM crypto_daily ORDER BY date, coin_id")
market = connection.sql("SELECT * FROM crypto_metric ORDER BY date")
""",
        ExportKind.MACRO: """
series = connection.sql("SELECT * FROM macro_daily ORDER BY series_id, date")
""",
        ExportKind.STRESS: """
stress = connection.sql("SELECT * FROM stress_daily ORDER BY date")
""",
    },
}
