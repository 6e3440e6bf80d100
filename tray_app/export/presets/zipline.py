"""zipline-reloaded: one CSV per issue and an extension that registers them as a bundle of its own on XKRX.

Its csvdir bundle is bound to the New York calendar, so the bundle is registered with the Korean one.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa

from tray_app.export.presets.bars import DailyBars, write_csv
from tray_app.export.progress import Watch
from tray_app.export.writer import sync

FIELDS = ("adj_open", "adj_high", "adj_low", "adj_close", "adj_volume")

EXTENSION = '''"""Registers this set as the zipline bundle market_tray: zipline ingest -b market_tray"""

from pathlib import Path

import pandas as pd
from zipline.data.bundles import register
from zipline.utils.calendar_utils import get_calendar

DAILY = Path(__file__).parent / "daily"


def market_tray(environ, asset_db_writer, minute_bar_writer, daily_bar_writer, adjustment_writer, calendar,
                start_session, end_session, cache, show_progress, output_dir):
    files = sorted(DAILY.glob("*.csv"))
    metadata = []

    def bars():
        for sid, file in enumerate(files):
            frame = pd.read_csv(file, index_col="date", parse_dates=["date"])
            sessions = calendar.sessions_in_range(frame.index[0], frame.index[-1])
            frame = frame.reindex(sessions)
            frame["volume"] = frame["volume"].fillna(0)
            first, last = frame.index[0], frame.index[-1]
            metadata.append((file.stem, first, last, last + pd.Timedelta(days=1), "XKRX"))
            yield sid, frame[["open", "high", "low", "close", "volume"]].fillna(0.0)

    daily_bar_writer.write(bars(), show_progress=show_progress)
    columns = ["symbol", "start_date", "end_date", "auto_close_date", "exchange"]
    exchanges = pd.DataFrame([("XKRX", "XKRX", "KR")], columns=["exchange", "canonical_name", "country_code"])
    asset_db_writer.write(equities=pd.DataFrame(metadata, columns=columns), exchanges=exchanges)
    adjustment_writer.write()


register("market_tray", market_tray, calendar_name="XKRX")
get_calendar("XKRX")
'''


def write(bars: DailyBars, folder: Path, watch: Watch) -> list[str]:
    """Write zipline/daily/<ticker>.csv with adjusted prices, and the extension."""
    names = []
    for listing, table in bars.by_listing(FIELDS, watch):
        name = f"zipline/daily/{listing.ticker}.csv"
        columns = {field.removeprefix("adj_"): table.column(field) for field in FIELDS}
        none, one = (pa.array(np.full(table.num_rows, value)) for value in (0.0, 1.0))
        rows = {"date": table.column("trade_date").cast(pa.date32()), **columns, "dividend": none, "split": one}
        write_csv(folder / name, pa.table(rows))
        names.append(name)
    extension = folder / "zipline" / "extension.py"
    extension.parent.mkdir(exist_ok=True)
    extension.write_text(EXTENSION, "utf-8", newline="\n")
    sync(extension)
    return [*names, "zipline/extension.py"]
