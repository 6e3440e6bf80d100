"""The table of export jobs: when, what, status, rows, reason, path."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.store.export_jobs import JobStatus
from tray_app.ui.labels.status import Status
from tray_app.ui.parts.notice.error_panel import ErrorFacts
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn

if TYPE_CHECKING:
    from datetime import datetime

    from tray_app.store.export_jobs import ExportJob

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
