"""What each engine is asked after the lines of LOAD.md: `rows` are its bars as (ticker, day, close, volume)."""

from collections.abc import Mapping

from tray_app.export.presets.backtrader import BACKTRADER
from tray_app.export.presets.duckdb import DUCKDB
from tray_app.export.presets.nautilus import NAUTILUS
from tray_app.export.presets.polars import POLARS
from tray_app.export.presets.preset import Preset
from tray_app.export.presets.qlib import QLIB
from tray_app.export.presets.vectorbt import VECTORBT
from tray_app.export.presets.zipline import ZIPLINE

BARS: Mapping[Preset, str] = {
    POLARS: """
rows = bars.select("external_code", pl.col("trade_date").cast(pl.String), "close", "volume").rows()
found = {
    "columns": bars.columns,
    "types": [str(bars.schema[name]) for name in ("trade_date", "external_code", "volume", "is_trade_halted")],
    "wide": {name: [value for value in close[name] if value is not None] for name in close.columns[1:]},
    "days": [str(day) for day in close["trade_date"]],
}
""",
    DUCKDB: """
wanted = "external_code, CAST(trade_date AS VARCHAR), close, volume"
rows = bars.project(wanted).fetchall()
found = {
    "columns": bars.columns,
    "types": [str(dict(zip(bars.columns, bars.types))[name]) for name in ("trade_date", "external_code", "volume")],
    "names": connection.sql("SELECT view_name FROM duckdb_views() WHERE NOT internal").fetchall(),
}
""",
    VECTORBT: """
rows = [
    (code, str(day.date()), value, fields["volume"][code][day])
    for code in portfolio.close
    for day, value in portfolio.close[code].dropna().items()
]
found = {"returns": portfolio.total_return().to_dict(), "orders": portfolio.orders.count().to_dict()}
""",
    BACKTRADER: """
class Holder(bt.Strategy):
    def start(self):
        self.waiting = set(self.datas)

    def prenext(self):
        self.next()

    def next(self):
        for data in [data for data in self.waiting if len(data)]:
            self.buy(data, size=1)
            self.waiting.remove(data)


cerebro.addstrategy(Holder)
cerebro.broker.setcash(1e9)
(strategy,) = cerebro.run()
rows = [
    (data._name, str(bt.num2date(moment).date()), close, volume)
    for data in strategy.datas
    for moment, close, volume in zip(data.datetime.array, data.close.array, data.volume.array)
]
found = {"positions": {data._name: strategy.getposition(data).size for data in strategy.datas}}
""",
    ZIPLINE: """
import numpy as np
import pandas as pd
from zipline import run_algorithm
from zipline.api import order, record, symbol
from zipline.utils.calendar_utils import get_calendar

reader = data.equity_daily_bar_reader
assets = data.asset_finder.retrieve_all(data.asset_finder.sids)
closes, volumes = reader.load_raw_arrays(["close", "volume"], reader.sessions[0], reader.sessions[-1], list(assets))
rows = [
    (asset.symbol, str(day.date()), closes[place, column], volumes[place, column])
    for column, asset in enumerate(assets)
    for place, day in enumerate(reader.sessions)
    if not np.isnan(closes[place, column])
]
found = {
    "sessions": [str(day.date()) for day in reader.sessions],
    "lives": {asset.symbol: [str(asset.start_date.date()), str(asset.end_date.date())] for asset in assets},
    "looked up": [data.asset_finder.lookup_symbol(asset.symbol, None).symbol for asset in assets],
}
held = rows[0][0]


def initialize(context):
    context.asset = symbol(held)


def handle_data(context, current):
    if not context.portfolio.positions:
        order(context.asset, 10)
    record(price=current.current(context.asset, "close"))


result = run_algorithm(
    start=reader.sessions[0], end=reader.sessions[-1], initialize=initialize, handle_data=handle_data,
    capital_base=1e9, bundle="market_tray", trading_calendar=get_calendar("XKRX"),
    benchmark_returns=pd.Series(0.0, index=reader.sessions), default_extension=False,
)
found["run"] = {"days": len(result), "price": result["price"].iloc[-1], "held": held}
""",
    QLIB: """
table = bars.reset_index()
table["datetime"] = table["datetime"].dt.strftime("%Y-%m-%d")
rows = table[["instrument", "datetime", "$close", "$volume"]].dropna().values.tolist()
found = {"factors": table[["instrument", "datetime", "$factor"]].values.tolist()}
""",
    NAUTILUS: """
from datetime import datetime, timezone

rows, moments = [], set()
for bar in catalog.bars():
    moment = datetime.fromtimestamp(bar.ts_event / 1e9, timezone.utc)
    moments.add(moment.strftime("%H:%M:%S"))
    rows.append((
        bar.bar_type.instrument_id.symbol.value, str(moment.date()), bar.close.as_double(), bar.volume.as_double(),
    ))
found = {
    "moments": sorted(moments),
    "instruments": sorted(equity.id.value for equity in catalog.instruments()),
    "currencies": sorted({str(equity.quote_currency) for equity in catalog.instruments()}),
}
""",
}

TABLES = """
rows = []
found = {
    "sizes": [len(coins), len(market), len(series), len(stress)],
    "names": list(series.columns),
    "levels": list(levels.columns) if "levels" in globals() else [],
}
"""

# Numbers of an engine's own kinds become Python's.
SAVE = """
import json
import sys

with open(sys.argv[1], "w", encoding="utf-8") as stream:
    json.dump({"rows": rows, **found}, stream, default=float)
"""
