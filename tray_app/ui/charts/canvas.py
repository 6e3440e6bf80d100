"""Draws grid, bands, lines, axis labels and last values in one pass over the visible points."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyqtgraph as pg
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from tray_app.ui.charts.series import Scale
from tray_app.ui.charts.ticks import Tick, date_ticks, value_ticks
from tray_app.ui.charts.traces import Trace, decimate, runs, value_of
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tray_app.ui.charts.traces import Numbers
    from tray_app.ui.labels.bands import Band
    from tray_app.ui.style.style import Style

POINTS_PER_FRAME = 24_000
FEW_LINES = 4
DASHES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine)
BAND_OPACITY = 0.10
WORD_OPACITY = 0.75
HALF_PIXEL = 0.5


@dataclass(frozen=True)
class Frame:
    """The plot's rectangle in pixels and the days and heights at its edges."""

    area: QRectF
    left: float
    right: float
    low: float
    high: float

    def x(self, day: float) -> float:
        """Return the pixel of a day."""
        return self.area.left() + (day - self.left) / (self.right - self.left) * self.area.width()

    def y(self, height: float) -> float:
        """Return the pixel of a height."""
        return self.area.bottom() - (height - self.low) / (self.high - self.low) * self.area.height()

    def xs(self, days: Numbers) -> Numbers:
        """Return the pixels of many days."""
        return self.area.left() + (days - self.left) * (self.area.width() / (self.right - self.left))

    def ys(self, heights: Numbers) -> Numbers:
        """Return the pixels of many heights."""
        return self.area.bottom() - (heights - self.low) * (self.area.height() / (self.high - self.low))

    def day(self, x: float) -> float:
        """Return the day at a pixel."""
        return self.left + (x - self.area.left()) / self.area.width() * (self.right - self.left)


@dataclass(frozen=True)
class Scene:
    """Everything one drawing needs."""

    frame: Frame
    traces: tuple[Trace, ...]
    scale: Scale
    bands: tuple[Band, ...]
    value_format: Callable[[float], str]
    focused: bool = False
    marked: float | None = None


@dataclass(frozen=True)
class Tag:
    """A last value's label at the axis."""

    rect: QRectF
    text: str
    colour: QColor


