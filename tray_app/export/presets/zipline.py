"""zipline-reloaded: one CSV per issue and an extension that registers them as a bundle of its own on XKRX.

Its csvdir bundle is bound to the New York calendar, so the bundle is registered with the Korean one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.export.presets.preset import ADJUSTED_FIELDS, Loading, Preset, PresetBytes

if TYPE_CHECKING:
    from tray_app.export.presets.bars import DailyBars

LOADING = Loading(
    bars="""
import runpy

from zipline.data import bundles

runpy.run_path("zipline/extension.py")
bundles.ingest("market_tray")
data = bundles.load("market_tray")
"""
)

EXTENSION = '''"""This set as a bundle. In the set's folder: zipline -e zipline/extension.py ingest -b market_tray"""

import inspect
import warnings
from pathlib import Path

import pandas as pd
from zipline.data.bundles import register
from zipline.utils.calendar_utils import get_calendar

# The command zipline runs this file without a __file__.
DAILY = Path(inspect.currentframe().f_code.co_filename).resolve().parent / "daily"
FIELDS = ["open", "high", "low", "close", "volume"]
# zipline keeps thousandths in 32 bits and lets a higher price run over into a wrong one.
HIGHEST = (2**32 - 1) // 1000


def market_tray(environ, asset_db_writer, minute_bar_writer, daily_bar_writer, adjustment_writer, calendar,
                start_session, end_session, cache, show_progress, output_dir):
    sessions = calendar.sessions_in_range(start_session, end_session)
    metadata, unknown, too_high = [], set(), []

    def bars():
        for sid, file in enumerate(sorted(DAILY.glob("*.csv"))):
            frame = pd.read_csv(file, index_col="date", parse_dates=["date"])[FIELDS]
            unknown.update(frame.index.difference(sessions).strftime("%Y-%m-%d"))
            days = sessions[sessions.slice_indexer(frame.index[0], frame.index[-1])]
            if days.empty:
                continue
            frame = frame.reindex(days).fillna(0.0).round({"volume": 0})
            high = frame["high"].combine(frame["close"], max) > HIGHEST
            if high.any():
                frame[high] = 0.0
                too_high.append(file.stem)
            metadata.append((file.stem, days[0], days[-1], days[-1] + pd.Timedelta(days=1), "XKRX"))
            yield sid, frame

    daily_bar_writer.write(bars(), show_progress=show_progress)
    columns = ["symbol", "start_date", "end_date", "auto_close_date", "exchange"]
    exchanges = pd.DataFrame([("XKRX", "XKRX", "KR")], columns=["exchange", "canonical_name", "country_code"])
    asset_db_writer.write(equities=pd.DataFrame(metadata, columns=columns), exchanges=exchanges)
    adjustment_writer.write()
    if unknown:
        warnings.warn(f"left out, as the calendar XKRX has no session there: {', '.join(sorted(unknown))}")
    if too_high:
        warnings.warn(f"days with an adjusted price above {HIGHEST:,} are left out: {', '.join(too_high)}")


SESSIONS = get_calendar("XKRX").sessions
SESSIONS = SESSIONS[SESSIONS.slice_indexer("<first>", "<last>")]
register("market_tray", market_tray, calendar_name="XKRX", start_session=SESSIONS[0], end_session=SESSIONS[-1])
'''


def write(bars: DailyBars) -> None:
    """Write zipline/daily/<ticker>.csv with adjusted prices, and the extension."""
    for listing, table in bars.by_listing(ADJUSTED_FIELDS):
        columns = {
            "date": bars.dates(table),
            **bars.adjusted(table),
            "dividend": bars.constant(table, 0.0),
            "split": bars.constant(table, 1.0),
        }
        bars.write_csv(f"zipline/daily/{listing.ticker}.csv", columns)
    days = bars.sessions
    text = EXTENSION.replace("<first>", f"{days[0]:%Y-%m-%d}").replace("<last>", f"{days[-1]:%Y-%m-%d}")
    bars.write_text("zipline/extension.py", text)


ZIPLINE = Preset("zipline", "zipline-reloaded", LOADING, is_adjusting=True, size=PresetBytes(46.5, 285), write=write)
