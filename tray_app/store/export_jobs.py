"""The jobs that export sets: one row each, from asked for to done."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from tray_app.core.times import iso_instant, parse_instant
from tray_app.store.database import Database

COLUMNS = (
    "job_id, request, status, progress, created_at, started_at, finished_at, output_path, files, row_counts, error"
)


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
        with self._database.writing() as connection:
            connection.execute(
                "INSERT INTO export_jobs (job_id, request, status, created_at, output_path) VALUES (?, ?, ?, ?, ?)",
                (job_id, asked, JobStatus.PENDING, iso_instant(now), str(output_path)),
            )

    def begin(self, job_id: str, now: datetime) -> None:
        """Log that a job has its target for itself and is at work."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE export_jobs SET status = ?, started_at = ?, finished_at = NULL, error = NULL WHERE job_id = ?",
                (JobStatus.RUNNING, iso_instant(now), job_id),
            )

    def succeed(
        self, job_id: str, output_path: Path, files: Sequence[str], row_counts: Mapping[str, int], now: datetime
    ) -> None:
        """Log that a job's set is published."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE export_jobs SET status = ?, progress = 1, error = NULL, finished_at = ?, output_path = ?,"
                " files = ?, row_counts = ? WHERE job_id = ?",
                (
                    JobStatus.SUCCEEDED,
                    iso_instant(now),
                    str(output_path),
                    json.dumps(list(files)),
                    json.dumps(dict(row_counts)),
                    job_id,
                ),
            )

    def end(self, job_id: str, status: JobStatus, error: str, now: datetime) -> None:
        """Log that a job ended without a set."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE export_jobs SET status = ?, finished_at = ?, error = ? WHERE job_id = ?",
                (status, iso_instant(now), error, job_id),
            )

    def unfinished(self) -> tuple[ExportJob, ...]:
        """Return the jobs that are logged as waiting or at work."""
        return self._with_status(JobStatus.PENDING, JobStatus.RUNNING)

    def jobs(self, limit: int = 100) -> tuple[ExportJob, ...]:
        """Return the newest jobs, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM export_jobs ORDER BY created_at DESC, job_id LIMIT ?", (limit,)
            ).fetchall()
        return tuple(_job(row) for row in rows)

    def job(self, job_id: str) -> ExportJob | None:
        """Return one job."""
        with self._database.reading() as connection:
            row = connection.execute(f"SELECT {COLUMNS} FROM export_jobs WHERE job_id = ?", (job_id,)).fetchone()
        return _job(row) if row else None

    def forget(self, job_id: str) -> None:
        """Delete a job's row; its set stays where it is."""
        with self._database.writing() as connection:
            connection.execute("DELETE FROM export_jobs WHERE job_id = ?", (job_id,))

    def _with_status(self, *statuses: JobStatus) -> tuple[ExportJob, ...]:
        marks = ", ".join("?" for _ in statuses)
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {COLUMNS} FROM export_jobs WHERE status IN ({marks}) ORDER BY job_id", statuses
            ).fetchall()
        return tuple(_job(row) for row in rows)


def _job(row: tuple[Any, ...]) -> ExportJob:
    return ExportJob(
        job_id=row[0],
        request=json.loads(row[1]),
        status=JobStatus(row[2]),
        progress=row[3],
        created_at=parse_instant(row[4]),
        started_at=parse_instant(row[5]) if row[5] else None,
        finished_at=parse_instant(row[6]) if row[6] else None,
        output_path=Path(row[7]),
        files=tuple(json.loads(row[8])),
        row_counts=json.loads(row[9]),
        error=row[10],
    )
