"""The days of the exchange that a person has declared closed or open, and the way to declare another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.words import tr
from tray_app.ui.dialogs.session_dialog import declared_text
from tray_app.ui.parts.card.card import card_column
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import SPACE, column, fill, row
from tray_app.ui.parts.text.texts import SECONDARY, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.datasets.krx.rules.calendar import Declaration
    from tray_app.ui.style.style import Style


class DeclaredCard(QFrame):
    """One row for every declared day, the newest first."""

    declare_requested = Signal()
    forget_requested = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._shown: tuple[Declaration, ...] = ()
        self.rows: dict[date, DeclaredRow] = {}
        self.declare = button(style, tr("Declare a day..."))
        nothing = tr(
            "Nothing is declared: sessions are predicted by Korea's holidays."
            " A holiday announced late is declared here."
        )
        self._empty = paragraph(style, nothing, SECONDARY)
        self._column = column(gap=style.theme.metrics.small)
        title = tr("Korea Exchange: declared days")
        card_column(style, self, title, self._empty, self._column, row(self.declare, SPACE))
        self.declare.clicked.connect(self.declare_requested)

    def show_declared(self, declared: Sequence[Declaration]) -> None:
        """Show what is declared."""
        shown = tuple(sorted(declared, key=lambda each: each.trade_date, reverse=True))
        if shown == self._shown:
            return
        self._shown = shown
        for shown_row in self.rows.values():
            self._column.removeWidget(shown_row)
            shown_row.deleteLater()
        self.rows = {each.trade_date: self._made(each) for each in shown}
        self._empty.setVisible(not shown)

    def _made(self, declared: Declaration) -> DeclaredRow:
        made = DeclaredRow(self._style, declared)
        made.forget.clicked.connect(lambda: self.forget_requested.emit(declared.trade_date))
        self._column.addWidget(made)
        return made


class DeclaredRow(QWidget):
    """What was said of a day, and the button that takes it back."""

    def __init__(self, style: Style, declared: Declaration) -> None:
        super().__init__()
        self.text = paragraph(style, declared_text(declared))
        self.forget = button(style, tr("Take back..."))
        self.forget.setAccessibleName(tr("Take back: {text}", text=self.text.text()))
        row(fill(self.text), self.forget, gap=style.theme.metrics.small, inside=self)
