"""The crosshair and its value box."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from tray_app.ui.charts.frame import Frame, box_place
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

    from tray_app.ui.charts.readings import Reading, Readings
    from tray_app.ui.style.style import Style


class Crosshair(pg.GraphicsObject):  # type: ignore[misc] # pyqtgraph carries no types
    """Draws above the canvas, so that moving it redraws no line."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._font = style.theme.font(FontSize.LABEL, tabular=True)
        self._strong = style.theme.font(FontSize.LABEL, strong=True, tabular=True)
        self._measure = QFontMetricsF(self._strong)
        self._readings: Readings | None = None
        self._frame: Frame | None = None
        self._bounds = QRectF()
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def show_readings(self, readings: Readings | None, frame: Frame, bounds: QRectF) -> None:
        """Point at something else, or at nothing."""
        if bounds != self._bounds:
            self.prepareGeometryChange()
            self._bounds = bounds
        self._readings, self._frame = readings, frame
        self.update()

    def boundingRect(self) -> QRectF:  # noqa: N802
        """Return the whole view."""
        return self._bounds

    def box(self) -> QRectF | None:
        """Return the value box's rectangle."""
        if self._readings is None or self._frame is None:
            return None
        metrics = self._style.theme.metrics
        wide = self._name_width() + self._value_width() + metrics.swatch + 2 * metrics.small + metrics.medium
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
        ground = QColor(theme.color(Token.RAISED))
        painter.setPen(QPen(theme.color(Token.BORDER), metrics.hairline))
        painter.setBrush(ground)
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

    def _name_width(self) -> float:
        return max((self._measure.horizontalAdvance(row.name) for row in self._shown()), default=0.0)

    def _value_width(self) -> float:
        return max((self._measure.horizontalAdvance(row.text) for row in self._shown()), default=0.0)
