"""nautilus_trader: one Parquet file per bar type, as its BarDataWrangler takes it.

Its catalog's own files hold fixed-point integers whose width depends on its version and platform, so the guide lets
nautilus write them itself.
"""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from tray_app.export.presets.preset import ADJUSTED_FIELDS, Loading, Preset, PresetBytes

if TYPE_CHECKING:
    from tray_app.export.presets.bars import DailyBars

LOADING = Loading(
    bars="""
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
"""
)
CLOSE = time(6, 30)  # UTC: the session closes at 15:30 in Korea; a bar is known from then on
ROW_GROUP_ROWS = 5_000


def write(bars: DailyBars) -> None:
    """Write nautilus/<ticker>.XKRX-1-DAY-LAST-EXTERNAL/<first>_<last>.parquet with adjusted prices."""
    for listing, days in bars.traded(ADJUSTED_FIELDS):
        dates = bars.dates(days)
        first, last = (f"{dates[place].as_py():%Y-%m-%d}T{CLOSE:%H-%M-%S}-000000000Z" for place in (0, -1))
        bars.write_parquet(
            f"nautilus/{listing.ticker}.XKRX-1-DAY-LAST-EXTERNAL/{first}_{last}.parquet",
            {"timestamp": bars.instants(days, CLOSE), **bars.adjusted(days)},
            compression_level=1,
            row_group_size=ROW_GROUP_ROWS,
        )


NAUTILUS = Preset("nautilus", "NautilusTrader", LOADING, is_adjusting=True, size=PresetBytes(24, 2_590), write=write)
