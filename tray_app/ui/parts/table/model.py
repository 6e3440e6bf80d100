"""The rows of a table: plain tuples, formatted when first seen, sorted by value."""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from tray_app.core.texts import tsv_cell_of
from tray_app.ui.labels import formats
from tray_app.ui.labels.status import Status, style_of
from tray_app.ui.parts.text.plain import tip_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = tuple[Any, ...]
Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()


class Kind(Enum):
    """How the cells of a column are aligned and coloured."""

    TEXT = "text"
    NUMBER = "number"
    CHANGE = "change"
    DATE = "date"
    STATUS = "status"
    LINK = "link"

    @property
    def right_aligned(self) -> bool:
        """Tell whether the numbers of this column line up at the right."""
        return self in {Kind.NUMBER, Kind.CHANGE}


@dataclass(frozen=True)
class ViewColumn:
    """One column; the format turns a cell's value into its text.

    A column that stretches takes the room that is left, but no less than its least number of pixels.
    """

    title: str
    kind: Kind = Kind.TEXT
    format: Callable[[Any], str] | None = None
    stretch: bool = False
    tooltip: str = ""
    least: int = 0

    def text(self, value: object) -> str:
        """Return the text of a cell."""
        if self.format:
            return self.format(value)
        if value is None:
            return formats.NOTHING
        if isinstance(value, Status):
            return style_of(value).word
        return _DEFAULTS[self.kind](value)


_DEFAULTS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: str,
    Kind.NUMBER: formats.number,
    Kind.CHANGE: formats.percent,
    Kind.DATE: formats.day,
    Kind.STATUS: str,
    Kind.LINK: str,
}


class TableModel(QAbstractTableModel):
    """Holds the rows and the order they are shown in."""

    def __init__(self, columns: Sequence[ViewColumn], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.sorted_column = -1
        self.sort_order = Qt.SortOrder.AscendingOrder
        self._rows: list[Row] = []
        self._order: list[int] = []
        self._texts: list[tuple[str, ...] | None] = []

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows, in the order chosen before."""
        self.beginResetModel()
        self._rows = list(rows)
        self._texts = [None] * len(self._rows)
        self._order = self._sorted()
        self.endResetModel()

    def row(self, shown: int) -> Row:
        """Return the row shown at this place."""
        return self._rows[self._order[shown]]

    def source_row(self, shown: int) -> int:
        """Return the position, as given to set_rows, of the row shown at this place."""
        return self._order[shown]

    def texts(self, shown: int) -> tuple[str, ...]:
        """Return the texts of the row shown at this place."""
        source = self._order[shown]
        texts = self._texts[source]
        if texts is None:
            texts = tuple(map(ViewColumn.text, self.columns, self._rows[source]))
            self._texts[source] = texts
        return texts

    def rowCount(self, parent: Index = NO_PARENT) -> int:  # noqa: N802
        """Return the number of rows."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = NO_PARENT) -> int:  # noqa: N802
        """Return the number of columns."""
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Return a cell's text; painting does not come here, screen readers and searches do."""
        if not index.isValid():
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.texts(index.row())[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return tip_of(self.texts(index.row())[index.column()])
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{self.columns[index.column()].title}: {self.texts(index.row())[index.column()]}"
        return None

    def headerData(  # noqa: N802
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Return a column's title or tooltip."""
        if orientation is not Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return tip_of(self.columns[section].tooltip) if role == Qt.ItemDataRole.ToolTipRole else None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column's values; rows without a value stay last."""
        self.sorted_column, self.sort_order = column, order
        self.layoutAboutToBeChanged.emit()
        before = self.persistentIndexList()
        sources = [self._order[index.row()] for index in before]
        self._order = self._sorted()
        places = {source: shown for shown, source in enumerate(self._order)}
        after = [self.index(places[s], index.column()) for s, index in zip(sources, before, strict=True)]
        self.changePersistentIndexList(before, after)
        self.layoutChanged.emit()

    def as_tsv(self, shown: Sequence[int]) -> str:
        """Return rows as tab-separated text under their titles, every digit kept."""
        lines = ["\t".join(tsv_cell_of(column.title) for column in self.columns)]
        lines += ["\t".join(map(_cell_text, self.row(place))) for place in shown]
        return "\n".join(lines) + "\n"

    def _sorted(self) -> list[int]:
        places = list(range(len(self._rows)))
        if not 0 <= self.sorted_column < len(self.columns):
            return places
        column = self.sorted_column
        known = [place for place in places if not _is_missing(self._rows[place][column])]
        missing = [place for place in places if _is_missing(self._rows[place][column])]
        known.sort(
            key=lambda place: _sort_key(self._rows[place][column]),
            reverse=self.sort_order is Qt.SortOrder.DescendingOrder,
        )
        return known + missing


def _is_missing(value: object) -> bool:
    return value is None or (isinstance(value, float) and math.isnan(value))


def _sort_key(value: Any) -> Any:
    if isinstance(value, Status):
        return style_of(value).word
    return value.casefold() if isinstance(value, str) else value


def _cell_text(value: object) -> str:
    text = style_of(value).word if isinstance(value, Status) else formats.exact(value)
    return tsv_cell_of(text)
