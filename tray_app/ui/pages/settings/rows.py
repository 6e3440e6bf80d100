"""The rows a settings page is made of: a name, a word of help, the controls, and what came of a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.ui.parts.layout.boxes import column, row
from tray_app.ui.parts.text.texts import SECONDARY, heading, paragraph, set_tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.style.style import Style


class SettingRow(QWidget):
    """One setting; its controls stand at the right, or below when they need the width."""

    def __init__(
        self, style: Style, title: str, hint: str = "", *, stacked: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.title = title
        self._title = paragraph(style, title)
        self.hint = paragraph(style, hint, tone=SECONDARY)
        self.hint.setVisible(bool(hint))
        self.notice = paragraph(style)
        self.notice.hide()
        self._controls = row(gap=metrics.small)
        self._head = row(gap=metrics.large)
        texts = column(self._title, self.hint, gap=metrics.hairline)
        self._head.addLayout(texts, 1)
        box = column(self._head, gap=metrics.tight, margins=(0, metrics.small), inside=self)
        (box if stacked else self._head).addLayout(self._controls)
        box.addWidget(self.notice)
        self._column = box

    def add_state(self, widget: QWidget) -> None:
        """Show how the setting stands, at the right of its name."""
        self._head.addWidget(widget, 0, Qt.AlignmentFlag.AlignTop)

    def add_control(self, widget: QWidget, stretch: int = 0) -> None:
        """Add a control; the name of the setting is read aloud with it."""
        if not widget.accessibleName():
            widget.setAccessibleName(self.title)
        self._controls.addWidget(widget, stretch)

    def add_text(self, widget: QWidget) -> None:
        """Add a text below the help."""
        self._column.insertWidget(1, widget)

    def show_hint(self, hint: str) -> None:
        """Show another word of help."""
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def say(self, text: str, tone: str = SECONDARY) -> None:
        """Say what came of a change, or nothing."""
        self.notice.setText(text)
        self.notice.setVisible(bool(text))
        self.notice.setAccessibleName(text)
        set_tone(self.notice, tone)


class SettingGroup(QWidget):
    """A subject: its title above a card with rows."""

    def __init__(self, style: Style, title: str, rows: Sequence[QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.setAccessibleName(title)
        card = QFrame()
        card.setProperty("role", "card")
        inside = column(gap=0, margins=(metrics.medium, metrics.tight), inside=card)
        for place, each in enumerate(rows):
            if place:
                inside.addWidget(rule(style))
            inside.addWidget(each)
        column(heading(style, title), card, gap=metrics.tight, inside=self)


def rule(style: Style) -> QFrame:
    """Return a thin line between two rows."""
    made = QFrame()
    made.setProperty("role", "rule")
    made.setFixedHeight(style.theme.metrics.hairline)
    return made
