"""The jobs that export sets: one row each, from asked for to done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from tray_app.core.times import maybe_instant, parse_instant
from tray_app.store.database import Database
from tray_app.store.models import ExportJobRow


class JobStatus(StrEnum):
    """Where an export job stands."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True, slots=True)
class ExportJob:
    """A job as stored; progress runs from 0 to 1."""

    job_id: str
    request: Mapping[str, Any]
    status: JobStatus
    progress: float
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    output_path: Path
    files: tuple[str, ...]
    row_counts: Mapping[str, int]
    error: str | None


class ExportJobStore:
    """Reads and writes export_jobs."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def start(self, job_id: str, request: Mapping[str, Any], output_path: Path, now: datetime) -> None:
        """Log a job that waits for its turn."""
        asked = json.dumps(request, ensure_ascii=False)
        self._database.write(
            ExportJobRow.insert(
                job_id=job_id,
                request=asked,
                status=JobStatus.PENDING,
                created_at=now,
                output_path=str(output_path),
            )
        )

    def begin(self, job_id: str, now: datetime) -> None:
        """Log that a job has its target for itself and is at work."""
        self._change(job_id, status=JobStatus.RUNNING, started_at=now, finished_at=None, error=None)

    def succeed(
        self, job_id: str, output_path: Path, files: Sequence[str], row_counts: Mapping[str, int], now: datetime
    ) -> None:
        """Log that a job's set is published."""
        self._change(
            job_id,
            status=JobStatus.SUCCEEDED,
            progress=1,
            error=None,
            finished_at=now,
            output_path=str(output_path),
            files=json.dumps(list(files)),
            row_counts=json.dumps(dict(row_counts)),
        )

    def end(self, job_id: str, status: JobStatus, error: str, now: datetime) -> None:
        """Log that a job ended without a set."""
        self._change(job_id, status=status, finished_at=now, error=error)

    def unfinished(self) -> tuple[ExportJob, ...]:
        """Return the jobs that are logged as waiting or at work."""
        is_unfinished = ExportJobRow.status.in_([JobStatus.PENDING, JobStatus.RUNNING])
        found = ExportJobRow.select().where(is_unfinished).order_by(ExportJobRow.job_id)
        return tuple(map(_job, self._database.objects(found)))

    def jobs(self, limit: int = 100) -> tuple[ExportJob, ...]:
        """Return the newest jobs, newest first."""
        newest = ExportJobRow.select().order_by(ExportJobRow.created_at.desc(), ExportJobRow.job_id).limit(limit)
        return tuple(map(_job, self._database.objects(newest)))

    def job(self, job_id: str) -> ExportJob | None:
        """Return one job."""
        found = self._database.objects(ExportJobRow.select().where(ExportJobRow.job_id == job_id))
        return _job(found[0]) if found else None

    def forget(self, job_id: str) -> None:
        """Delete a job's row; its set stays where it is."""
        self._database.write(ExportJobRow.delete().where(ExportJobRow.job_id == job_id))

    def _change(self, job_id: str, **values: object) -> None:
        self._database.write(ExportJobRow.update(**values).where(ExportJobRow.job_id == job_id))


def _job(row: ExportJobRow) -> ExportJob:
    return ExportJob(
        job_id=row.job_id,
        request=json.loads(row.request),
        status=JobStatus(row.status),
        progress=row.progress,
        created_at=parse_instant(row.created_at),
        started_at=maybe_instant(row.started_at),
        finished_at=maybe_instant(row.finished_at),
        output_path=Path(row.output_path),
        files=tuple(json.loads(row.files)),
        row_counts=json.loads(row.row_counts),
        error=row.error,
    )
