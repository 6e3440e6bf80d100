"""Exports as clients see them: jobs, and the work itself in the process that asks for it.

The work loads pyarrow and takes its threads: a window starts the command line as a child process instead, and reads
its progress lines.
"""

import uuid
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tray_app.core.cancel import Cancellation
from tray_app.core.clock import Clock
from tray_app.core.errors import AppError, Cancelled
from tray_app.core.sets import Finished
from tray_app.core.words import tr
from tray_app.export.errors import SetHeld
from tray_app.export.estimate import Estimate, estimate
from tray_app.export.progress import ExportProgress, Watch
from tray_app.export.request import ExportRequest, check
from tray_app.export.set.locking import holder_of, locked
from tray_app.export.set.publish import recover, withdraw
from tray_app.export.set.target import check_is_ours, check_target, job_of, made_by
from tray_app.paths import Home
from tray_app.store.database import Database
from tray_app.store.export_jobs import ExportJob, ExportJobStore, JobStatus
from tray_app.store.state import StateStore

OFFER_AFTER_DAYS = 30


class Exports:
    """The export side of one home folder."""

    def __init__(self, database: Database, home: Home, clock: Clock) -> None:
        self._database, self._home, self._clock = database, home, clock
        self._jobs = ExportJobStore(database)

    def recover(self, stopped: Path | None = None) -> tuple[ExportJob, ...]:
        """Give jobs whose process has died their end and clear what exports left; returns them. For every start.

        One killed when its set was published has SUCCEEDED, another FAILED. stopped is a target whose export the user
        has stopped: a job there that could not end by itself is CANCELLED.
        """
        abandoned = tuple(job for job in self._jobs.unfinished() if holder_of(job.output_path) != job.job_id)
        for path in dict.fromkeys(job.output_path for job in (*abandoned, *self._jobs.jobs())):
            recover(path)
        for job in abandoned:
            self._settle(job, is_stopped=job.output_path == stopped)
        return abandoned

    def estimate(self, request: ExportRequest) -> Estimate:
        """Return what a request would hold, and about how many bytes. Reads the store."""
        return estimate(self._database, request)

    def older_than(self, days: int = OFFER_AFTER_DAYS) -> tuple[ExportJob, ...]:
        """Return the jobs whose sets are older than that and still there: to be offered for deletion."""
        limit = self._clock.now() - timedelta(days=days)
        return tuple(
            job
            for job in self._jobs.jobs(limit=1_000)
            if job.status is JobStatus.SUCCEEDED and job.created_at < limit and job_of(job.output_path) == job.job_id
        )

    def delete_set(self, job_id: str) -> None:
        """Delete the set a job made and take the job off the list. A set that a later job has put in its place stays.

        Raises TargetRefused where other files lie in it, TargetBusy while it is replaced, SetHeld when it stays.
        """
        job = self._jobs.job(job_id)
        if job is None:
            return
        if job_of(job.output_path) == job_id:
            check_is_ours(job.output_path)
            self._withdraw(job)
        self._jobs.forget(job_id)

    def jobs(self, limit: int = 100) -> tuple[ExportJob, ...]:
        """Return the newest jobs, newest first. Reads the store."""
        return self._jobs.jobs(limit)

    def forget(self, job_id: str) -> None:
        """Take a job off the list; its set stays."""
        self._jobs.forget(job_id)

    def run(
        self, request: ExportRequest, listener: Callable[[ExportProgress], None], cancel: Cancellation
    ) -> tuple[str, Finished]:
        """Make and publish a set on the calling thread; returns the job's id too. Raises AppError.

        What cannot work is refused before a job is logged. The calling thread's connection is closed meanwhile.
        """
        from tray_app.export.run import Job, export  # noqa: PLC0415 - pyarrow, for the child process only

        self.recover()
        check(request)
        check_target(request.output_path, self._home.root, self._home.exports)
        job_id = str(uuid.uuid4())
        self._jobs.start(job_id, request.shape(), request.output_path, self._clock.now())
        job = Job(job_id, request, self._home.database, StateStore(self._database).store_id(), self._clock.now())
        try:
            finished = export(job, Watch(listener, cancel), lambda: self._begin(job_id))
        except Cancelled as error:
            self._jobs.end(job_id, JobStatus.CANCELLED, error.message, self._clock.now())
            raise
        except AppError as error:
            self._end_failed(job_id, str(error))
            raise
        except Exception as error:
            self._end_failed(job_id, tr("A fault of the program: {error}", error=repr(error)))
            raise
        self._jobs.succeed(job_id, finished.path, finished.files, finished.row_counts, self._clock.now())
        return job_id, finished

    def changed_rows(self) -> tuple[str, ...]:
        """Return what of the stored rows is not as it was stored: table, market or series, day. Reads every row.

        The calling thread's connection is closed meanwhile. For processes that may load pyarrow.
        """
        from tray_app.export.files.stored_sums import examine  # noqa: PLC0415 - pyarrow, for the child process only

        self._database.close_thread()
        return tuple(map(str, examine(self._home.database)))

    def default_path(self, name: str) -> Path:
        """Return where a set of that name goes unless told otherwise."""
        return self._home.exports / name

    def _begin(self, job_id: str) -> None:
        self._jobs.begin(job_id, self._clock.now())
        self._database.close_thread()

    def _settle(self, job: ExportJob, *, is_stopped: bool) -> None:
        made = made_by(job.job_id, job.output_path)
        now = self._clock.now()
        if made is not None:
            self._jobs.succeed(job.job_id, made.path, made.files, made.row_counts, now)
        elif is_stopped:
            self._jobs.end(job.job_id, JobStatus.CANCELLED, Cancelled().message, now)
        else:
            reason = tr("The program ended while this export was under way.")
            self._jobs.end(job.job_id, JobStatus.FAILED, reason, now)

    def _withdraw(self, job: ExportJob) -> None:
        try:
            with locked(job.output_path, job.job_id):
                withdraw(job.output_path)
        except OSError as error:
            raise SetHeld(job.output_path, error.strerror or str(error)) from error

    def _end_failed(self, job_id: str, reason: str) -> None:
        try:
            self._jobs.end(job_id, JobStatus.FAILED, reason, self._clock.now())
        except AppError:
            # The disk that failed the export may hold the database too; the next start marks the job.
            return
