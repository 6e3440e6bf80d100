"""What the Status page shows, read at one time on a reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from typing import TYPE_CHECKING

from tray_app.core.due import Why
from tray_app.core.model import CollectorName

if TYPE_CHECKING:
    from tray_app.core.model import Job, Run
    from tray_app.core.overview import CollectorState, Overview
    from tray_app.engine.facade import Engine, Quota, Storage
    from tray_app.store.usage import SourceUsage

RUNS_SHOWN = 200


class Activity(Enum):
    """What a collector does now."""

    IDLE = "idle"
    QUEUED = "queued"
    RUNNING = "running"
    ELSEWHERE = "elsewhere"
    WANTS_KEY = "wants_key"


@dataclass(frozen=True, slots=True)
class Backups:
    """How many backups there are, and the newest of them."""

    count: int
    newest_at: datetime | None = None
    newest_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the page shows."""

    overview: Overview
    runs: tuple[Run, ...]
    storage: Storage
    backups: Backups
    usage: tuple[SourceUsage, ...]
    jobs: tuple[Job, ...]
    quotas: tuple[Quota, ...]

    def activity(self, state: CollectorState) -> Activity:
        """Return what a collector does now, in this process or in another."""
        progress = self.overview.progress
        if progress is not None and progress.collector == state.collector:
            return Activity.RUNNING
        if self._has_job(state.collector):
            return Activity.RUNNING if state.is_running else Activity.QUEUED
        if state.is_running:
            return Activity.ELSEWHERE
        return Activity.WANTS_KEY if state.decision.why is Why.WANTS_KEY else Activity.IDLE

    def _has_job(self, name: CollectorName) -> bool:
        return any(job.collector == name for job in self.jobs)


def take_snapshot(engine: Engine) -> Snapshot:
    """Read everything; not for the UI thread."""
    # A job that begins or ends while the overview is read is still one of ours.
    jobs = engine.active_jobs
    storage = engine.storage()
    return Snapshot(
        overview=engine.overview(),
        runs=engine.runs(RUNS_SHOWN),
        storage=storage,
        backups=backups_of(storage),
        usage=engine.usage_today(),
        jobs=(*jobs, *engine.active_jobs),
        quotas=engine.quotas(),
    )


def backups_of(storage: Storage) -> Backups:
    """Return what is known of the backups; one may be removed while we look."""
    found = [(path.stat().st_mtime, path.stat().st_size) for path in storage.backups if path.exists()]
    if not found:
        return Backups(0)
    written, size = max(found)
    return Backups(len(found), datetime.fromtimestamp(written, UTC), size)
