"""The status chip: icon, word and relative time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QSizePolicy, QWidget

from tray_app.core.words import tr
from tray_app.ui.labels.formats import absolute, relative
from tray_app.ui.labels.status import Status, StatusFacts, style_of
from tray_app.ui.parts.layout.boxes import row
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, label, set_tone

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from tray_app.ui.style.style import Style


class StatusChip(QWidget):
    """Says a state in a word, never by colour alone."""

    def __init__(self, style: Style, zone: tzinfo | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = zone
        self._facts = StatusFacts(Status.UNKNOWN)
        self._icon = IconLabel(style)
        self._word = label(style)
        self._time = label(style, tone=SECONDARY)
        row(self._icon, self._word, self._time, gap=style.theme.metrics.tight, inside=self)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._show_word()

    def show_status(self, facts: StatusFacts, now: datetime) -> None:
        """Show a state."""
        self._facts = facts
        self._show_word()
        self.refresh(now)

    def refresh(self, now: datetime) -> None:
        """Bring the relative time up to date."""
        at = self._facts.at
        self._time.setVisible(at is not None)
        self._time.setText(relative(at, now) if at else "")
        tip = ", ".join(part for part in (absolute(at, self._zone) if at else "", self._facts.detail) if part)
        set_tip(self, tip)
        self.setAccessibleName(", ".join(part for part in (self._word.text(), self._time.text()) if part))

    def _show_word(self) -> None:
        style = style_of(self._facts.status)
        self._icon.show_icon(style.icon, style.token)
        self._word.setText(style.word)
        set_tone(self._word, style.token.value)
        self.setAccessibleName(tr("Status: {word}", word=style.word))
