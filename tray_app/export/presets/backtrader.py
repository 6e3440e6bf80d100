"""backtrader: one CSV per issue, as GenericCSVData reads it."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from tray_app.export.presets.bars import DailyBars, traded, write_csv
from tray_app.export.progress import Watch

FIELDS = ("adj_open", "adj_high", "adj_low", "adj_close", "adj_volume")


def write(bars: DailyBars, folder: Path, watch: Watch) -> list[str]:
    """Write backtrader/<ticker>.csv with adjusted prices; days without a trade are left out."""
    names = []
    for listing, table in bars.by_listing([*FIELDS, "volume"], watch):
        days = traded(table)
        if days.num_rows:
            name = f"backtrader/{listing.ticker}.csv"
            columns = {field.removeprefix("adj_"): days.column(field) for field in FIELDS}
            zeros = pa.array(np.zeros(days.num_rows, dtype=np.int8))
            rows = {"datetime": days.column("trade_date").cast(pa.date32()), **columns, "openinterest": zeros}
            write_csv(folder / name, pa.table(rows))
            names.append(name)
    return names
