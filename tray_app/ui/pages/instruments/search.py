"""Searching issues by code or name: a field, and a table of what was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from tray_app.core.words import tr
from tray_app.ui.labels import formats
from tray_app.ui.parts.layout.boxes import SPACE, column
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.queries.idle_tasks import pause

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.datasets.krx.reads import FoundInstrument
    from tray_app.ui.links import InstrumentLink
    from tray_app.ui.pages.instruments.data import Found
    from tray_app.ui.style.style import Style

TYPING_PAUSE_MS = 150
ROWS_SEEN = 6
ROWS_WHEN_EMPTY = 4


class IssueSearch(QWidget):
    """Down leads from the field into the table, Enter takes the first."""

    text_requested = Signal(str)
    issue_chosen = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._issues: tuple[FoundInstrument, ...] = ()
        self._taken: str | None = None
        self._link: InstrumentLink | None = None
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search by code or name, for example 005930 or 삼성전자"))
        self.field.setAccessibleName(tr("Search issues"))
        self.field.setClearButtonEnabled(True)
        self.field.installEventFilter(self)
        self.table = PageTable(style, tr("Issues found"), _columns(), most=ROWS_SEEN, when_empty=ROWS_WHEN_EMPTY)
        self._typing = pause(self, TYPING_PAUSE_MS, self._ask)
        column(self.field, self.table, SPACE, gap=style.theme.metrics.small, inside=self)
        self.field.textChanged.connect(lambda _text: self._typing.start())
        self.field.returnPressed.connect(self._take_first)
        self.table.row_activated.connect(self._choose)
        self.table.clicked.connect(lambda _index: self._choose_selected())
        self.table.empty_action_triggered.connect(self.field.clear)

    @property
    def is_settled(self) -> bool:
        """Whether nothing typed waits to be queried."""
        return not self._typing.isActive()

    def show_found(self, found: Found) -> None:
        """Show what a search brought."""
        is_new = found.issues != self._issues
        self._issues = found.issues
        if is_new:
            self.table.set_empty(tr("No issue has this code or name."), tr("Show all"))
            self.table.set_rows([_row(each) for each in found.issues], [each.instrument_id for each in found.issues])
        if self._taken == found.text:
            taken = listing_of(found.issues, self._link) if self._link else next(iter(found.issues), None)
            if taken is not None:
                self.issue_chosen.emit(taken)
        self._taken = self._link = None

    def search_for(self, link: InstrumentLink) -> None:
        """Search what a link names, and take it if it is found."""
        self.field.setText(link.code)
        self._take_first(link)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Lead from the field into the table."""
        is_down = (
            isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Down
        )
        if is_down and self._issues:
            if not self.table.currentIndex().isValid():
                self.table.selectRow(0)
            self.table.setFocus()
            return True
        return super().eventFilter(watched, event)

    def _ask(self) -> None:
        self._typing.stop()
        self.text_requested.emit(self.field.text().strip())

    def _take_first(self, link: InstrumentLink | None = None) -> None:
        self._taken, self._link = self.field.text().strip(), link
        self._ask()

    def _choose(self, place: int) -> None:
        if place < len(self._issues):
            self.issue_chosen.emit(self._issues[place])

    def _choose_selected(self) -> None:
        chosen = self.table.selected_rows()
        if len(chosen) == 1:
            self._choose(chosen[0])


def listing_of(found: Sequence[FoundInstrument], link: InstrumentLink) -> FoundInstrument | None:
    """Return the listing a link means: of several with its code the last that had begun by its day."""
    named = [each for each in found if each.code == link.code]
    begun = [each for each in named if link.day is not None and each.listing_date <= link.day]
    return max(begun, key=lambda each: each.listing_date) if begun else next(iter(named), None)


def _columns() -> tuple[ViewColumn, ...]:
    return (
        ViewColumn(tr("Code")),
        ViewColumn(tr("Name"), stretch=True),
        ViewColumn(tr("Market")),
        ViewColumn(tr("Listed"), Kind.DATE),
        ViewColumn(tr("Delisted"), Kind.DATE, formats.day),
    )


def _row(issue: FoundInstrument) -> Row:
    return issue.code, issue.name, issue.market.value, issue.listing_date, issue.delisting_date
