"""The chart of an issue's daily bars: candles, volume below them, and other lines led to the same start."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from tray_app.core.words import tr
from tray_app.ui.charts.bars import Bars, Candles, candles, price_range
from tray_app.ui.charts.canvas import Canvas, Frame, Scene, Tag
from tray_app.ui.charts.crosshair import Reading
from tray_app.ui.charts.export import as_csv
from tray_app.ui.charts.plot import ROOM_ABOVE, Plot
from tray_app.ui.charts.traces import Line, Trace, days_between, heights, line_of, trace
from tray_app.ui.labels import formats
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.charts.series import ChartFacts, Series
    from tray_app.ui.charts.traces import Numbers
    from tray_app.ui.style.style import Style

CANDLE_ROOM = 3
BODY_SHARE = 0.7
LEAST_BODY = 2.0
VOLUME_SHARE = 0.16
VOLUME_OPACITY = 0.35
PRICE = "price"


@dataclass(frozen=True, eq=False, slots=True)
class _Columns:
    """Where candles stand, in pixels."""

    centre: Numbers
    left: Numbers
    width: Numbers


class CandleCanvas(Canvas):
    """The first trace of its scene is the close, which the candles show; the others are drawn as lines."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._bars: Bars | None = None

    def show_bars(self, bars: Bars) -> None:
        """Draw other bars with the next scene."""
        self._bars = bars

    def _paint_lines(self, painter: QPainter, scene: Scene) -> None:
        if self._bars is not None and len(self._bars.days):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            most = int(scene.frame.area.width() / CANDLE_ROOM)
            shown = candles(self._bars, scene.frame.left, scene.frame.right, most)
            columns = _columns(scene.frame, shown)
            self._paint_volume(painter, scene.frame, shown, columns)
            self._paint_candles(painter, scene, shown, columns)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super()._paint_lines(painter, replace(scene, traces=scene.traces[1:]))

    def _paint_volume(self, painter: QPainter, frame: Frame, shown: Candles, columns: _Columns) -> None:
        most = float(shown.volume.max()) if len(shown.volume) else 0.0
        if not most:
            return
        tall = shown.volume / most * frame.area.height() * VOLUME_SHARE
        for place, height in enumerate(tall):
            colour = QColor(self._style.theme.price_color(float(shown.rises[place])))
            colour.setAlphaF(VOLUME_OPACITY)
            rect = QRectF(columns.left[place], frame.area.bottom() - height, columns.width[place], height)
            painter.fillRect(rect, colour)

    def _paint_candles(self, painter: QPainter, scene: Scene, shown: Candles, columns: _Columns) -> None:
        opened, high, low, close = (
            scene.frame.ys(heights(each, scene.scale, 1.0)) for each in (shown.open, shown.high, shown.low, shown.close)
        )
        known = np.isfinite(opened) & np.isfinite(low) & np.isfinite(close)
        halted = QPen(self._style.theme.color(Token.PAUSED), 0)
        for place in np.flatnonzero(known):
            left, width, centre = columns.left[place], columns.width[place], columns.centre[place]
            if shown.is_halted[place]:
                painter.setPen(halted)
                painter.drawLine(QLineF(left, close[place], left + width, close[place]))
                continue
            colour = self._style.theme.price_color(float(shown.rises[place]))
            painter.setPen(QPen(colour, 0))
            painter.drawLine(QLineF(centre, high[place], centre, low[place]))
            if width >= LEAST_BODY:
                top, bottom = min(opened[place], close[place]), max(opened[place], close[place])
                painter.fillRect(QRectF(left, top, width, max(1.0, bottom - top)), colour)

    def _tags(self, scene: Scene) -> list[Tag]:
        """Return the last close in the colour of its change, and the names of the lines."""
        tags = super()._tags(scene)
        if not tags or self._bars is None or not len(self._bars.close):
            return tags
        close = self._bars.close
        change = float(close[-1] - close[-2]) if len(close) > 1 else 0.0
        first = replace(tags[0], colour=self._style.theme.price_color(change))
        return [first, *(self._named(tag, one.line.name) for tag, one in zip(tags[1:], scene.traces[1:], strict=False))]

    def _named(self, tag: Tag, name: str) -> Tag:
        room = self.font_metrics.horizontalAdvance(name) + self._style.theme.metrics.small
        return replace(tag, text=name, rect=QRectF(tag.rect.left(), tag.rect.top(), room, tag.rect.height()))


def _columns(frame: Frame, shown: Candles) -> _Columns:
    """Return whole pixels, so that neighbours are alike."""
    day = frame.area.width() / (frame.right - frame.left)
    width = np.maximum(1.0, np.floor((shown.last - shown.first + 1) * day * BODY_SHARE))
    centre = np.round(frame.xs((shown.first + shown.last) / 2)) + 0.5
    return _Columns(centre, np.floor(centre - width / 2), width)


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
            self.show_span(self.span) if not self._is_moved else self._refresh()

    def csv_text(self) -> str:
        """Return the visible bars as CSV."""
        bars = self._bars
        titles = (tr("Open"), tr("High"), tr("Low"), tr("Close"), tr("Volume"))
        columns = (bars.open, bars.high, bars.low, bars.close, bars.volume)
        shown = days_between(bars.days, self.visible_days())

        def values_of(day: float) -> list[float]:
            place = bars.place_of(day) or 0
            return [float(each[place]) for each in columns]

        return as_csv(titles, shown, values_of)

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
        values = [ends, *(one.heights[np.isfinite(one.heights)] for one in self.traces[1:])]
        low, high = min(each.min() for each in values if len(each)), max(each.max() for each in values if len(each))
        room = (high - low) * ROOM_ABOVE or abs(high) * ROOM_ABOVE or 1.0
        low, high = low - room, high + room
        return float(low - (high - low) * VOLUME_SHARE / (1 - VOLUME_SHARE)), float(high)

    def _rows(self, day: float) -> tuple[Reading, ...]:
        place = self._bars.place_of(day)
        if place is None:
            return ()
        return (*_bar_rows(self._bars, place, self._facts), *(self._overlay(one, day) for one in self.traces[1:]))

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
