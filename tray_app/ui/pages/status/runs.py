"""The run log: a table of runs, and the steps of the chosen one: how each ended, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from tray_app.core.model import Run, RunStatus
from tray_app.core.words import tr
from tray_app.datasets import DATASETS
from tray_app.datasets.titles import collector_title, step_title
from tray_app.ui.labels import formats
from tray_app.ui.labels.runs import kind_word, range_text, run_status, seconds, step_status, trigger_word
from tray_app.ui.labels.status import StatusFacts
from tray_app.ui.parts.card.chip import StatusChip
from tray_app.ui.parts.form.buttons import quiet_button
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.layout.boxes import SPACE, column, row
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, heading, label, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tray_app.core.model import StepOutcome
    from tray_app.ui.style.style import Style


ALL, TROUBLE = "all", "trouble"
WELL = frozenset({RunStatus.SUCCESS, RunStatus.RUNNING})
ROWS_SEEN = 8


@dataclass(frozen=True, order=True)
class Started:
    """When a run began; two runs of one second stay apart."""

    at: datetime
    run_id: int = field(default=0)

    def __str__(self) -> str:
        """Return the instant for a machine to read."""
        return self.at.isoformat(timespec="seconds")

    def shown(self) -> str:
        """Return the instant in the user's zone."""
        return f"{self.at.astimezone():%Y-%m-%d %H:%M}"


class RunHistory(QWidget):
    """Shows the newest runs."""

    collect_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[Run, ...] = ()
        self._shown: list[Run] = []
        self._now: datetime | None = None
        self._status_filter = SegmentedControl(
            style, tr("Runs shown"), ((ALL, tr("All")), (TROUBLE, tr("Not complete")))
        )
        collectors = ((ALL, tr("All")), *((each.name, tr(each.title)) for each in DATASETS))
        self._collector_filter = SegmentedControl(style, tr("Collector"), collectors)
        self._copy = quiet_button(style, tr("Copy"), "copy")
        self.table = PageTable(style, tr("Runs"), _columns(), most=ROWS_SEEN)
        self.steps = StepList(style)
        self.steps.hide()
        self._arrange(style)
        self._connect()

    def show_runs(self, runs: Sequence[Run], now: datetime) -> None:
        """Show the run log, newest first."""
        self._runs = tuple(runs)
        self._now = now
        self._fill()

    def choose_status(self, key: str) -> None:
        """Show all runs, or those that are not complete."""
        self._status_filter.choose(key)
        self._fill()

    def _arrange(self, style: Style) -> None:
        small = style.theme.metrics.small
        head = (heading(style, tr("Runs")), SPACE, self._collector_filter, self._status_filter, self._copy)
        column(row(*head, gap=small), self.table, self.steps, gap=small, inside=self)

    def _connect(self) -> None:
        self._status_filter.choose(ALL)
        self._collector_filter.choose(ALL)
        self._collector_filter.setVisible(len(DATASETS) > 1)
        set_tip(self._copy, tr("Copy the selected runs, or all of them, as tab-separated text"))
        self._status_filter.chosen.connect(lambda _key: self._fill())
        self._collector_filter.chosen.connect(lambda _key: self._fill())
        self._copy.clicked.connect(self.table.copy)
        self.table.row_selected.connect(self._show_steps)
        self.table.empty_action_triggered.connect(self._fill_empty)

    def _fill(self) -> None:
        self._shown = [run for run in self._runs if self._wanted(run)]
        if self._runs:
            sentence = tr("No run like this among the newest {count}.", count=len(self._runs))
            self.table.set_empty(sentence, tr("Show all"))
        else:
            self.table.set_empty(tr("No run yet. Collect to make the first one."), tr("Collect"))
        self.table.set_rows([_row(run) for run in self._shown])
        chosen = self.table.selected_rows()
        if chosen:
            self._show_steps(chosen[0])
        elif self._shown:
            self.table.selectRow(0)
        self.steps.setVisible(bool(self._shown))
        self._copy.setEnabled(bool(self._shown))

    def _wanted(self, run: Run) -> bool:
        if self._status_filter.choice() == TROUBLE and run.status in WELL:
            return False
        return self._collector_filter.choice() in {ALL, run.collector}

    def _show_steps(self, place: int) -> None:
        if self._now is not None and place < len(self._shown):
            self.steps.show_run(self._shown[place], self._now)

    def _fill_empty(self) -> None:
        if not self._runs:
            self.collect_requested.emit()
            return
        self._collector_filter.choose(ALL)
        self.choose_status(ALL)


def _columns() -> tuple[ViewColumn, ...]:
    return (
        ViewColumn(tr("Started"), Kind.DATE, Started.shown, tooltip=tr("In the time zone of this computer")),
        ViewColumn(tr("Collector")),
        ViewColumn(tr("Data")),
        ViewColumn(tr("Asked by")),
        ViewColumn(tr("Status"), Kind.STATUS),
        ViewColumn(tr("Duration"), Kind.NUMBER, seconds),
        ViewColumn(tr("Message"), stretch=True),
    )


def _row(run: Run) -> Row:
    return (
        Started(run.started_at, run.run_id),
        collector_title(run.collector),
        kind_word(run),
        trigger_word(run.trigger),
        run_status(run),
        run.duration,
        run.message,
    )


class StepList(QFrame):
    """Shows the steps of the chosen run."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._style = style
        self.rows: list[_StepRow] = []
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
        while len(self.rows) < len(run.steps):
            self.rows.append(_StepRow(self._style, self._grid, len(self.rows)))
        for place, shown in enumerate(self.rows):
            shown.show_step(run.steps[place] if place < len(run.steps) else None, now)

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
        self.name, self.chip, self.note = label(style), StatusChip(style), paragraph(style, tone=SECONDARY)
        for cell, widget in enumerate((self.name, self.chip, self.note)):
            alignment = Qt.AlignmentFlag(0) if cell == 2 else Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft
            grid.addWidget(widget, place, cell, alignment)

    def show_step(self, step: StepOutcome | None, now: datetime) -> None:
        """Show a step, or nothing."""
        self.is_shown = step is not None
        for widget in (self.name, self.chip, self.note):
            widget.setVisible(self.is_shown)
        if step is None:
            return
        self.name.setText(step_title(step.name))
        set_tip(self.name, step.name)
        self.chip.show_status(StatusFacts(step_status(step)), now)
        self.note.setText(step.note)
