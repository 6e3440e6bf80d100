"""nautilus_trader: one Parquet file per bar type, as its BarDataWrangler takes it.

Its catalog's own files hold fixed-point integers whose width depends on its version and platform, so the guide lets
nautilus write them itself.
"""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from tray_app.export.files.writer import sync
from tray_app.export.presets.bars import DailyBars, traded
from tray_app.export.progress import Watch

FIELDS = ("adj_open", "adj_high", "adj_low", "adj_close", "adj_volume")
# The session closes at 15:30 in Korea; a bar is known from then on.
CLOSE_NS = (6 * 60 + 30) * 60 * 1_000_000_000
DAY_NS = 24 * 60 * 60 * 1_000_000_000
ROW_GROUP_ROWS = 5_000


def write(bars: DailyBars, folder: Path, watch: Watch) -> list[str]:
    """Write nautilus/<ticker>.XKRX-1-DAY-LAST-EXTERNAL/<first>_<last>.parquet with adjusted prices."""
    names = []
    for listing, table in bars.by_listing([*FIELDS, "volume"], watch):
        days = traded(table)
        if not days.num_rows:
            continue
        numbers = days.column("trade_date").cast(pa.date32()).cast(pa.int32()).cast(pa.int64()).to_numpy()
        stamps = pa.array(numbers * DAY_NS + CLOSE_NS).cast(pa.timestamp("ns", "UTC"))
        rows = {"timestamp": stamps, **{field.removeprefix("adj_"): days.column(field) for field in FIELDS}}
        first, last = (_stamp(int(number)) for number in (numbers[0], numbers[-1]))
        name = f"nautilus/{listing.ticker}.XKRX-1-DAY-LAST-EXTERNAL/{first}_{last}.parquet"
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.table(rows), path, compression="zstd", compression_level=1, row_group_size=ROW_GROUP_ROWS)
        sync(path)
        names.append(name)
    return names


def _stamp(number: int) -> str:
    day = pa.scalar(number, pa.int32()).cast(pa.date32()).as_py()
    return f"{day:%Y-%m-%d}T06-30-00-000000000Z"
