"""The table: sticky header, sorted column marked, hover, empty state, Ctrl+C."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QMenu, QStyleOptionViewItem, QTableView, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.notice.empty import EmptyState
from tray_app.ui.parts.table.delegate import TableDelegate
from tray_app.ui.parts.table.header import TableHeader
from tray_app.ui.parts.table.model import Kind, Row, TableModel, ViewColumn

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from PySide6.QtCore import QEvent

    from tray_app.ui.style.style import Style

ROWS_MEASURED = 200


class TableView(QTableView):
    """Shows rows of plain values.

    Enter and a double click activate a row, and so does one click on a link.
    """

    row_activated = Signal(int)
    row_selected = Signal(int)
    empty_action_triggered = Signal()

    def __init__(self, style: Style, name: str, columns: Sequence[ViewColumn], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._fitted = False
        self._keys: list[Hashable] = []
        self._model = TableModel(columns, self)
        self._painter = TableDelegate(style, self._model, self)
        self._titles = TableHeader(style, self._model, self)
        self._empty = EmptyState(style, parent=self.viewport())
        self._empty.action_triggered.connect(self.empty_action_triggered)
        self.setAccessibleName(name)
        self.setModel(self._model)
        self.setItemDelegate(self._painter)
        self.setHorizontalHeader(self._titles)
        self._arrange()
        self.selectionModel().currentRowChanged.connect(self._follow_current)
        self.clicked.connect(self._hear_click)
        self.doubleClicked.connect(self._hear_double_click)
        style.theme.changed.connect(self.viewport().update)

    def set_rows(self, rows: Sequence[Row], keys: Sequence[Hashable] = ()) -> None:
        """Show other rows; whatever was selected stays selected.

        keys: what tells each row from every other, the first cell unless said; rows that share one would be mistaken.
        """
        current = (
            self._keys[self._model.source_row(self.currentIndex().row())] if self.currentIndex().isValid() else None
        )
        selected = [self._keys[place] for place in self.selected_rows()]
        column, scrolled = self.currentIndex().column(), self.verticalScrollBar().value()
        self._keys = list(keys or (row[0] for row in rows))
        self._model.set_rows(rows)
        self._empty.setVisible(not rows)
        if rows and not self._fitted:
            self.fit_columns()
        if current is not None or selected:
            self._select_again(current, selected, max(0, column))
            self.verticalScrollBar().setValue(scrolled)

    def set_empty(self, sentence: str, action: str = "") -> None:
        """Say what to do while there are no rows."""
        self._empty.show_sentence(sentence, action)

    def sort_by(self, column: int, *, descending: bool = False) -> None:
        """Sort the rows by a column."""
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.sortByColumn(column, order)

    def choose(self, place: int) -> None:
        """Select the row at a position as given to set_rows, and bring it into view."""
        for shown in range(self._model.rowCount()):
            if self._model.source_row(shown) == place:
                self.setCurrentIndex(self._model.index(shown, max(0, self.currentIndex().column())))
                return

    def selected_rows(self) -> list[int]:
        """Return the selected rows' positions as given to set_rows, from top to bottom."""
        return [self._model.source_row(shown) for shown in self._selected_places()]

    def fit_columns(self) -> None:
        """Give every column the room its title and first rows need."""
        self._fitted = True
        option = QStyleOptionViewItem()
        for column in range(len(self._model.columns)):
            width = self._titles.title_width(column)
            for row in range(min(ROWS_MEASURED, self._model.rowCount())):
                width = max(width, self._painter.sizeHint(option, self._model.index(row, column)).width())
            self.setColumnWidth(column, width)
        self._share_room()

    def copy(self) -> None:
        """Copy the selected rows, or all when none is selected, as tab-separated text."""
        places = self._selected_places() or range(self._model.rowCount())
        QGuiApplication.clipboard().setText(self._model.as_tsv(places))

    def menu(self) -> QMenu:
        """Return the context menu, by which the keyboard can sort too."""
        menu = QMenu(self)
        menu.addAction(tr("Copy"), self.copy)
        column = self.currentIndex().column()
        if column >= 0:
            title = self._model.columns[column].title
            menu.addSeparator()
            up, down = tr("Sort by {title}, ascending", title=title), tr("Sort by {title}, descending", title=title)
            menu.addAction(up, lambda: self.sort_by(column))
            menu.addAction(down, lambda: self.sort_by(column, descending=True))
        return menu

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Copy and activate by keyboard."""
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._activate(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:  # noqa: N802
        """Open the menu."""
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(event.globalPos())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802
        """Mark the row under the mouse."""
        super().mouseMoveEvent(event)
        place = event.position().toPoint()
        self._hover(self.rowAt(place.y()))
        is_link = self._is_link(self.indexAt(place))
        self.viewport().setCursor(Qt.CursorShape.PointingHandCursor if is_link else Qt.CursorShape.ArrowCursor)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802
        """Forget the row under the mouse."""
        super().leaveEvent(event)
        self._hover(-1)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Keep the empty state in the middle."""
        super().resizeEvent(event)
        self._empty.setGeometry(self.viewport().rect())
        self._share_room()

    def _arrange(self) -> None:
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setMouseTracking(True)
        self.setCornerButtonEnabled(False)
        rows = self.verticalHeader()
        rows.hide()
        rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        rows.setDefaultSectionSize(self._style.theme.metrics.row)
        self._titles.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.setSortingEnabled(True)
        for place, column in enumerate(self._model.columns):
            if column.stretch:
                self._titles.setSectionResizeMode(place, QHeaderView.ResizeMode.Stretch)

    def _share_room(self) -> None:
        """Stretch columns over the room the others leave; where that is too little, the table scrolls sideways."""
        columns = self._model.columns
        stretched = [place for place, column in enumerate(columns) if column.stretch]
        taken = sum(self.columnWidth(place) for place in range(len(columns)) if place not in stretched)
        fits = self.viewport().width() - taken >= sum(columns[place].least for place in stretched)
        mode = QHeaderView.ResizeMode.Stretch if fits else QHeaderView.ResizeMode.Interactive
        for place in stretched:
            if self._titles.sectionResizeMode(place) is not mode:
                self._titles.setSectionResizeMode(place, mode)
            if not fits:
                self.setColumnWidth(place, max(columns[place].least, self._style.theme.metrics.column_least))

    def _selected_places(self) -> list[int]:
        return sorted(index.row() for index in self.selectionModel().selectedRows())

    def _select_again(self, current: Hashable, selected: Sequence[Hashable], column: int) -> None:
        selection, flags, chosen = self.selectionModel(), QItemSelectionModel.SelectionFlag, set(selected)
        for shown in range(self._model.rowCount()):
            key = self._keys[self._model.source_row(shown)]
            if key in chosen:
                selection.select(self._model.index(shown, column), flags.Select | flags.Rows)
            if key == current:
                selection.setCurrentIndex(self._model.index(shown, column), flags.NoUpdate)

    def _hover(self, row: int) -> None:
        if row != self._painter.hovered_row:
            self._painter.hovered_row = row
            self.viewport().update()

    def _follow_current(self, current: QModelIndex) -> None:
        self._painter.current_row = current.row()
        self.viewport().update()
        if current.isValid():
            self.row_selected.emit(self._model.source_row(current.row()))

    def _is_link(self, index: QModelIndex | QPersistentModelIndex) -> bool:
        if not index.isValid() or self._model.columns[index.column()].kind is not Kind.LINK:
            return False
        return bool(self._model.row(index.row())[index.column()])

    def _hear_click(self, index: QModelIndex) -> None:
        if self._is_link(index) and not QGuiApplication.keyboardModifiers():
            self._activate(index)

    def _hear_double_click(self, index: QModelIndex) -> None:
        if not self._is_link(index):  # its first click was enough
            self._activate(index)

    def _activate(self, index: QModelIndex | QPersistentModelIndex) -> None:
        self.row_activated.emit(self._model.source_row(index.row()))
