"""The coverage of the Korea Exchange on the Status page: the heat map, what it sums up to, and the way to a hole."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QWidget
from shiboken6 import isValid

from tray_app.core.words import tr
from tray_app.datasets.krx.rules.calendar import EARLIEST, SessionWord
from tray_app.ui.pages.status.krx_coverage import CoverageFacts
from tray_app.ui.parts.card.card import card_column
from tray_app.ui.parts.heat.cells import HeatLegend
from tray_app.ui.parts.heat.map import HeatMap
from tray_app.ui.parts.layout.boxes import fill, row
from tray_app.ui.parts.notice.empty import EmptyState
from tray_app.ui.parts.text.texts import SECONDARY, paragraph

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


class CoverageCard(QFrame):
    """A click on a hole asks to collect it; the line below tells of the day pointed at.

    again_requested: the first and the last day to ask for again. declare_requested: a day and what is to be said of it.
    """

    day_requested = Signal(object)
    again_requested = Signal(object, object)
    declare_requested = Signal(object, object)
    history_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._facts = CoverageFacts({})
        self._menu: QMenu | None = None
        self.summary = paragraph(style, tone=SECONDARY)
        self.map = HeatMap(style, tr("Sessions of the Korea Exchange by state"), self._describe)
        self.legend = HeatLegend(style)
        self.pointed = paragraph(style, tone=SECONDARY)
        self.empty = EmptyState(style, tr("No session of the Korea Exchange is stored yet."), tr("Collect sessions"))
        column = card_column(style, self, tr("Korea Exchange: coverage"))
        below = row(fill(self.pointed), gap=style.theme.metrics.medium)
        for part in (self.summary, self.map, self.legend):
            column.addWidget(part)
        column.addLayout(below)
        column.addWidget(self.empty)
        self.map.day_chosen.connect(self._choose)
        self.map.day_pointed.connect(self._point)
        self.map.menu_requested.connect(self._open_menu)
        self.empty.action_triggered.connect(self.history_requested)
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

    def menu(self, day: date) -> QMenu:
        """Return what can be done with a day, its month and its year."""
        menu = QMenu(self)
        menu.setAccessibleName(str(day))
        if self._facts.is_hole(day):
            menu.addAction(tr("Collect {day}", day=day), lambda: self.day_requested.emit(day))
        for text, first, last in ranges_around(day, max(self._facts.days)):
            menu.addAction(text, partial(self.again_requested.emit, first, last))
        said = self._facts.may_be_said(day)
        if said is not None:
            menu.addSeparator()
            menu.addAction(said_title(day, said), partial(self.declare_requested.emit, day, said))
        return menu

    def _show_parts(self) -> None:
        for part in (self.summary, self.map, self.legend, self.pointed):
            part.setVisible(bool(self._facts.days))
        self.empty.setVisible(not self._facts.days)

    def _choose(self, day: date) -> None:
        if self._facts.is_hole(day):
            self.day_requested.emit(day)

    def _open_menu(self, day: date, place: QPoint) -> None:
        if self._menu is not None and isValid(self._menu) and self._menu.isVisible():
            return
        self._menu = self.menu(day)
        self._menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._menu.popup(place)

    def _point(self, day: date | None) -> None:
        hint = tr(
            "Click a missing day, or press Enter on it, to collect it. A right click or the menu key offers more."
        )
        text = self._describe(day) if day is not None else hint
        self.pointed.setText(text)

    def _describe(self, day: date) -> str:
        text = self._facts.text(day)
        return tr("{text} Click or Enter collects it.", text=text) if self._facts.is_hole(day) else text


def said_title(day: date, said: SessionWord) -> str:
    """Return what saying something of a day is called."""
    return {
        SessionWord.CLOSED: tr("Declare {day} closed...", day=day),
        SessionWord.OPEN: tr("Declare {day} open...", day=day),
        SessionWord.PREDICTED: tr("Take back what was declared of {day}...", day=day),
    }[said]


def ranges_around(day: date, today: date) -> tuple[tuple[str, date, date], ...]:
    """Return what asking again for a day, its month and its year is called, and the first and the last day of each."""
    month_ends, year_ends = day.replace(day=monthrange(day.year, day.month)[1]), date(day.year, 12, 31)
    return (
        (tr("Collect {day} again", day=day), day, day),
        (tr("Collect {month} again", month=f"{day:%Y-%m}"), max(EARLIEST, day.replace(day=1)), min(month_ends, today)),
        (
            tr("Collect {year} again", year=day.year),
            max(EARLIEST, date(day.year, 1, 1)),
            min(year_ends, today),
        ),
    )