class Sheet(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph carries no types
    """A drawing over the whole view, in its pixels."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._bounds = QRectF()
        self._font = style.theme.font(FontSize.LABEL, tabular=True)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:  # noqa: N802
        """Return the whole view."""
        return self._bounds

    def _draw_within(self, bounds: QRectF) -> None:
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self.update()


class Canvas(Sheet):
    """Draws a scene: thin lines take the painter's fast path at every scale."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._scene: Scene | None = None
        self.font_metrics = QFontMetricsF(self._font)

    def show_scene(self, scene: Scene, bounds: QRectF) -> None:
        """Draw something else."""
        self._scene = scene
        self._draw_within(bounds)

    def ticks(self, frame: Frame, scale: Scale) -> list[Tick]:
        """Return the ticks of the value axis."""
        count = max(2, int(frame.area.height() / self._style.theme.metrics.value_tick))
        return value_ticks(frame.low, frame.high, count, scale)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Draw the scene."""
        scene = self._scene
        if scene is None or scene.frame.area.width() < 1 or scene.frame.area.height() < 1:
            return
        painter.setFont(self._font)
        tags = self._tags(scene)
        with _stage(painter, scene.frame.area):
            for band in scene.bands:
                self._paint_band(painter, scene.frame, band)
        with _stage(painter, self._bounds):
            self._paint_axes(painter, scene, tags)
        with _stage(painter, scene.frame.area):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_lines(painter, scene)
        with _stage(painter, scene.frame.area):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_mark(painter, scene)
            for band in scene.bands:
                self._paint_word(painter, scene.frame, band)
        with _stage(painter, self._bounds):
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_tags(painter, tags)
        if scene.focused:
            with _stage(painter, self._bounds):
                painter.setPen(self._style.theme.color(Token.ACCENT))
                painter.drawRect(self._bounds.adjusted(0, 0, -1, -1))

    def _paint_band(self, painter: QPainter, frame: Frame, band: Band) -> None:
        wash = self._style.theme.color(band.token)
        wash.setAlphaF(BAND_OPACITY)
        painter.fillRect(_strip(frame, band), wash)

    def _paint_mark(self, painter: QPainter, scene: Scene) -> None:
        """Draw a line on the day that something beside the chart speaks of."""
        if scene.marked is not None:
            x, area = round(scene.frame.x(scene.marked)) + HALF_PIXEL, scene.frame.area
            painter.setPen(QPen(self._style.theme.color(Token.ACCENT), self._style.theme.metrics.hairline))
            painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    def _paint_word(self, painter: QPainter, frame: Frame, band: Band) -> None:
        """Draw the band's word over the line, on ground of its own."""
        metrics = self._style.theme.metrics
        room = self.font_metrics.boundingRect(band.word).adjusted(-metrics.tight, 0, metrics.tight, 0)
        room.moveCenter(_strip(frame, band).center())
        room.moveLeft(frame.area.left() + metrics.tight)
        ground = self._style.theme.color(Token.SURFACE)
        ground.setAlphaF(WORD_OPACITY)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(room, metrics.focus, metrics.focus)
        painter.setPen(self._style.theme.color(band.token))
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter, band.word)

    def _paint_axes(self, painter: QPainter, scene: Scene, tags: list[Tag]) -> None:
        frame, metrics, theme = scene.frame, self._style.theme.metrics, self._style.theme
        grid, ink = QPen(theme.color(Token.GRID), 0), theme.color(Token.SECONDARY)
        tall = self.font_metrics.height()
        for tick in self.ticks(frame, scene.scale):
            y = round(frame.y(tick.place)) + HALF_PIXEL
            if not scene.bands:
                painter.setPen(grid)
                painter.drawLine(QPointF(frame.area.left(), y), QPointF(frame.area.right(), y))
            if all(abs(tag.rect.center().y() - y) > tall for tag in tags):
                painter.setPen(ink)
                painter.drawText(QPointF(frame.area.right() + metrics.small, y + tall / 3), tick.text)
        count = max(1, int(frame.area.width() / metrics.date_tick))
        for tick in date_ticks(frame.left, frame.right, count):
            x = round(frame.x(tick.place)) + HALF_PIXEL
            painter.setPen(grid)
            painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()))
            half = self.font_metrics.horizontalAdvance(tick.text) / 2
            if frame.area.left() <= x - half and x + half <= self._bounds.right():
                painter.setPen(ink)
                painter.drawText(QPointF(x - half, frame.area.bottom() + metrics.tight + tall * 3 / 4), tick.text)

    def _paint_lines(self, painter: QPainter, scene: Scene) -> None:
        ratio = painter.device().devicePixelRatioF()
        few = len(scene.traces) <= FEW_LINES
        wide = scene.frame.area.width() * ratio
        shifts = ((0.0, 0.0), (0.0, HALF_PIXEL / ratio), (HALF_PIXEL / ratio, 0.0))
        count = 1 + (ratio > 1) + few
        affordable = POINTS_PER_FRAME / (1 + count) / max(1, len(scene.traces))
        buckets = int(min(wide, affordable))
        for trace in scene.traces:
            painter.setPen(self.pen(trace.line.place))
            for polygon in self._polygons(scene.frame, trace, buckets):
                if polygon.size() == 1:
                    self._paint_dot(painter, trace, polygon.first())
                    continue
                for across, down in shifts[:count]:
                    painter.translate(across, down)
                    painter.drawPolyline(polygon)
                    painter.translate(-across, -down)

    def _paint_dot(self, painter: QPainter, trace: Trace, place: QPointF) -> None:
        """Draw a day between two gaps, which a line would not show."""
        painter.setBrush(self._style.theme.series_color(trace.line.place))
        painter.drawEllipse(place, self._style.theme.metrics.focus, self._style.theme.metrics.focus)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def pen(self, place: int) -> QPen:
        """Return the pen of the n-th line: a hairline, as wider ones are many times slower."""
        dash = DASHES[place // len(self._style.theme.tokens.series) % len(DASHES)]
        return QPen(self._style.theme.series_color(place), 0, dash)

    def _polygons(self, frame: Frame, trace: Trace, buckets: int) -> list[QPolygonF]:
        across, down = frame.xs(trace.days), frame.ys(trace.heights)
        share = buckets / max(1, len(down))
        polygons = []
        for run in runs(trace.heights):
            many = max(1, int(share * (run.stop - run.start)))
            xs, ys = decimate(across[run], down[run], many)
            polygons.append(arrayToQPolygonF(xs, ys))
        return polygons

    def _tags(self, scene: Scene) -> list[Tag]:
        """Return the last values' labels, moved apart; the first lines' when there is no room for all."""
        frame, metrics = scene.frame, self._style.theme.metrics
        tall = self.font_metrics.height() + metrics.hairline
        ends = [(trace, last[1]) for trace in scene.traces if (last := trace.last())]
        ends = ends[: int(frame.area.height() / tall)]
        places = spread([frame.y(height) for _, height in ends], tall, frame.area.top(), frame.area.bottom())
        tags = []
        for (trace, height), y in zip(ends, places, strict=True):
            text = scene.value_format(value_of(height, scene.scale))
            room = self.font_metrics.horizontalAdvance(text) + metrics.small
            rect = QRectF(frame.area.right() + metrics.tight, y - tall / 2, room, tall)
            tags.append(Tag(rect, text, self._style.theme.series_color(trace.line.place)))
        return tags

    def _paint_tags(self, painter: QPainter, tags: list[Tag]) -> None:
        corner = self._style.theme.metrics.focus
        for tag in tags:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(tag.colour)
            painter.drawRoundedRect(tag.rect, corner, corner)
            painter.setPen(self._style.theme.ink_on(tag.colour))
            painter.drawText(tag.rect, Qt.AlignmentFlag.AlignCenter, tag.text)


def spread(places: list[float], height: float, top: float, bottom: float) -> list[float]:
    """Move the centres of labels of one height apart, as little as needed, between top and bottom."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    least = top + height / 2
    for index in order:
        moved[index] = max(moved[index], least)
        least = moved[index] + height
    most = bottom - height / 2
    for index in reversed(order):
        moved[index] = min(moved[index], most)
        most = moved[index] - height
    return moved


@contextmanager
def _stage(painter: QPainter, area: QRectF) -> Iterator[None]:
    """Draw within an area; whatever pen, brush or hint is set meanwhile, the next stage begins without it."""
    painter.save()
    painter.setClipRect(area)
    try:
        yield
    finally:
        painter.restore()


def _strip(frame: Frame, band: Band) -> QRectF:
    top = frame.y(band.high)
    return QRectF(frame.area.left(), top, frame.area.width(), frame.y(band.low) - top)
