"""Draws the parts of a total as areas under its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from tray_app.ui.charts.canvas import HALF_PIXEL, Canvas, Scene
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.charts.frame import Frame
    from tray_app.ui.charts.stack import Layer, Stack
    from tray_app.ui.charts.traces import Numbers
    from tray_app.ui.style.style import Style

AREA_OPACITY = 0.55


class StackCanvas(Canvas):
    """The traces of its scene are drawn over the areas."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._stack: Stack | None = None

    def show_stack(self, stack: Stack) -> None:
        """Draw other areas with the next scene."""
        self._stack = stack

    def pen(self, place: int) -> QPen:
        """Return a pen as wide as it must be to stand out from the areas."""
        pen = super().pen(place)
        pen.setWidth(self._style.theme.metrics.focus)
        return pen

    def _paint_lines(self, painter: QPainter, scene: Scene) -> None:
        if self._stack is not None and len(self._stack.days):
            # Edges that are not smoothed leave no seam between neighbouring areas.
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
            across = scene.frame.xs(self._stack.days)
            for layer in self._stack.layers:
                self._paint_layer(painter, scene.frame, across, layer)
            self._paint_zero(painter, scene.frame)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        super()._paint_lines(painter, scene)

    def _paint_layer(self, painter: QPainter, frame: Frame, across: Numbers, layer: Layer) -> None:
        colour = self._style.theme.series_color(layer.place)
        colour.setAlphaF(AREA_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for base, top in ((layer.base_above, layer.top_above), (layer.base_below, layer.top_below)):
            around = np.concatenate((across, across[::-1]))
            edge = np.concatenate((frame.ys(top), frame.ys(base)[::-1]))
            painter.drawPolygon(arrayToQPolygonF(around, edge))
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _paint_zero(self, painter: QPainter, frame: Frame) -> None:
        y = round(frame.y(0)) + HALF_PIXEL
        painter.setPen(QPen(self._style.theme.color(Token.SECONDARY), 0))
        painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y))
