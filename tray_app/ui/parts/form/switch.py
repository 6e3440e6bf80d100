"""The switch: something is on or off, at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget

from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


class Switch(QCheckBox):
    """A check box drawn as a switch; keyboard and screen readers find a check box."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.toggled.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room of the switch and its focus ring."""
        metrics = self._style.theme.metrics
        ring = 2 * (metrics.focus + metrics.hairline)
        return QSize(2 * metrics.icon_large + ring, metrics.icon_large + ring)

    def minimumSizeHint(self) -> QSize:  # noqa: N802
        """Return the same room."""
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802
        """Take clicks everywhere."""
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw the groove, the knob and the focus."""
        metrics = self._style.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        margin = metrics.focus + metrics.hairline
        groove = QRectF(self.rect()).adjusted(margin, margin, -margin, -margin)
        self._paint_groove(painter, groove)
        self._paint_knob(painter, groove)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(self._style.theme.color(Token.ACCENT), metrics.hairline))
            ring = groove.adjusted(-metrics.focus, -metrics.focus, metrics.focus, metrics.focus)
            painter.drawRoundedRect(ring, ring.height() / 2, ring.height() / 2)
        painter.end()

    def _paint_groove(self, painter: QPainter, groove: QRectF) -> None:
        theme = self._style.theme
        half = groove.height() / 2
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color(Token.ACCENT if self.isEnabled() else Token.DISABLED))
            painter.drawRoundedRect(groove, half, half)
            return
        painter.setPen(QPen(theme.color(Token.SECONDARY if self.isEnabled() else Token.DISABLED), 1))
        painter.setBrush(theme.color(Token.HOVER if self.underMouse() else Token.SURFACE))
        painter.drawRoundedRect(groove.adjusted(0.5, 0.5, -0.5, -0.5), half, half)

    def _paint_knob(self, painter: QPainter, groove: QRectF) -> None:
        theme = self._style.theme
        ink = Token.ON_ACCENT if self.isChecked() else Token.SECONDARY
        if not self.isEnabled():
            ink = Token.SURFACE if self.isChecked() else Token.DISABLED
        side = groove.height() - 2 * theme.metrics.tight
        left = groove.right() - theme.metrics.tight - side if self.isChecked() else groove.left() + theme.metrics.tight
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color(ink))
        painter.drawEllipse(QRectF(left, groove.top() + theme.metrics.tight, side, side))
