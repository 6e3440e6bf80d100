"""The empty state: one sentence and one button that fills it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.texts import SECONDARY, paragraph
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


class EmptyState(QWidget):
    """Stands in the middle of a place that has nothing to show yet."""

    action_triggered = Signal()

    def __init__(self, style: Style, sentence: str = "", action: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        icon = IconLabel(style, metrics.icon_empty)
        icon.show_icon("empty", Token.DISABLED)
        self._sentence = paragraph(style, tone=SECONDARY)
        self._sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._sentence.setFixedWidth(metrics.sentence)
        self._action = button(style, "")
        self._action.clicked.connect(self.action_triggered)
        column = QVBoxLayout(self)
        column.setSpacing(metrics.small)
        column.addStretch()
        for part in (icon, self._sentence, self._action):
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignCenter)
        column.addStretch()
        self.show_sentence(sentence, action)

    def show_sentence(self, sentence: str, action: str = "") -> None:
        """Say what is missing and what the button does about it."""
        self._sentence.setText(sentence)
        # Centred in a layout, a text that wraps would get the height of one line.
        self._sentence.setFixedHeight(max(0, self._sentence.heightForWidth(self._sentence.width())))
        self._action.setText(action)
        self._action.setAccessibleName(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(sentence)
