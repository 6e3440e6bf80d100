"""A column that scrolls when the window is too low for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

from tray_app.ui.parts.layout.boxes import column

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


class _Content(QWidget):
    """Is as high as its texts are at the present width."""

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return no height where it follows the width: Qt would guess it from texts wrapped far too early."""
        least = super().minimumSizeHint()
        return QSize(least.width(), 0) if self.hasHeightForWidth() else least


class ScrollColumn(QScrollArea):
    """Holds what a page says from top to bottom."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        content = _Content()
        content.setProperty("role", "page")
        content.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.column = column(gap=metrics.medium, margins=metrics.large, inside=content)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self._content = content
        self.setWidget(content)

    def bring_into_view(self, part: QWidget, most: int) -> None:
        """Scroll no further than it takes to see the upper end of a part: at most so many pixels of it."""
        self.column.activate()
        tall = min(part.height(), most)
        place = part.mapTo(self._content, QPoint(0, tall // 2))
        self.ensureVisible(0, place.y(), 0, tall // 2 + self.column.spacing())
