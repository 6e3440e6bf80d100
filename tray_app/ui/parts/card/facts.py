"""Pairs of a name and what it stands at, lined up one below the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.style.style import Style

Fact = tuple[str, str]


class FactList(QWidget):
    """Shows facts; a long one wraps beside its name, numbers line up at the right."""

    def __init__(self, style: Style, *, numbers: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._numbers = numbers
        self._style = style
        self._rows: list[tuple[QLabel, QLabel]] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(metrics.large)
        self._grid.setVerticalSpacing(metrics.tight)
        self._grid.setColumnStretch(2 if numbers else 1, 1)

    def show_facts(self, facts: Sequence[Fact]) -> None:
        """Show other facts."""
        while len(self._rows) < len(facts):
            self._add_row()
        for (name, value), fact in zip(self._rows, facts, strict=False):
            name.setText(fact[0])
            value.setText(fact[1])
            value.setAccessibleName(f"{fact[0]}: {fact[1]}")
        for place, row in enumerate(self._rows):
            for part in row:
                part.setVisible(place < len(facts))

    def texts(self) -> list[Fact]:
        """Return the facts on show."""
        return [(name.text(), value.text()) for name, value in self._rows if not name.isHidden()]

    def _add_row(self) -> None:
        name, value = label(self._style, tone=SECONDARY), paragraph(self._style)
        value.setFont(self._style.theme.font(tabular=True))
        if self._numbers:
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setWordWrap(False)
        place = len(self._rows)
        self._grid.addWidget(name, place, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, place, 1)
        self._rows.append((name, value))
        # Room to spare goes below the last fact, not between them.
        self._grid.setRowStretch(place, 0)
        self._grid.setRowStretch(place + 1, 1)
