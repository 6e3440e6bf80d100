"""A table as high as its rows, on a page that scrolls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.ui.parts.table.view import TableView

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from tray_app.ui.parts.table.model import Row, ViewColumn
    from tray_app.ui.style.style import Style


class PageTable(TableView):
    """Scrolls by itself only beyond the most rows it may show (0: never)."""

    def __init__(
        self, style: Style, name: str, columns: Sequence[ViewColumn], *, most: int = 0, when_empty: int = 5
    ) -> None:
        super().__init__(style, name, columns)
        self._most, self._when_empty = most, when_empty
        self.horizontalScrollBar().rangeChanged.connect(self.fit_height)
        self.fit_height()

    def set_rows(self, rows: Sequence[Row], keys: Sequence[Hashable] = ()) -> None:
        """Show other rows in a table of another height."""
        super().set_rows(rows, keys)
        self.fit_height()

    def fit_height(self) -> None:
        """Take the room the rows need."""
        count = self.model().rowCount() or self._when_empty
        rows = min(count, self._most or count) * self.verticalHeader().defaultSectionSize()
        around = self.horizontalHeader().height() + 2 * self.frameWidth()
        bar = self.horizontalScrollBar()
        self.setFixedHeight(rows + around + (bar.sizeHint().height() if bar.maximum() else 0))
