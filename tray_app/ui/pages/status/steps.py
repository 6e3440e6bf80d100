"""The steps of one run: how each ended, and what to do about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from tray_app.core.model import RunStatus
from tray_app.core.words import tr
from tray_app.datasets.titles import step_title
from tray_app.ui.labels import formats
from tray_app.ui.labels.runs import range_text, step_status, trigger_word
from tray_app.ui.labels.status import StatusFacts
from tray_app.ui.parts.card.chip import StatusChip
from tray_app.ui.parts.layout.boxes import column
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, heading, label, paragraph

if TYPE_CHECKING:
    from datetime import datetime

    from tray_app.core.model import Run, StepOutcome
    from tray_app.ui.style.style import Style


class StepList(QFrame):
    """Shows the steps of the chosen run."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._style = style
        self._rows: list[_StepRow] = []
        self.setProperty("role", "card")
        self._title = heading(style)
        self._title.setWordWrap(True)
        self._message = paragraph(style, tone=SECONDARY)
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(metrics.large)
        self._grid.setVerticalSpacing(metrics.tight)
        self._grid.setColumnStretch(2, 1)
        column(self._title, self._message, self._grid, gap=metrics.small, margins=metrics.medium, inside=self)

    def show_run(self, run: Run, now: datetime) -> None:
        """Show the steps of a run."""
        at, trigger = formats.absolute(run.started_at), trigger_word(run.trigger)
        title = tr("Steps of the run at {at}, {trigger}, {range}", at=at, trigger=trigger, range=range_text(run))
        self._title.setText(title)
        self.setAccessibleName(title)
        self._show_message(run)
        while len(self._rows) < len(run.steps):
            self._rows.append(_StepRow(self._style, self._grid, len(self._rows)))
        for place, row in enumerate(self._rows):
            row.show_step(run.steps[place] if place < len(run.steps) else None, now)

    def texts(self) -> list[tuple[str, str, str]]:
        """Return name, status and note of the steps on show."""
        return [row.texts() for row in self._rows if row.is_shown]

    def _show_message(self, run: Run) -> None:
        told = {step.note for step in run.steps}
        message = run.message or _without_steps(run)
        is_news = not run.steps or (bool(run.message) and not any(note and note in run.message for note in told))
        self._message.setText(message)
        self._message.setVisible(is_news)


def _without_steps(run: Run) -> str:
    if run.status is RunStatus.RUNNING:
        return tr("The steps are shown when the run has ended.")
    return tr("No step was taken.")


class _StepRow:
    """Three widgets in a row of the grid."""

    def __init__(self, style: Style, grid: QGridLayout, place: int) -> None:
        self.is_shown = False
        self._name, self._chip, self._note = label(style), StatusChip(style), paragraph(style, tone=SECONDARY)
        for cell, widget in enumerate((self._name, self._chip, self._note)):
            alignment = Qt.AlignmentFlag(0) if cell == 2 else Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            grid.addWidget(widget, place, cell, alignment)

    def show_step(self, step: StepOutcome | None, now: datetime) -> None:
        """Show a step, or nothing."""
        self.is_shown = step is not None
        for widget in (self._name, self._chip, self._note):
            widget.setVisible(self.is_shown)
        if step is None:
            return
        self._name.setText(step_title(step.name))
        set_tip(self._name, step.name)
        self._chip.show_status(StatusFacts(step_status(step)), now)
        self._note.setText(step.note)

    def texts(self) -> tuple[str, str, str]:
        """Return name, status and note."""
        return self._name.text(), self._chip.accessibleName(), self._note.text()
