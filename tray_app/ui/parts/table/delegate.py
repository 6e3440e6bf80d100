"""Paints the cells of a table straight from its rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from tray_app.ui.labels.status import Status, style_of
from tray_app.ui.parts.table.model import Kind
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.parts.table.model import TableModel
    from tray_app.ui.style.style import Style

LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


class TableDelegate(QStyledItemDelegate):
    """Knows the row under the mouse and the colours of the theme."""

    def __init__(self, style: Style, model: TableModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.hovered_row = -1
        self.current_row = -1
        self._style = style
        self._model = model
        self._font = style.theme.font(tabular=True)
        self._metrics = QFontMetrics(self._font)
        self._widest_letter = self._metrics.height()
        self._sides = [RIGHT if column.kind.right_aligned else LEFT for column in model.columns]
        self._gap = style.theme.metrics.small
        self.take_colours()
        style.theme.changed.connect(self.take_colours)

    def take_colours(self) -> None:
        """Look up the colours once for each change of theme instead of once for each cell."""
        theme = self._style.theme
        self._ink, self._muted = theme.color(Token.TEXT), theme.color(Token.SECONDARY)
        self._selected, self._on_selected = theme.color(Token.SELECTION), theme.color(Token.ON_SELECTION)
        self._own_ink_stays = self._ink == self._on_selected
        self._hover, self._zebra = theme.color(Token.HOVER), theme.color(Token.ZEBRA)
        self._rule, self._focus = QPen(theme.color(Token.GRID)), QPen(theme.color(Token.ACCENT))
        styles = {status: style_of(status) for status in Status}
        self._icons = {status: self._style.icons.icon(style.icon, style.token) for status, style in styles.items()}
        self._inks = {status: theme.color(style.token) for status, style in styles.items()}
        self._up, self._down = theme.color(Token.UP), theme.color(Token.DOWN)
        self._link = theme.color(Token.ACCENT)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        """Draw one cell."""
        row, column = index.row(), index.column()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._paint_ground(painter, rect, row, selected=selected)
        value = self._model.row(row)[column]
        inner = rect.adjusted(self._gap, 0, -self._gap, 0)
        if isinstance(value, Status):
            inner = self._paint_status(painter, inner, value)
        ink = self._ink_of(self._model.columns[column].kind, value)
        if selected and not self._own_ink_stays:
            ink = self._on_selected
        text = self._model.texts(row)[column]
        if len(text) * self._widest_letter > inner.width() < self._metrics.horizontalAdvance(text):
            text = self._metrics.elidedText(text, Qt.TextElideMode.ElideRight, inner.width())
        painter.setFont(self._font)
        painter.setPen(ink)
        painter.drawText(inner, self._sides[column], text)
        if row == self.current_row and state & QStyle.StateFlag.State_Active:
            self._paint_focus(painter, rect)

    def sizeHint(  # noqa: N802
        self,
        option: QStyleOptionViewItem,  # noqa: ARG002
        index: QModelIndex | QPersistentModelIndex,
    ) -> QSize:
        """Return the room a cell's text needs."""
        metrics = self._style.theme.metrics
        text = self._model.texts(index.row())[index.column()]
        room = self._metrics.horizontalAdvance(text) + 2 * metrics.small + metrics.tight
        if self._model.columns[index.column()].kind is Kind.STATUS:
            room += metrics.icon + metrics.tight
        return QSize(room, metrics.row)

    def _paint_ground(self, painter: QPainter, rect: QRect, row: int, *, selected: bool) -> None:
        if selected:
            painter.fillRect(rect, self._selected)
        elif row == self.hovered_row:
            painter.fillRect(rect, self._hover)
        elif row % 2:
            painter.fillRect(rect, self._zebra)
        painter.setPen(self._rule)
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_focus(self, painter: QPainter, rect: QRect) -> None:
        painter.setPen(self._focus)
        painter.drawLine(rect.topLeft(), rect.topRight())
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_status(self, painter: QPainter, rect: QRect, status: Status) -> QRect:
        """Draw the state's icon and return the room left for its word."""
        metrics = self._style.theme.metrics
        top = rect.top() + (rect.height() - metrics.icon) // 2
        place = QRect(rect.left(), top, metrics.icon, metrics.icon)
        self._icons[status].paint(painter, place)
        return rect.adjusted(metrics.icon + metrics.tight, 0, 0, 0)

    def _ink_of(self, kind: Kind, value: object) -> QColor:
        if isinstance(value, Status):
            return self._inks[value]
        if value is None:
            return self._muted
        if kind is Kind.LINK:
            return self._link
        if kind is Kind.CHANGE and isinstance(value, int | float):
            return self._up if value > 0 else self._down if value < 0 else self._muted
        return self._muted if kind is Kind.DATE else self._ink
