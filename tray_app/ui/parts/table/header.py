"""The header of a table: quiet titles, a marker at the sorted one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QHeaderView, QWidget

from tray_app.ui.parts.table.delegate import LEFT, RIGHT
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from tray_app.ui.parts.table.model import TableModel
    from tray_app.ui.style.style import Style


class TableHeader(QHeaderView):
    """Stays at the top while the rows scroll; a click sorts."""

    def __init__(self, style: Style, model: TableModel, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._style = style
        self._columns = model
        self.setSectionsClickable(True)
        self.setHighlightSections(False)
        self.setFixedHeight(style.theme.metrics.row)
        self.setMinimumSectionSize(style.theme.metrics.column_least)

    def title_width(self, section: int) -> int:
        """Return the room a title needs beside its marker."""
        metrics = self._style.theme.metrics
        advance = QFontMetrics(self._title_font(strong=True)).horizontalAdvance(self._columns.columns[section].title)
        return advance + 2 * metrics.small + metrics.large

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        """Draw the titles, and the line below them to the very end."""
        super().paintEvent(event)
        painter = QPainter(self.viewport())
        painter.setPen(self._style.theme.color(Token.BORDER))
        painter.drawLine(self.length(), self.height() - 1, self.width(), self.height() - 1)
        painter.end()

    def paintSection(self, painter: QPainter, rect: QRect, logicalIndex: int) -> None:  # noqa: N802, N803
        """Draw one title."""
        theme, metrics = self._style.theme, self._style.theme.metrics
        painter.save()
        painter.fillRect(rect, theme.color(Token.SURFACE))
        painter.setPen(theme.color(Token.BORDER))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())
        if 0 <= logicalIndex < len(self._columns.columns):
            column = self._columns.columns[logicalIndex]
            is_sorted = logicalIndex == self._columns.sorted_column
            inner = rect.adjusted(metrics.small, 0, -metrics.small, 0)
            painter.setFont(self._title_font(strong=is_sorted))
            painter.setPen(theme.color(Token.TEXT if is_sorted else Token.SECONDARY))
            if is_sorted:
                inner = self._paint_marker(painter, inner, at_left=column.kind.right_aligned)
            metrics_of_font = painter.fontMetrics()
            title = metrics_of_font.elidedText(column.title, Qt.TextElideMode.ElideRight, inner.width())
            painter.drawText(inner, RIGHT if column.kind.right_aligned else LEFT, title)
        painter.restore()

    def _title_font(self, *, strong: bool) -> QFont:
        return self._style.theme.font(FontSize.LABEL, strong=strong)

    def _paint_marker(self, painter: QPainter, inner: QRect, *, at_left: bool) -> QRect:
        """Draw the sort direction on the side away from the text and return the room left."""
        room = self._style.theme.metrics.medium
        half = self._style.theme.metrics.tight
        centre = QRect(inner.left() if at_left else inner.right() - room, inner.top(), room, inner.height()).center()
        up = -1 if self._columns.sort_order is Qt.SortOrder.AscendingOrder else 1
        tip, base = centre.y() + up * half / 2, centre.y() - up * half / 2
        points = [(centre.x() - half, base), (centre.x() + half, base), (centre.x(), tip)]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.theme.color(Token.ACCENT))
        painter.drawPolygon(QPolygonF([QPointF(x, y) for x, y in points]))
        painter.restore()
        return inner.adjusted(room, 0, 0, 0) if at_left else inner.adjusted(0, 0, -room, 0)
