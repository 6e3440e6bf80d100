"""The error panel: what happened, what to do, the details for those who want them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.form.buttons import button, quiet_button
from tray_app.ui.parts.layout.boxes import SPACE, aligned, column, fill, row
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.texts import SECONDARY, heading, machine_text, paragraph
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


@dataclass(frozen=True)
class ErrorFacts:
    """An error in the words of a person; the hint is the text of the button that helps."""

    title: str
    message: str
    hint: str = ""
    details: str = ""

    def as_text(self) -> str:
        """Return everything, to be pasted into a letter."""
        return "\n\n".join(part for part in (self.title, self.message, self.details) if part)


class ErrorPanel(QFrame):
    """Says one error calmly."""

    hint_triggered = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._style = style
        self._facts = ErrorFacts("", "")
        self.setProperty("role", "error")
        icon = IconLabel(style, metrics.icon_large)
        icon.show_icon("error", Token.ERROR)
        self._title = heading(style)
        self._message = paragraph(style, tone=SECONDARY)
        self._hint = button(style, "")
        self._hint.clicked.connect(self.hint_triggered)
        self._fold = quiet_button(style, "", "chevron-right")
        self._fold.clicked.connect(self._turn)
        self._copy = quiet_button(style, tr("Copy"), "copy")
        self._copy.clicked.connect(self.copy)
        self._details = machine_text(tr("Details"))
        self._details.setMaximumHeight(metrics.details_height)
        self._arrange(icon)
        self.unfold(unfolded=False)
        self.hide()

    def show_error(self, facts: ErrorFacts) -> None:
        """Show an error, its details folded."""
        self._facts = facts
        self._title.setText(facts.title)
        self._message.setText(facts.message)
        self._hint.setText(facts.hint)
        self._hint.setAccessibleName(facts.hint)
        self._hint.setVisible(bool(facts.hint))
        self._fold.setVisible(bool(facts.details))
        self._details.setPlainText(facts.details)
        self.unfold(unfolded=False)
        self.setAccessibleName(tr("Error: {title}", title=facts.title))
        self.setAccessibleDescription(facts.message)
        self.show()

    def unfold(self, *, unfolded: bool) -> None:
        """Show or fold the details."""
        self._details.setVisible(unfolded)
        text = tr("Hide details") if unfolded else tr("Show details")
        self._fold.setText(text)
        self._fold.setAccessibleName(text)
        name = "chevron-down" if unfolded else "chevron-right"
        self._fold.setIcon(self._style.icons.icon(name, Token.SECONDARY))

    def _turn(self) -> None:
        self.unfold(unfolded=self._details.isHidden())

    def copy(self) -> None:
        """Copy title, message and details."""
        QGuiApplication.clipboard().setText(self._facts.as_text())

    def _arrange(self, icon: IconLabel) -> None:
        metrics = self._style.theme.metrics
        buttons = row(self._hint, self._fold, self._copy, SPACE, gap=metrics.small)
        texts = column(self._title, self._message, gap=metrics.tight)
        texts.addSpacing(metrics.tight)
        texts.addLayout(buttons)
        texts.addWidget(self._details)
        row(
            aligned(icon, Qt.AlignmentFlag.AlignTop),
            fill(texts),
            gap=metrics.medium,
            margins=metrics.medium,
            inside=self,
        )
