"""The chart of an issue's daily bars."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.ui.charts.time_chart import TimeChart

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.charts.bars import Bars
    from tray_app.ui.charts.candle_plot import CandlePlot
    from tray_app.ui.charts.series import ChartFacts, Series


class CandleChart(TimeChart):
    """Shows bars instead of lines, and lines over them."""

    def show_bars(self, bars: Bars | None, name: str, overlays: Sequence[Series] = ()) -> None:
        """Draw other bars; span and scale stay as chosen."""
        self._has_bars = bars is not None
        has_values = bars is not None and len(bars.days) > 0
        self._show_plot(has_values=has_values)
        if has_values and self._candles is None:
            self._build_plot()
        if has_values and bars is not None and self._candles is not None:
            self._candles.show_bars(bars, name, overlays)
            self._show_plot(has_values=True)

    def csv_text(self) -> str:
        """Return the visible bars as CSV."""
        return super().csv_text() if self._has_bars else ""

    def _make_plot(self, facts: ChartFacts) -> CandlePlot:
        from tray_app.ui.charts.candle_plot import CandlePlot  # noqa: PLC0415 - pyqtgraph comes with the first chart

        self._candles = CandlePlot(self._style, facts)
        return self._candles

    _candles: CandlePlot | None = None
    _has_bars = False
