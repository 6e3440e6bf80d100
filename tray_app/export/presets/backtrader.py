"""backtrader: one CSV per issue, as GenericCSVData reads it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.export.presets.preset import ADJUSTED_FIELDS, Loading, Preset, PresetBytes

if TYPE_CHECKING:
    from tray_app.export.presets.bars import DailyBars

LOADING = Loading(
    bars="""
from pathlib import Path

import backtrader as bt

cerebro = bt.Cerebro()
for file in sorted(Path("backtrader").glob("*.csv")):
    feed = bt.feeds.GenericCSVData(
        dataname=str(file), dtformat="%Y-%m-%d", datetime=0, open=1, high=2, low=3, close=4, volume=5, openinterest=6
    )
    cerebro.adddata(feed, name=file.stem)
"""
)


def write(bars: DailyBars) -> None:
    """Write backtrader/<ticker>.csv with adjusted prices; days without a trade are left out."""
    for listing, days in bars.traded(ADJUSTED_FIELDS):
        columns = {"datetime": bars.dates(days), **bars.adjusted(days), "openinterest": bars.constant(days, 0)}
        bars.write_csv(f"backtrader/{listing.ticker}.csv", columns)


BACKTRADER = Preset("backtrader", "backtrader", LOADING, is_adjusting=True, size=PresetBytes(43.5, 280), write=write)
