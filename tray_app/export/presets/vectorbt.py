"""vectorbt: one wide table per field, a row per session, a column per issue."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.export.presets.preset import ADJUSTED_FIELDS, Loading, Preset, PresetBytes

if TYPE_CHECKING:
    from tray_app.export.presets.bars import DailyBars

LOADING = Loading(
    bars="""
import pandas as pd
import vectorbt as vbt

fields = {name: pd.read_parquet(f"wide/{name}.parquet").set_index("date") for name in ("open", "close", "volume")}
close = fields["close"]
portfolio = vbt.Portfolio.from_holding(close, freq="1D")
"""
)


def write(bars: DailyBars) -> None:
    """Write wide/open.parquet and so on, from the adjusted columns; a day without a price is null."""
    for field in ADJUSTED_FIELDS:
        columns = bars.wide(field)
        bars.write_parquet(
            f"wide/{field.removeprefix('adj_')}.parquet", columns, compression_level=3, use_dictionary=False
        )


VECTORBT = Preset("vectorbt", "vectorbt", LOADING, is_adjusting=True, size=PresetBytes(13.5, 1_450), write=write)
