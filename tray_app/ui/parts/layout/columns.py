"""Widgets of equal width side by side, in as many columns as there is room for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence


class Columns(QWidget):
    """Places its widgets row by row and again when its width changes; most (0: no limit) are the columns wanted."""

    def __init__(self, least_width: int, gap: int, parent: QWidget | None = None, *, most: int = 0) -> None:
        super().__init__(parent)
        self._most = most
        self._least_width = least_width
        self._gap = gap
        self._widgets: list[QWidget] = []
        self._count = 0
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(gap)

    def show_widgets(self, widgets: Sequence[QWidget]) -> None:
        """Show these widgets, in this order."""
        self._widgets = list(widgets)
        self._count = 0
        self._place()

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the room of one column, so that a page may become narrow again."""
        widths = [widget.minimumSizeHint().width() for widget in self._widgets]
        return QSize(max(widths, default=0), self._grid.minimumSize().height())

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """Change the number of columns."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        fitting = (self.width() + self._gap) // (self._least_width + self._gap)
        count = max(1, min(fitting, len(self._widgets), self._most or fitting))
        if count == self._count:
            return
        for column in range(self._grid.columnCount()):
            self._grid.setColumnStretch(column, 0)
        self._count = count
        for place, widget in enumerate(self._widgets):
            self._grid.addWidget(widget, place // count, place % count)
        for column in range(count):
            self._grid.setColumnStretch(column, 1)
