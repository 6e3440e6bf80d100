"""The heat map: a row for every year, a cell for every weekday; state by tone and by pattern."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from tray_app.ui.parts.heat.cells import CellState, paint_cell
from tray_app.ui.parts.heat.grid import COLUMNS, HeatGrid, Strip, strips
from tray_app.ui.parts.text.plain import show_tip
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tray_app.ui.style.style import Style

NO_DAYS = range(0)
A_MONTH = 21


class HeatMap(QWidget):
    """Shows days by state; describe tells what is known of a day, for tooltip and screen reader.

    menu_requested: a day, and where on the screen its context menu should open.
    """

    day_chosen = Signal(object)
    day_pointed = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, style: Style, name: str, describe: Callable[[date], str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._describe = describe
        self._cells: Mapping[date, CellState] = {}
        self._strips: tuple[Strip[CellState], ...] = ()
        self._years = NO_DAYS
        self.cursor_day: date | None = None
        self._picture: QPixmap | None = None
        self._font = style.theme.font(FontSize.LABEL, tabular=True)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        style.theme.changed.connect(self._forget_picture)

    def show_cells(self, cells: Mapping[date, CellState]) -> None:
        """Show other days; the cursor stays where it is."""
        self._cells = cells
        self._strips = tuple(strips(cells))
        self._years = range(min(cells).year, max(cells).year + 1) if cells else NO_DAYS
        if self.cursor_day is not None and self.cursor_day not in cells:
            self.cursor_day = None
        self.updateGeometry()
        self._forget_picture()
        self._announce()

    def point_at(self, day: date | None) -> None:
        """Put the cursor on a day."""
        if day != self.cursor_day and (day is None or day in self._cells):
            self.cursor_day = day
            self._announce()
            self.update()

    def grid(self) -> HeatGrid:
        """Return where the cells lie now."""
        metrics = self._style.theme.metrics
        measure = QFontMetrics(self._font)
        left = measure.horizontalAdvance("2026") + metrics.small
        top = measure.height() + metrics.tight
        area = QRect(left, top, max(1, self.width() - left - metrics.focus), len(self._years) * metrics.heat_row)
        return HeatGrid(area, self._years, self.devicePixelRatioF())

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the height of all years."""
        metrics = self._style.theme.metrics
        top = QFontMetrics(self._font).height() + metrics.tight
        return QSize(COLUMNS * 3, top + max(1, len(self._years)) * metrics.heat_row + metrics.tight)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return a width at which every day still has a pixel."""
        return QSize(COLUMNS + self._style.theme.metrics.wide, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the cells, once for a size, and the cursor."""
        painter = QPainter(self)
        if self._picture is None:
            self._picture = self._draw()
        painter.drawPixmap(0, 0, self._picture)
        if self.cursor_day is not None:
            metrics = self._style.theme.metrics
            token = Token.ACCENT if self.hasFocus() else Token.TEXT
            painter.setPen(QPen(self._style.theme.color(token), metrics.focus))
            around = self.grid().rect(self.cursor_day).toAlignedRect()
            painter.drawRect(around.adjusted(-metrics.focus, -metrics.hairline, metrics.focus, metrics.hairline))
        painter.end()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move the cursor by days, weeks (with Ctrl) and years; Enter chooses, the menu key opens the menu."""
        if _wants_menu(event):
            self._ask_menu()
            return
        days = 7 if event.modifiers() & Qt.KeyboardModifier.ControlModifier else 1
        match event.key():
            case Qt.Key.Key_Left:
                self._step(-days)
            case Qt.Key.Key_Right:
                self._step(days)
            case Qt.Key.Key_Up:
                self._step_year(-1)
            case Qt.Key.Key_Down:
                self._step_year(1)
            case Qt.Key.Key_Home:
                self.point_at(min(self._cells, default=None))
            case Qt.Key.Key_End:
                self.point_at(max(self._cells, default=None))
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Space if self.cursor_day is not None:
                self.day_chosen.emit(self.cursor_day)
            case _:
                event.ignore()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Show by the pointer what can be clicked."""
        day = self._day_at(event.position().toPoint())
        shape = Qt.CursorShape.ArrowCursor if day is None else Qt.CursorShape.PointingHandCursor
        self.setCursor(shape)
        self.day_pointed.emit(day or self.cursor_day)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Go back to the cursor's day."""
        super().leaveEvent(event)
        self.day_pointed.emit(self.cursor_day)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Choose a day."""
        day = self._day_at(event.position().toPoint())
        if day is not None and event.button() is Qt.MouseButton.LeftButton:
            self.point_at(day)
            self.day_chosen.emit(day)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Open the menu of the day under the mouse, or, asked by the keyboard, of the cursor's day."""
        if event.reason() is QContextMenuEvent.Reason.Keyboard:
            self._ask_menu()
            return
        day = self._day_at(event.pos())
        if day is not None:
            self.point_at(day)
            self.menu_requested.emit(day, event.globalPos())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802
        """Show a cursor as soon as the keyboard is here."""
        super().focusInEvent(event)
        if self.cursor_day is None:
            self.point_at(max(self._cells, default=None))
        self.update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Draw anew."""
        super().resizeEvent(event)
        self._forget_picture()

    def changeEvent(self, event: QEvent) -> None:  # noqa: N802
        """Draw anew on a screen of another sharpness."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.DevicePixelRatioChange:
            self._forget_picture()

    def event(self, event: QEvent) -> bool:
        """Show the tooltip of the day under the mouse."""
        if isinstance(event, QHelpEvent) and event.type() is QEvent.Type.ToolTip:
            day = self._day_at(event.pos())
            if day is None:
                QToolTip.hideText()
            else:
                show_tip(self._describe(day), event.globalPos(), self, self.grid().rect(day).toAlignedRect())
            return True
        return super().event(event)

    # --- inner ------------------------------------------------------------------------------------------------

    def _day_at(self, place: QPoint) -> date | None:
        day = self.grid().day_at(place)
        return day if day in self._cells else None

    def _ask_menu(self) -> None:
        if self.cursor_day is not None:
            below = self.grid().rect(self.cursor_day).toAlignedRect().bottomRight()
            self.menu_requested.emit(self.cursor_day, self.mapToGlobal(below))

    def _step(self, days: int) -> None:
        if self.cursor_day is None:
            self.point_at(max(self._cells, default=None))
            return
        sign = 1 if days > 0 else -1
        day = self.cursor_day + timedelta(days=days)
        for _try in range(A_MONTH):
            if day in self._cells:
                self.point_at(day)
                return
            day += timedelta(days=sign)

    def _step_year(self, years: int) -> None:
        if self.cursor_day is None:
            self._step(1)
            return
        near = self.grid().same_place(self.cursor_day, years)
        if near is not None and near in self._cells:
            self.point_at(near)

    def _announce(self) -> None:
        self.setAccessibleDescription(self._describe(self.cursor_day) if self.cursor_day is not None else "")
        self.day_pointed.emit(self.cursor_day)

    def _forget_picture(self) -> None:
        self._picture = None
        self.update()

    def _draw(self) -> QPixmap:
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        grid, theme = self.grid(), self._style.theme
        for strip in self._strips:
            paint_cell(painter, grid.strip(strip.year, strip.first, strip.last), strip.state, theme)
        painter.setFont(self._font)
        painter.setPen(theme.color(Token.SECONDARY))
        for year in self._years:
            row = QRect(0, grid.row_top(year), grid.area.left() - theme.metrics.tight, theme.metrics.heat_row)
            painter.drawText(row, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(year))
        for month, place in grid.months():
            painter.drawText(QPoint(place, grid.area.top() - theme.metrics.tight), str(month))
        painter.end()
        return picture


def _wants_menu(event: QKeyEvent) -> bool:
    """Whether a key asks for a context menu; not every system makes an event of its own of it."""
    is_shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
    return event.key() == Qt.Key.Key_Menu or (event.key() == Qt.Key.Key_F10 and is_shifted)
