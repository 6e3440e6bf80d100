"""The tile: one number with its change and its date."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFrame, QWidget

from tray_app.ui.labels.formats import NOTHING, percent
from tray_app.ui.parts.layout.boxes import SPACE, column, row
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, label, set_tone, tone_of_change
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


@dataclass(frozen=True)
class TileFacts:
    """What a tile says; a number never comes without its date."""

    label: str
    value: str
    as_of: str
    change: float | None = None
    change_text: str = ""
    tooltip: str = ""


class Tile(QFrame):
    """Label, value, change and source date, one below the other."""

    def __init__(self, style: Style, facts: TileFacts | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.setProperty("role", "card")
        self.setMinimumWidth(metrics.tile_width)
        self._label = label(style, size=FontSize.LABEL, tone=SECONDARY)
        self._value = label(style, NOTHING)
        self._value.setFont(style.theme.font(FontSize.VALUE, strong=True, tabular=True))
        self._change = label(style)
        self._change.setFont(style.theme.font(tabular=True))
        self._date = label(style, size=FontSize.LABEL, tone=SECONDARY)
        column(
            self._label,
            row(self._value, self._change, SPACE, gap=metrics.small),
            self._date,
            gap=metrics.hairline,
            margins=(metrics.medium, metrics.small),
            inside=self,
        )
        if facts:
            self.show_facts(facts)

    def show_facts(self, facts: TileFacts) -> None:
        """Show another number."""
        change = facts.change_text or (percent(facts.change) if facts.change is not None else "")
        self._label.setText(facts.label)
        self._value.setText(facts.value or NOTHING)
        self._change.setText(change)
        self._change.setVisible(bool(change))
        set_tone(self._change, tone_of_change(facts.change))
        self._date.setText(facts.as_of)
        set_tip(self, facts.tooltip)
        parts = (facts.label, facts.value, change, facts.as_of)
        self.setAccessibleName(", ".join(part for part in parts if part))
