"""Draws candles and volume under the lines of the canvas."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from tray_app.ui.charts.bars import Bars, Candles, candles
from tray_app.ui.charts.canvas import Canvas, Scene, Tag
from tray_app.ui.charts.traces import heights
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.charts.frame import Frame
    from tray_app.ui.charts.traces import Numbers
    from tray_app.ui.style.style import Style

CANDLE_ROOM = 3
BODY_SHARE = 0.7
LEAST_BODY = 2.0
VOLUME_SHARE = 0.16
VOLUME_OPACITY = 0.35


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
