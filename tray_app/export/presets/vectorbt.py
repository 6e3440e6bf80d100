"""vectorbt: one wide table per field, a row per session, a column per issue."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from tray_app.export.files.writer import sync
from tray_app.export.presets.bars import DailyBars
from tray_app.export.progress import Watch

FIELDS = ("adj_open", "adj_high", "adj_low", "adj_close", "adj_volume")


def write(bars: DailyBars, folder: Path, watch: Watch) -> list[str]:
    """Write wide/open.parquet and so on, from the adjusted columns; a day without a price is null."""
    sessions = np.array(bars.sessions(), dtype="datetime64[ms]")
    names = []
    for field in FIELDS:
        columns: dict[str, pa.Array] = {"date": pa.array(sessions)}
        for listing, table in bars.by_listing([field], watch):
            values = np.full(len(sessions), np.nan)
            days = table.column("trade_date").cast(pa.timestamp("ms")).to_numpy()
            values[np.searchsorted(sessions, days)] = table.column(field).to_numpy()
            columns[listing.ticker] = pa.array(values, mask=np.isnan(values))
        name = f"wide/{field.removeprefix('adj_')}.parquet"
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        pq.write_table(pa.table(columns), path, compression="zstd", compression_level=3, use_dictionary=False)
        sync(path)
        names.append(name)
    return names
