"""qlib: one CSV per issue for its dump_bin; prices adjusted, factor = adjusted / original, silent days empty."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from tray_app.export.presets.bars import DailyBars, write_csv
from tray_app.export.progress import Watch

FIELDS = ("adj_open", "adj_high", "adj_low", "adj_close", "adj_volume")


def write(bars: DailyBars, folder: Path, watch: Watch) -> list[str]:
    """Write qlib/<ticker>.csv."""
    names = []
    for listing, table in bars.by_listing([*FIELDS, "adj_factor", "volume"], watch):
        silent = pc.equal(table.column("volume"), 0)
        values = {field.removeprefix("adj_"): pc.if_else(silent, None, table.column(field)) for field in FIELDS}
        rows = {
            "symbol": pa.array([listing.ticker] * table.num_rows),
            "date": table.column("trade_date").cast(pa.date32()),
            **values,
            "factor": table.column("adj_factor"),
        }
        name = f"qlib/{listing.ticker}.csv"
        write_csv(folder / name, pa.table(rows))
        names.append(name)
    return names
