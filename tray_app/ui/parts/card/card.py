"""The card: title, chip, two lines of facts and at most one action."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from tray_app.ui.labels.status import StatusFacts
from tray_app.ui.parts.card.chip import StatusChip
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import SPACE, Item, aligned, column, fill, row
from tray_app.ui.parts.text.texts import SECONDARY, heading, paragraph
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tray_app.ui.style.style import Style


@dataclass(frozen=True)
class CardFacts:
    """What a card says."""

    title: str
    status: StatusFacts
    lines: tuple[str, ...] = ()
    action: str = ""
    action_icon: str = ""
    action_enabled: bool = True


class Card(QFrame):
    """A surface with one subject."""

    action_triggered = Signal()

    def __init__(self, style: Style, zone: tzinfo | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._style = style
        self.setProperty("role", "card")
        self.setMinimumWidth(metrics.card_width)
        self._title = heading(style)
        self.chip = StatusChip(style, zone)
        self._lines = paragraph(style, tone=SECONDARY)
        self._action = button(style, "")
        self._action.clicked.connect(self.action_triggered)
        self.foot = row(fill(self._lines), aligned(self._action, Qt.AlignmentFlag.AlignBottom), gap=metrics.small)
        self.body = column(
            row(self._title, SPACE, self.chip),
            self.foot,
            gap=metrics.tight,
            margins=(metrics.medium, metrics.small),
            inside=self,
        )

    def show_facts(self, facts: CardFacts, now: datetime) -> None:
        """Show another state of the subject."""
        self._title.setText(facts.title)
        self.chip.show_status(facts.status, now)
        self._lines.setText("\n".join(facts.lines))
        self._lines.setVisible(bool(facts.lines))
        self._action.setText(facts.action)
        self._show_icon(facts.action_icon)
        self._action.setAccessibleName(f"{facts.action}: {facts.title}")
        self._action.setVisible(bool(facts.action))
        self._action.setEnabled(facts.action_enabled)
        self.setAccessibleName(facts.title)
        self.setAccessibleDescription(". ".join((self.chip.accessibleName(), *facts.lines)))

    def _show_icon(self, name: str) -> None:
        side = self._style.theme.metrics.icon
        self._action.setIcon(self._style.icons.icon(name, Token.TEXT) if name else QIcon())
        self._action.setIconSize(QSize(side, side))


def card_column(style: Style, frame: QFrame, title: str, *items: Item) -> QVBoxLayout:
    """Make a frame a card, and return the column of what it holds under its title."""
    metrics = style.theme.metrics
    frame.setProperty("role", "card")
    frame.setAccessibleName(title)
    return column(heading(style, title), *items, gap=metrics.small, margins=metrics.medium, inside=frame)
