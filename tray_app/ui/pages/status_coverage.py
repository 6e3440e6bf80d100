"""The coverage of the Korea Exchange on the Status page: the heat map, what it sums up to, and the way to a hole."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from tray_app.core.words import tr
from tray_app.ui.pages.krx_coverage import CoverageFacts
from tray_app.ui.pages.status_storage import card_column
from tray_app.ui.parts.empty import EmptyState
from tray_app.ui.parts.heat_cells import HeatLegend
from tray_app.ui.parts.heat_map import HeatMap
from tray_app.ui.parts.texts import SECONDARY, paragraph

if TYPE_CHECKING:
    from tray_app.ui.parts.look import Look


class CoverageCard(QFrame):
    """A click on a hole asks to collect it; the line below tells of the day pointed at."""

    day_wanted = Signal(object)
    history_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._facts = CoverageFacts({})
        self.summary = paragraph(look, tone=SECONDARY)
        self.map = HeatMap(look, tr("Sessions of the Korea Exchange by state"), self._describe)
        self.legend = HeatLegend(look)
        self.pointed = paragraph(look, tone=SECONDARY)
        self.empty = EmptyState(look, tr("No session of the Korea Exchange is stored yet."), tr("Collect sessions"))
        column = card_column(look, self, tr("Korea Exchange: coverage"))
        below = QHBoxLayout()
        below.setSpacing(look.theme.metrics.medium)
        below.addWidget(self.pointed, 1)
        for part in (self.summary, self.map, self.legend):
            column.addWidget(part)
        column.addLayout(below)
        column.addWidget(self.empty)
        self.map.day_chosen.connect(self._choose)
        self.map.day_pointed.connect(self._point)
        self.empty.action_triggered.connect(self.history_wanted)
        self._show_parts()
        self._point(None)

    def show_coverage(self, facts: CoverageFacts) -> None:
        """Show where every session stands."""
        if facts == self._facts:
            return
        self._facts = facts
        self.summary.setText(facts.summary())
        self.map.show_cells(facts.cells())
        self._show_parts()

    def _show_parts(self) -> None:
        for part in (self.summary, self.map, self.legend, self.pointed):
            part.setVisible(bool(self._facts.days))
        self.empty.setVisible(not self._facts.days)

    def _choose(self, day: date) -> None:
        if self._facts.is_hole(day):
            self.day_wanted.emit(day)

    def _point(self, day: date | None) -> None:
        hint = tr("Click a day that is missing, or press Enter on it, to collect it.")
        text = self._describe(day) if day is not None else hint
        self.pointed.setText(text)

    def _describe(self, day: date) -> str:
        text = self._facts.text(day)
        return tr("{text} Click or Enter collects it.", text=text) if self._facts.is_hole(day) else text
