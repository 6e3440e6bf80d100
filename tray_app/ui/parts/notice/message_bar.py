"""One message above a page: said once, until closed or replaced."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.form.buttons import icon_button
from tray_app.ui.parts.layout.boxes import aligned, fill, row
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.texts import paragraph
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


class MessageBar(QFrame):
    """A quiet strip with an icon, a text and a button that closes it."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.setProperty("role", "card")
        self._icon = IconLabel(style, metrics.icon)
        self._text = paragraph(style)
        close = icon_button(style, "cancel", tr("Close this message"))
        close.clicked.connect(self.hide)
        row(
            aligned(self._icon, Qt.AlignmentFlag.AlignVCenter),
            fill(self._text),
            aligned(close, Qt.AlignmentFlag.AlignTop),
            gap=metrics.small,
            margins=(metrics.medium, metrics.tight, metrics.tight, metrics.tight),
            inside=self,
        )
        self.hide()

    def say(self, text: str, *, is_failure: bool) -> None:
        """Show a message in place of the one before."""
        self._icon.show_icon("attention" if is_failure else "success", Token.ATTENTION if is_failure else Token.SUCCESS)
        self._text.setText(text)
        self.setAccessibleName(text)
        self.show()
