"""The chart of a total and the parts it is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.ui.charts.time_chart import TimeChart

if TYPE_CHECKING:
    from tray_app.ui.charts.plot import Plot
    from tray_app.ui.charts.series import ChartFacts


class StackChart(TimeChart):
    """Its first series is the total; the others have the total's days and are stacked above and below zero."""

    def _make_plot(self, facts: ChartFacts) -> Plot:
        from tray_app.ui.charts.stack_plot import StackPlot  # noqa: PLC0415 - pyqtgraph comes with the first chart

        return StackPlot(self._style, facts)
