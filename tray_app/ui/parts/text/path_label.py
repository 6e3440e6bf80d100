"""A path on one line, shortened in the middle when there is no room."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


class PathLabel(QWidget):
    """Shows where something lies; the tooltip and the context menu have the whole path."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._path = ""
        self.setFont(style.theme.font())
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        copy = QAction(tr("Copy path"), self)
        copy.triggered.connect(lambda: QGuiApplication.clipboard().setText(self._path))
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)

    def show_path(self, path: Path) -> None:
        """Show another path."""
        self._path = str(path)
        set_tip(self, self._path)
        self.setAccessibleName(self._path)
        self.updateGeometry()
        self.update()

    def text(self) -> str:
        """Return the whole path."""
        return self._path

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room of the whole path."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(self._path) + 1, metrics.height())

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the room of a few letters."""
        metrics = self.fontMetrics()
        return QSize(metrics.averageCharWidth() * 12, metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the start and the end of the path."""
        painter = QPainter(self)
        painter.setPen(self._style.theme.color(Token.TEXT if self.isEnabled() else Token.DISABLED))
        text = self.fontMetrics().elidedText(self._path, Qt.TextElideMode.ElideMiddle, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        painter.end()
