"""qlib: one CSV per issue for its dump_bin; prices adjusted, factor = adjusted / original, silent days empty."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.export.presets.preset import ADJUSTED_FIELDS, Loading, Preset, PresetBytes

if TYPE_CHECKING:
    from tray_app.export.presets.bars import DailyBars

LOADING = Loading(
    bars="""
from pathlib import Path

import numpy as np
import pandas as pd
import qlib
from qlib.data import D

# The files dump_bin.py of qlib's repository makes of the CSV files, in a folder beside this one.
folder = Path.cwd().with_name(Path.cwd().name + "-qlib")
files = sorted(Path("qlib").glob("*.csv"))
days = pd.Index(sorted(set().union(*(pd.read_csv(file)["date"] for file in files))))
spans = []
for file in files:
    bars = pd.read_csv(file, index_col="date")
    first, last = days.get_indexer([bars.index[0], bars.index[-1]])
    bars = bars.reindex(days[first : last + 1])
    features = folder / "features" / file.stem.lower()
    features.mkdir(parents=True, exist_ok=True)
    for field in ("open", "high", "low", "close", "volume", "factor"):
        np.hstack([first, bars[field]]).astype("<f4").tofile(features / f"{field}.day.bin")
    spans.append(f"{file.stem}\\t{days[first]}\\t{days[last]}")
for name, lines in {"calendars/day.txt": days, "instruments/all.txt": spans}.items():
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text("\\n".join(lines) + "\\n", encoding="utf-8", newline="\\n")
qlib.init(provider_uri=str(folder), kernels=1)
bars = D.features(D.instruments("all"), ["$open", "$high", "$low", "$close", "$volume", "$factor"])
"""
)


def write(bars: DailyBars) -> None:
    """Write qlib/<ticker>.csv."""
    for listing, table in bars.by_listing([*ADJUSTED_FIELDS, "adj_factor", "volume"]):
        columns = {
            "symbol": bars.constant(table, listing.ticker),
            "date": bars.dates(table),
            **bars.adjusted(table, silent_are_null=True),
            "factor": table.column("adj_factor"),
        }
        bars.write_csv(f"qlib/{listing.ticker}.csv", columns)


QLIB = Preset("qlib", "Qlib", LOADING, is_adjusting=True, size=PresetBytes(51.5, 270), write=write)
