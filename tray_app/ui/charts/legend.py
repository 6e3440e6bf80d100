"""The legend: a chip for every line; a click leaves the line out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.layout.flow import FlowLayout
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.style.style import Style


class LegendChip(QAbstractButton):
    """A line's colour and name; hollow while the line is left out."""

    def __init__(self, style: Style, place: int, name: str) -> None:
        super().__init__()
        self._style = style
        self._place = place
        self.setText(name)
        self.setShortcut(QKeySequence())  # a & in a name is none of ours
        self.setCheckable(True)
        self.setChecked(True)
        self.setFont(style.theme.font(FontSize.LABEL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(tr("Show {name}", name=name))

    def sizeHint(self) -> QSize:  # noqa: N802
        """Return the room for dot and name."""
        metrics = self._style.theme.metrics
        wide = QFontMetrics(self.font()).horizontalAdvance(self.text())
        return QSize(wide + metrics.swatch + metrics.small + 2 * metrics.tight, metrics.control)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802
        """Draw dot, name and focus ring."""
        theme, metrics = self._style.theme, self._style.theme.metrics
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            ring = theme.color(Token.ACCENT if self.hasFocus() else Token.HOVER)
            painter.setPen(QPen(ring, metrics.hairline))
            painter.setBrush(theme.color(Token.HOVER) if self.underMouse() else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().toRectF().adjusted(0.5, 0.5, -0.5, -0.5), metrics.tight, metrics.tight)
        colour = theme.series_color(self._place) if self.isChecked() else theme.color(Token.DISABLED)
        painter.setPen(QPen(colour, metrics.hairline))
        painter.setBrush(colour if self.isChecked() else Qt.BrushStyle.NoBrush)
        half = metrics.swatch / 2
        painter.drawEllipse(QPointF(metrics.tight + half, self.height() / 2), half, half)
        painter.setPen(theme.color(Token.TEXT if self.isChecked() else Token.DISABLED))
        text = self.rect().adjusted(metrics.tight + metrics.swatch + metrics.tight, 0, 0, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.text())
        painter.end()


class Legend(QWidget):
    """Chips in as many rows as they need."""

    hidden_changed = Signal(object)

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self.chips: dict[str, LegendChip] = {}
        self._flow = FlowLayout(self, style.theme.metrics.tight)
        self.setAccessibleName(tr("Lines"))

    def show_names(self, names: Sequence[tuple[str, str]]) -> None:
        """Show chips for pairs of a key and a name; a line left out before stays left out."""
        if [(key, chip.text()) for key, chip in self.chips.items()] == list(names):
            return
        hidden = self.hidden_keys()
        for chip in self.chips.values():
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self.chips = {key: LegendChip(self._style, place, name) for place, (key, name) in enumerate(names)}
        for key, chip in self.chips.items():
            chip.setChecked(key not in hidden)
            chip.toggled.connect(lambda: self.hidden_changed.emit(self.hidden_keys()))
            self._flow.addWidget(chip)
        self.setVisible(len(names) > 1)

    def hidden_keys(self) -> frozenset[str]:
        """Return the keys of the lines left out."""
        return frozenset(key for key, chip in self.chips.items() if not chip.isChecked())
