"""The chart of an issue's daily bars."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.labels.formats import exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.charts.bars import Bars
    from tray_app.ui.charts.plot import Plot
    from tray_app.ui.charts.series import ChartFacts, Series


class CandleChart(TimeChart):
    """Shows bars instead of lines, and lines over them."""

    def show_bars(self, bars: Bars | None, name: str, overlays: Sequence[Series] = ()) -> None:
        """Draw other bars; span and scale stay as chosen."""
        from tray_app.ui.charts.candle_plot import CandlePlot  # noqa: PLC0415 - pyqtgraph comes with the first chart
        from tray_app.ui.charts.traces import line_of  # noqa: PLC0415

        self._bars = bars
        has_values = bars is not None and len(bars.days) > 0
        self._show_plot(has_values=has_values)
        plot = self._plot or (self._build_plot() if has_values else None)
        if has_values and bars is not None and isinstance(plot, CandlePlot):
            plot.show_bars(bars, name, [line_of(place, one) for place, one in enumerate(overlays, start=1)])
            self._show_plot(has_values=True)

    def csv_text(self) -> str:
        """Return the visible bars as CSV."""
        if self._plot is None or self._bars is None:
            return ""
        from tray_app.ui.charts.export import visible  # noqa: PLC0415 - needs numpy
        from tray_app.ui.charts.ticks import day_of  # noqa: PLC0415

        bars = self._bars
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow((tr("Date"), tr("Open"), tr("High"), tr("Low"), tr("Close"), tr("Volume")))
        for day in visible(bars.days, self._plot.visible_days()):
            place = bars.place_of(day) or 0
            values = (bars.open, bars.high, bars.low, bars.close, bars.volume)
            writer.writerow((day_of(day).isoformat(), *(exact(float(each[place])) for each in values)))
        return out.getvalue()

    def _make_plot(self, facts: ChartFacts) -> Plot:
        from tray_app.ui.charts.candle_plot import CandlePlot  # noqa: PLC0415

        return CandlePlot(self._look, facts)

    _bars: Bars | None = None
