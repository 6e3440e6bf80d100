"""The crosshair, its value box, and what it points at in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from tray_app.ui.charts.canvas import Frame, Sheet
from tray_app.ui.charts.series import Scale
from tray_app.ui.labels.formats import NOTHING, plain
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tray_app.ui.charts.traces import Trace
    from tray_app.ui.style.style import Style


@dataclass(frozen=True)
class Reading:
    """One line's value under the crosshair; without a place it has no colour and no dot."""

    name: str
    text: str
    place: int | None
    height: float | None


@dataclass(frozen=True)
class Readings:
    """What the crosshair points at."""

    day: float
    title: str
    rows: tuple[Reading, ...]
    cursor: QPointF

    def spoken(self) -> str:
        """Return the same in one sentence, for a screen reader."""
        return ", ".join((self.title, *(f"{row.name} {row.text}" for row in self.rows)))


class Crosshair(Sheet):
    """Draws above the canvas, so that moving it redraws no line."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self._strong = style.theme.font(FontSize.LABEL, strong=True, tabular=True)
        self._measure = QFontMetricsF(self._strong)
        self._readings: Readings | None = None
        self._frame: Frame | None = None

    def show_readings(self, readings: Readings | None, frame: Frame, bounds: QRectF) -> None:
        """Point at something else, or at nothing."""
        self._readings, self._frame = readings, frame
        self._draw_within(bounds)

    def box(self) -> QRectF | None:
        """Return the value box's rectangle."""
        if self._readings is None or self._frame is None:
            return None
        metrics = self._style.theme.metrics
        texts = self._widest(row.name for row in self._shown()) + self._widest(row.text for row in self._shown())
        wide = texts + metrics.swatch + 2 * metrics.small + metrics.medium
        wide = max(wide, self._measure.horizontalAdvance(self._readings.title) + 2 * metrics.small)
        tall = self._row_height() * (1 + len(self._shown())) + metrics.small
        size = QSizeF(wide, tall)
        return QRectF(box_place(self._readings.cursor, size, self._frame.area, metrics.large), size)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:  # noqa: ARG002
        """Draw the line, a dot on every curve and the box."""
        readings, frame, box = self._readings, self._frame, self.box()
        if readings is None or frame is None or box is None:
            return
        theme, metrics = self._style.theme, self._style.theme.metrics
        x = round(frame.x(readings.day)) + 0.5
        painter.setPen(QPen(theme.color(Token.SECONDARY), 0, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, frame.area.top()), QPointF(x, frame.area.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row in readings.rows:
            if row.place is not None and row.height is not None and frame.low <= row.height <= frame.high:
                painter.setPen(QPen(theme.color(Token.SURFACE), metrics.focus))
                painter.setBrush(theme.series_color(row.place))
                painter.drawEllipse(QPointF(x, frame.y(row.height)), metrics.tight, metrics.tight)
        self._paint_box(painter, box, readings)

    def _paint_box(self, painter: QPainter, box: QRectF, readings: Readings) -> None:
        theme, metrics = self._style.theme, self._style.theme.metrics
        painter.setPen(QPen(theme.color(Token.BORDER), metrics.hairline))
        painter.setBrush(theme.color(Token.RAISED))
        painter.drawRoundedRect(box, metrics.tight, metrics.tight)
        tall = self._row_height()
        left, right = box.left() + metrics.small, box.right() - metrics.small
        line = QRectF(left, box.top() + metrics.tight, right - left, tall)
        painter.setFont(self._strong)
        painter.setPen(theme.color(Token.TEXT))
        painter.drawText(line, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, readings.title)
        painter.setFont(self._font)
        for row in self._shown():
            line.translate(0, tall)
            if row.place is not None:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(theme.series_color(row.place))
                dot = QPointF(left + metrics.swatch / 2, line.center().y())
                painter.drawEllipse(dot, metrics.swatch / 2, metrics.swatch / 2)
            painter.setPen(theme.color(Token.SECONDARY))
            text = line.adjusted(metrics.swatch + metrics.tight, 0, 0, 0)
            painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, row.name)
            painter.setPen(theme.color(Token.TEXT))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, row.text)

    def _shown(self) -> tuple[Reading, ...]:
        """Return the rows there is room for."""
        if self._readings is None or self._frame is None:
            return ()
        room = int((self._frame.area.height() - self._style.theme.metrics.small) / self._row_height()) - 1
        return self._readings.rows[: max(1, room)]

    def _row_height(self) -> float:
        return self._measure.height() + self._style.theme.metrics.hairline

    def _widest(self, texts: Iterable[str]) -> float:
        return max(map(self._measure.horizontalAdvance, texts), default=0.0)


def reading_of(one: Trace, day: float, scale: Scale, value_format: Callable[[float], str]) -> Reading:
    """Return a line's value on a day, or that there is none."""
    value = one.line.value_at(day)
    if value is None:
        return Reading(one.line.name, NOTHING, one.line.place, None)
    height = one.height_of(value, scale)
    shown = height if scale is Scale.REBASED else value
    return Reading(one.line.name, value_format(shown) if shown is not None else NOTHING, one.line.place, height)


def rebased_format(height: float) -> str:
    """Return an index value that started at 100."""
    return plain(height, 2)


def box_place(cursor: QPointF, size: QSizeF, area: QRectF, gap: float) -> QPointF:
    """Return the corner of a box beside the cursor, on the side with more room, never over it."""
    at_left = cursor.x() - area.left() > area.right() - cursor.x()
    x = cursor.x() - gap - size.width() if at_left else cursor.x() + gap
    top = min(max(area.top(), cursor.y() - size.height() / 2), max(area.top(), area.bottom() - size.height()))
    return QPointF(x, top)
