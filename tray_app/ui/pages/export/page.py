"""The Export page: a table of the sets that were made, and what can be done with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QWidget
from shiboken6 import isValid

from tray_app.core.words import tr
from tray_app.store.export_jobs import JobStatus
from tray_app.ui.desktop import open_folder
from tray_app.ui.labels.runs import error_text
from tray_app.ui.labels.status import Status
from tray_app.ui.page import Page, PageParts
from tray_app.ui.pages.export.wizard import ExportWizard
from tray_app.ui.pages.export.wizard_run import verdict, verify_words
from tray_app.ui.parts.form.buttons import button, primary_button
from tray_app.ui.parts.layout.boxes import SPACE, aligned, column, fill, row
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel
from tray_app.ui.parts.notice.message_bar import MessageBar
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.view import TableView
from tray_app.ui.parts.text.plain import message_box
from tray_app.ui.parts.text.texts import heading, paragraph
from tray_app.ui.queries.child_command import ChildCommand
from tray_app.ui.queries.latest_query import LatestQuery
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tray_app.engine.facade import Engine
    from tray_app.store.export_jobs import ExportJob


UNFINISHED = frozenset({JobStatus.PENDING, JobStatus.RUNNING})


@dataclass(frozen=True, slots=True)
class ExportFacts:
    """The jobs, newest first, and those whose sets are old."""

    jobs: tuple[ExportJob, ...]
    old: tuple[ExportJob, ...]


class ExportPage(Page):
    """Lists the jobs and opens the wizard."""

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        style = self._style = parts.style
        self._facts = ExportFacts((), ())
        self.wizard: ExportWizard | None = None
        self.asking: QMessageBox | None = None
        self.child = ChildCommand(self)
        self._verified = ""
        self.message = MessageBar(style)
        self.new = primary_button(style, tr("&New export..."), "export")
        self.open = button(style, tr("&Open folder"), "folder")
        self.verify = button(style, tr("&Verify"), "check")
        self.delete = button(style, tr("&Delete..."), "cancel")
        self.reason = ErrorPanel(style)
        self.table = TableView(style, tr("Exports"), job_columns())
        self.hint = QWidget()
        self.hint_text = paragraph(style)
        self.delete_old = button(style, tr("Delete old sets..."))
        self.query: LatestQuery[ExportFacts] = LatestQuery(parts.bridge, self, self._show, self._tell_failure)
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Read the jobs."""
        # A wizard marks its own job; looking at the lock of one that begins would be in its way.
        engine, recover = self.parts.engine, not self._is_exporting()
        self.query.ask(lambda: read_exports(engine, recover=recover))

    def open_wizard(self) -> None:
        """Open the wizard, or bring the open one to the front."""
        if self.wizard is None or not isValid(self.wizard) or self.wizard.is_leaving:
            made = self.wizard = ExportWizard(self.parts, self)
            made.changed.connect(self.refresh)
            made.destroyed.connect(lambda: self._forget_wizard(made))
        self.wizard.show()
        self.wizard.raise_()
        self.wizard.activateWindow()

    def chosen(self) -> tuple[ExportJob, ...]:
        """Return the selected jobs."""
        return tuple(self._facts.jobs[place] for place in self.table.selected_rows())

    def _arrange(self) -> None:
        metrics = self.parts.style.theme.metrics
        title = heading(self._style, tr("Export"), FontSize.TITLE)
        row(
            fill(self.hint_text),
            aligned(self.delete_old, Qt.AlignmentFlag.AlignTop),
            gap=metrics.medium,
            inside=self.hint,
        )
        self.hint.hide()
        column(
            row(title, SPACE, self.open, self.verify, self.delete, self.new, gap=metrics.small),
            self.message,
            self.hint,
            fill(self.table),
            self.reason,
            gap=metrics.medium,
            margins=metrics.large,
            inside=self,
        )
        self.table.set_empty(tr("No set yet. Export what is collected to load it elsewhere."), tr("New export..."))
        self._enable()

    def _connect(self) -> None:
        self.new.clicked.connect(self.open_wizard)
        self.table.empty_action_triggered.connect(self.open_wizard)
        self.table.selectionModel().selectionChanged.connect(lambda _on, _off: self._enable())
        self.table.row_activated.connect(lambda _place: self._open_chosen())
        self.open.clicked.connect(self._open_chosen)
        self.verify.clicked.connect(self._verify)
        self.delete.clicked.connect(lambda: self._ask_delete(self.chosen()))
        self.delete_old.clicked.connect(lambda: self._ask_delete(self._facts.old))
        self.child.ended.connect(self._show_verdict)

    def _show(self, facts: ExportFacts) -> None:
        self._facts = facts
        self.table.set_rows([job_row(job) for job in facts.jobs], [job.job_id for job in facts.jobs])
        self.hint_text.setText(
            tr("{count} sets are older than 30 days. Nothing is deleted unless you say so.", count=len(facts.old))
        )
        self.hint.setVisible(bool(facts.old))
        self._enable()

    def _enable(self) -> None:
        jobs = self.chosen()
        is_set = len(jobs) == 1 and jobs[0].status is JobStatus.SUCCEEDED
        self.open.setEnabled(is_set)
        self.verify.setEnabled(is_set and not self.child.is_running)
        self.delete.setEnabled(bool(jobs) and all(job.status not in UNFINISHED for job in jobs))
        failure = failure_of(jobs[0]) if len(jobs) == 1 else None
        if failure is None:
            self.reason.hide()
        else:
            self.reason.show_error(failure)

    def _open_chosen(self) -> None:
        if self.open.isEnabled():
            open_folder(self.chosen()[0].output_path)

    def _verify(self) -> None:
        folder = self.chosen()[0].output_path
        self._verified = folder.name
        self.child.start(verify_words(folder))
        self.message.say(tr("Verifying {name}", name=self._verified), is_failure=False)
        self._enable()

    def _show_verdict(self, code: int) -> None:
        # Another set may be chosen by now.
        self.message.say(tr("{name}: {said}", name=self._verified, said=verdict(self.child)), is_failure=code != 0)
        self._enable()

    def _ask_delete(self, jobs: Sequence[ExportJob]) -> None:
        lines = "\n".join(f"{what_of(job)}: {job.output_path}" for job in jobs[:5])
        text = tr("Delete {count} sets with their files?", count=len(jobs)) if len(jobs) > 1 else tr("Delete this set?")
        asking = message_box(QMessageBox.Icon.Question, tr("Delete"), f"{text}\n\n{lines}", self)
        asking.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        asking.addButton(tr("&Delete"), QMessageBox.ButtonRole.AcceptRole)
        asking.setDefaultButton(asking.addButton(tr("Cancel"), QMessageBox.ButtonRole.RejectRole))
        asking.accepted.connect(lambda: self._delete(tuple(jobs)))
        self.asking = asking
        asking.open()

    def _delete(self, jobs: tuple[ExportJob, ...]) -> None:
        exports = self.parts.engine.exports

        def delete_all() -> None:
            for job in jobs:
                exports.delete_set(job.job_id)

        self.parts.bridge.query(self, delete_all, lambda _none: self.refresh(), self._tell_failure)

    def _tell_failure(self, error: Exception) -> None:
        self.message.say(error_text(error), is_failure=True)

    def _is_exporting(self) -> bool:
        return any(wizard.is_busy for wizard in self.findChildren(ExportWizard))

    def _forget_wizard(self, gone: ExportWizard) -> None:
        if self.wizard is gone:
            self.wizard = None


