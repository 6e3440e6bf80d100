"""The drawing area of candles: prices, volume below them, and other lines led to the same start."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from tray_app.core.words import tr
from tray_app.ui.charts.bars import Bars, price_range
from tray_app.ui.charts.candle_canvas import VOLUME_SHARE, CandleCanvas
from tray_app.ui.charts.export import visible
from tray_app.ui.charts.plot import ROOM_ABOVE, Plot
from tray_app.ui.charts.readings import Reading
from tray_app.ui.charts.ticks import day_of
from tray_app.ui.charts.traces import Line, Trace, heights, line_of, trace
from tray_app.ui.labels import formats
from tray_app.ui.labels.formats import exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.charts.canvas import Canvas
    from tray_app.ui.charts.series import ChartFacts, Series
    from tray_app.ui.style.style import Style

PRICE = "price"


class CandlePlot(Plot):
    """Shows bars; the crosshair tells open, high, low, close and volume."""

    def __init__(self, style: Style, facts: ChartFacts) -> None:
        empty = np.empty(0)
        self._bars = Bars(empty, empty, empty, empty, empty, empty)
        super().__init__(style, facts)

    def show_bars(self, bars: Bars, name: str, overlays: Sequence[Series]) -> None:
        """Draw other bars, and lines over them."""
        over = (line_of(place, one) for place, one in enumerate(overlays, start=1))
        self._bars = bars
        self._candles.show_bars(bars)
        self.show_lines((Line(0, PRICE, name, bars.days, bars.close), *over))

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Draw other lines; days are those of the bars."""
        super().show_lines(lines)
        if len(self._bars.days) and len(self._days) != len(self._bars.days):
            self._days = self._bars.days
            self.show_span(self._span) if not self._is_moved else self._refresh()

    def csv_text(self) -> str:
        """Return the visible bars as CSV."""
        bars, out = self._bars, io.StringIO()
        writer = csv.writer(out)
        writer.writerow((tr("Date"), tr("Open"), tr("High"), tr("Low"), tr("Close"), tr("Volume")))
        for day in visible(bars.days, self.visible_days()):
            place = bars.place_of(day) or 0
            values = (bars.open, bars.high, bars.low, bars.close, bars.volume)
            writer.writerow((day_of(day).isoformat(), *(exact(float(each[place])) for each in values)))
        return out.getvalue()

    def _make_canvas(self) -> Canvas:
        self._candles = CandleCanvas(self._style)
        return self._candles

    def _make_traces(self, left: float, right: float) -> tuple[Trace, ...]:
        shown = self.shown_lines()
        if not shown:
            return ()
        price = trace(shown[0], left, right, self._scale)
        return (price, *(self._led(line, left, right) for line in shown[1:]))

    def _led(self, line: Line, left: float, right: float) -> Trace:
        """Return a line that starts where the price starts."""
        common = np.intersect1d(line.days, self._bars.days, assume_unique=True)
        common = common[common >= left]
        factor = np.nan
        if len(common):
            price, value = self._bars.place_of(float(common[0])), line.value_at(float(common[0]))
            factor = self._bars.close[price] / value if price is not None and value else np.nan
        inside = slice(*(int(place) for place in np.searchsorted(line.days, (left, right + 1))))
        led = heights(line.values[inside] * factor, self._scale, 1.0)
        return Trace(line, line.days[inside], led, float(factor))

    def _value_range(self, left: float, right: float) -> tuple[float, float]:
        """Return the range of the prices with room for the volume below them."""
        found = price_range(self._bars, left, right)
        if found is None:
            return 0.0, 1.0
        ends = heights(np.array(found), self._scale, 1.0)
        values = [ends, *(one.heights[np.isfinite(one.heights)] for one in self._traces[1:])]
        low, high = min(each.min() for each in values if len(each)), max(each.max() for each in values if len(each))
        room = (high - low) * ROOM_ABOVE or abs(high) * ROOM_ABOVE or 1.0
        low, high = low - room, high + room
        return float(low - (high - low) * VOLUME_SHARE / (1 - VOLUME_SHARE)), float(high)

    def _rows(self, day: float) -> tuple[Reading, ...]:
        place = self._bars.place_of(day)
        if place is None:
            return ()
        return (*_bar_rows(self._bars, place, self._facts), *(self._overlay(one, day) for one in self._traces[1:]))

    def _overlay(self, one: Trace, day: float) -> Reading:
        value = one.line.value_at(day)
        if value is None:
            return Reading(one.line.name, formats.NOTHING, one.line.place, None)
        height = float(heights(np.array([value * one.base]), self._scale, 1.0)[0])
        return Reading(one.line.name, formats.plain(value, 2), one.line.place, height)


def _bar_rows(bars: Bars, place: int, facts: ChartFacts) -> list[Reading]:
    def row(name: str, text: str) -> Reading:
        return Reading(name, text, None, None)

    close = facts.value_format(float(bars.close[place]))
    if bars.is_halted(place):
        return [row(tr("Close"), close), row(tr("No trade"), tr("close carried"))]
    rows = [
        row(title, facts.value_format(float(values[place])))
        for title, values in ((tr("Open"), bars.open), (tr("High"), bars.high), (tr("Low"), bars.low))
    ]
    rows.append(row(tr("Close"), close))
    if place:
        rows.append(row(tr("Change"), formats.percent(float(bars.close[place] / bars.close[place - 1] - 1) * 100)))
    rows.append(row(tr("Volume"), formats.number(float(bars.volume[place]))))
    return rows
