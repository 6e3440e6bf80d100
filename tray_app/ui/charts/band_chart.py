"""The chart of an index whose values have words."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tray_app.ui.charts.series import ChartFacts, Scale
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.labels.formats import plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from tray_app.ui.labels.bands import Band
    from tray_app.ui.style.style import Style


class BandChart(TimeChart):
    """Draws horizontal bands with their words behind the line; the range of values is theirs."""

    def __init__(self, style: Style, facts: ChartFacts, bands: Sequence[Band], parent: QWidget | None = None) -> None:
        lowest, highest = min(band.low for band in bands), max(band.high for band in bands)
        banded = replace(
            facts,
            bands=tuple(bands),
            value_range=(lowest, highest),
            scales=(Scale.LINEAR,),
            value_format=_whole,
        )
        super().__init__(style, banded, parent)


def _whole(value: float) -> str:
    return plain(value, 0)
