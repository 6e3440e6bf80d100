"""Accepting a day of the exchange without its rows in doubt: what it means is said before it is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from tray_app.core.words import tr
from tray_app.ui.dialogs.read_dialog import ReadDialog
from tray_app.ui.parts.form.buttons import primary_button
from tray_app.ui.parts.text.texts import SECONDARY, paragraph

if TYPE_CHECKING:
    from datetime import datetime

    from tray_app.datasets.krx.rules.acceptance import DoubtedDay
    from tray_app.ui.style.style import Style

MOST_NAMED = 5


class AcceptDialog(ReadDialog):
    """Says what is in doubt and what would follow; asks for the reason."""

    accepted_with = Signal(str)
    taken_back = Signal()

    def __init__(self, style: Style, found: DoubtedDay, now: datetime, parent: QWidget | None = None) -> None:
        super().__init__(style, tr("Day in doubt"), parent)
        self.found = found
        self.add_head(tr("{market} of {day}", market=found.market_code, day=found.session), _state(found))
        for finding in found.findings[:MOST_NAMED]:
            self.body.addWidget(paragraph(style, finding.text))
        if found.findings[MOST_NAMED:]:
            self.body.addWidget(paragraph(style, tr("And {count} more.", count=len(found.findings) - MOST_NAMED)))
        refusal = None if found.is_accepted else found.refusal(now)
        if refusal is not None:
            self.body.addWidget(paragraph(style, str(refusal), tone=SECONDARY))
        elif found.is_accepted:
            self._offer_take_back(style)
        else:
            self._offer_acceptance(style)
        self.add_close()

    def _offer_acceptance(self, style: Style) -> None:
        text = tr(
            "Accepted without {rows}, the day is asked for no more by itself. Its factors are made, but for these rows;"
            " exports are made and name what they lack. It ends when the exchange sends the rows well on collecting"
            " again, and can be taken back.",
            rows=", ".join(self.found.rows[:MOST_NAMED]),
        )
        self.body.addWidget(paragraph(style, text, tone=SECONDARY))
        self.note = QLineEdit()
        self.note.setPlaceholderText(tr("Why, for example what the exchange's own site shows"))
        self.note.setAccessibleName(tr("Why the day is accepted"))
        self.body.addWidget(self.note)
        self.act = primary_button(style, tr("Accept without them"))
        self.act.clicked.connect(self._accept)
        self.buttons.addWidget(self.act)

    def _offer_take_back(self, style: Style) -> None:
        text = tr("Taken back, the day is in doubt again: it is asked for, makes no factors and blocks exports.")
        self.body.addWidget(paragraph(style, text, tone=SECONDARY))
        self.act = primary_button(style, tr("Take back"))
        self.act.clicked.connect(self._take_back)
        self.buttons.addWidget(self.act)

    def _accept(self) -> None:
        self.accepted_with.emit(self.note.text().strip())
        self.close()

    def _take_back(self) -> None:
        self.taken_back.emit()
        self.close()


def _state(found: DoubtedDay) -> str:
    if not found.is_accepted:
        return tr("In doubt")
    first = found.findings[0]
    who = tr("Accepted by {name}", name=first.accepted_by or "?")
    return f"{who}: {first.accepted_note}" if first.accepted_note else who