def read_exports(engine: Engine, *, recover: bool) -> ExportFacts:
    """Read the jobs, recovering, after marking, those whose process is gone; not for the UI thread."""
    if recover:
        engine.exports.recover()
    return ExportFacts(engine.exports.jobs(), engine.exports.older_than())


STATES = {
    JobStatus.PENDING: Status.WAITING,
    JobStatus.RUNNING: Status.RUNNING,
    JobStatus.SUCCEEDED: Status.SUCCESS,
    JobStatus.FAILED: Status.FAILED,
    JobStatus.CANCELLED: Status.CANCELLED,
}


def job_columns() -> tuple[ViewColumn, ...]:
    """Return the columns."""
    return (
        ViewColumn(tr("When"), Kind.DATE, _at, tooltip=tr("In the time zone of this computer")),
        ViewColumn(tr("What")),
        ViewColumn(tr("Status"), Kind.STATUS),
        ViewColumn(tr("Rows"), Kind.NUMBER),
        ViewColumn(tr("Reason"), stretch=True),
        ViewColumn(tr("Folder"), stretch=True),
    )


def job_row(job: ExportJob) -> Row:
    """Return a job's cells."""
    rows = sum(job.row_counts.values()) if job.status is JobStatus.SUCCEEDED else None
    return (job.created_at, what_of(job), STATES[job.status], rows, job.error or "", str(job.output_path))


def failure_of(job: ExportJob) -> ErrorFacts | None:
    """Return why a job failed, in full; nothing for one that did not."""
    if job.status is not JobStatus.FAILED:
        return None
    return ErrorFacts(tr("This export failed: {what}", what=what_of(job)), job.error or tr("No reason is known."))


def what_of(job: ExportJob) -> str:
    """Return what a job was asked for."""
    request = job.request
    names = ", ".join(request.get("datasets", ()))
    return tr("{names}, {first} to {last}", names=names, first=request.get("date_from"), last=request.get("date_to"))


def _at(moment: datetime) -> str:
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"
