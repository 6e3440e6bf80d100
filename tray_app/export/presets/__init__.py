"""Files for particular backtesting programs, made from the daily bars of a set before it is published."""

from collections.abc import Callable, Mapping
from pathlib import Path

from tray_app.export.presets import backtrader, lean, nautilus, qlib, vectorbt, zipline
from tray_app.export.presets.bars import DailyBars
from tray_app.export.progress import Watch
from tray_app.export.request import ExportRequest, Preset

Writer = Callable[[DailyBars, Path, Watch], list[str]]

# Programs that read the set's own files need none of their own.
WRITERS: Mapping[Preset, Writer] = {
    Preset.VECTORBT: vectorbt.write,
    Preset.BACKTRADER: backtrader.write,
    Preset.ZIPLINE: zipline.write,
    Preset.QLIB: qlib.write,
    Preset.LEAN: lean.write,
    Preset.NAUTILUS: nautilus.write,
}


def write_preset(folder: Path, request: ExportRequest, watch: Watch) -> list[str]:
    """Write the preset's files into the set; returns their names."""
    writer = WRITERS.get(request.preset)
    return [] if writer is None else writer(DailyBars(folder), folder, watch)
