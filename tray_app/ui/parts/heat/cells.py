"""The states of a heat map's cells, and their legend: each differs from the others in shape as well as in tone."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.layout.boxes import row
from tray_app.ui.parts.layout.flow import FlowLayout
from tray_app.ui.parts.text.texts import SECONDARY, label
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style
    from tray_app.ui.style.theme import Theme

STORED_STRENGTH = 0.62
THIRD = 3


class CellState(Enum):
    """What is known of a day."""

    STORED = "stored"
    PARTIAL = "partial"
    MISSING = "missing"
    CLOSED = "closed"
    UNKNOWN = "unknown"

    @property
    def word(self) -> str:
        """Return the word of the legend."""
        return {
            CellState.STORED: tr("Stored"),
            CellState.PARTIAL: tr("Partly stored"),
            CellState.MISSING: tr("Missing"),
            CellState.CLOSED: tr("Closed"),
            CellState.UNKNOWN: tr("Not collected"),
        }[self]


def paint_cell(painter: QPainter, rect: QRectF, state: CellState, theme: Theme) -> None:
    """Draw a cell: full, half, split in two, a stroke, or hatched."""
    if state is CellState.STORED:
        painter.fillRect(rect, _wash(theme.color(Token.SUCCESS), STORED_STRENGTH))
    elif state is CellState.PARTIAL:
        half = rect.height() / 2
        painter.fillRect(rect.adjusted(0, half, 0, 0), theme.color(Token.ATTENTION))
        painter.fillRect(rect.adjusted(0, 0, 0, -half), theme.color(Token.GRID))
    elif state is CellState.MISSING:
        third = rect.height() / THIRD
        painter.fillRect(rect.adjusted(0, 0, 0, -2 * third), theme.color(Token.ERROR))
        painter.fillRect(rect.adjusted(0, 2 * third, 0, 0), theme.color(Token.ERROR))
    elif state is CellState.CLOSED:
        third = rect.height() / THIRD
        painter.fillRect(rect.adjusted(0, third, 0, -third), theme.color(Token.BORDER))
    else:
        painter.fillRect(rect, QBrush(theme.color(Token.DISABLED), Qt.BrushStyle.BDiagPattern))


class HeatLegend(QWidget):
    """Names the states that occur."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        flow = FlowLayout(self, style.theme.metrics.medium)
        for state in CellState:
            flow.addWidget(_Entry(style, state))
        self.setAccessibleName(", ".join(state.word for state in CellState))


class _Entry(QWidget):
    def __init__(self, style: Style, state: CellState) -> None:
        super().__init__()
        row(
            _Sample(style, state),
            label(style, state.word, FontSize.LABEL, SECONDARY),
            gap=style.theme.metrics.tight,
            inside=self,
        )


class _Sample(QWidget):
    def __init__(self, style: Style, state: CellState) -> None:
        super().__init__()
        self._style = style
        self._state = state
        self.setFixedSize(QSize(style.theme.metrics.medium, style.theme.metrics.medium))

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002, N802 - Qt's name
        """Draw one cell."""
        painter = QPainter(self)
        paint_cell(painter, QRectF(self.rect()), self._state, self._style.theme)
        painter.end()


def _wash(colour: QColor, strength: float) -> QColor:
    washed = QColor(colour)
    washed.setAlphaF(strength)
    return washed
