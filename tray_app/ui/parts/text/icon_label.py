"""A still icon, sharp at every scale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style
    from tray_app.ui.style.theme import Token


class IconLabel(QWidget):
    """Paints one icon; the word beside it says the same, so a screen reader skips it."""

    def __init__(self, style: Style, size: int | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._icon = QIcon()
        side = size or style.theme.metrics.icon
        self.setFixedSize(side, side)

    def show_icon(self, name: str, token: Token) -> None:
        """Show another icon."""
        self._icon = self._style.icons.icon(name, token)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the icon."""
        painter = QPainter(self)
        self._icon.paint(painter, self.rect())
        painter.end()
