"""The chart of a total and the parts it is made of, as areas above and below zero."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPen

from tray_app.ui.charts.canvas import HALF_PIXEL, Canvas, Frame, Scene
from tray_app.ui.charts.crosshair import Reading
from tray_app.ui.charts.plot import ROOM_ABOVE, Plot
from tray_app.ui.charts.traces import Line, Trace, trace
from tray_app.ui.labels.formats import NOTHING
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tray_app.ui.charts.series import ChartFacts
    from tray_app.ui.charts.traces import Numbers
    from tray_app.ui.style.style import Style

AREA_OPACITY = 0.55
PIXELS_PER_DAY = 2
FIRST_PART = 1


@dataclass(frozen=True, eq=False, slots=True)
class Layer:
    """One part's areas: from base to top above zero, and likewise below."""

    place: int
    base_above: Numbers
    top_above: Numbers
    base_below: Numbers
    top_below: Numbers


@dataclass(frozen=True, eq=False, slots=True)
class Stack:
    """The areas of the visible days."""

    days: Numbers
    layers: tuple[Layer, ...]

    def extent(self) -> tuple[float, float] | None:
        """Return the lowest and the highest edge."""
        if not self.layers or not len(self.days):
            return None
        return float(self.layers[-1].top_below.min()), float(self.layers[-1].top_above.max())


def stack(parts: Sequence[Line], left: float, right: float, most: int) -> Stack:
    """Return the areas of at most so many days between two edges, one day beyond either of them.

    Parts have the same days. Of many days that share a pixel, the one with the largest sum is drawn with all its parts,
    so that what is seen is a day that was.
    """
    if not parts:
        return Stack(np.empty(0), ())
    days = parts[0].days
    start, stop = (int(place) for place in np.searchsorted(days, (left, right)))
    shown = slice(max(0, start - 1), stop + 1)
    values = np.nan_to_num(np.stack([part.values[shown] for part in parts]))
    kept = _days_kept(values, most)
    return Stack(days[shown][kept], _layers(parts, values[:, kept]))


def _days_kept(values: Numbers, most: int) -> NDArray[np.intp]:
    count = values.shape[1]
    size = max(1, count // max(1, most))
    if size == 1:
        return np.arange(count)
    weight = np.abs(values).sum(axis=0)
    whole = count // size * size
    highest = weight[:whole].reshape(-1, size).argmax(axis=1) + np.arange(0, whole, size)
    return np.concatenate((highest, np.arange(whole, count)))


def _layers(parts: Sequence[Line], values: Numbers) -> tuple[Layer, ...]:
    above, below = np.cumsum(np.maximum(values, 0), axis=0), np.cumsum(np.minimum(values, 0), axis=0)
    ground = np.zeros(values.shape[1])
    return tuple(
        Layer(
            part.place,
            above[number - 1] if number else ground,
            above[number],
            below[number - 1] if number else ground,
            below[number],
        )
        for number, part in enumerate(parts)
    )


class _StackCanvas(Canvas):
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


class StackPlot(Plot):
    """The first line is the total, drawn over the others, which are stacked."""

    def __init__(self, style: Style, facts: ChartFacts) -> None:
        self._stack: Stack | None = None
        super().__init__(style, facts)

    def _parts(self) -> tuple[Line, ...]:
        return tuple(line for line in self.shown_lines() if line.place >= FIRST_PART)

    def _make_canvas(self) -> Canvas:
        self._areas = _StackCanvas(self._style)
        return self._areas

    def _make_traces(self, left: float, right: float) -> tuple[Trace, ...]:
        most = max(1, self.width() // PIXELS_PER_DAY)
        self._stack = stack(self._parts(), left, right, most)
        self._areas.show_stack(self._stack)
        totals = (line for line in self.shown_lines() if line.place < FIRST_PART)
        return tuple(trace(line, left, right, self._scale) for line in totals)

    def _value_range(self, left: float, right: float) -> tuple[float, float]:
        low, high = super()._value_range(left, right) if self.traces else (0.0, 0.0)
        edges = self._stack.extent() if self._stack else None
        if edges is None:
            return low, high
        room = (edges[1] - edges[0]) * ROOM_ABOVE or 1.0
        return min(low, edges[0] - room), max(high, edges[1] + room)

    def _rows(self, day: float) -> tuple[Reading, ...]:
        return (*super()._rows(day), *(self._part_row(line, day) for line in self._parts()))

    def _part_row(self, line: Line, day: float) -> Reading:
        value = line.value_at(day)
        text = NOTHING if value is None else self._facts.value_format(value)
        return Reading(line.name, text, line.place, None)


def lines_or_stack(style: Style, facts: ChartFacts) -> Plot:
    """Return the drawing area of a chart of series."""
    return StackPlot(style, facts) if facts.is_stacked else Plot(style, facts)
