"""What the Status page shows, read at one time on a reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.core.model import CollectorName, Job, Run
    from tray_app.core.overview import CollectorState, Overview
    from tray_app.engine.facade import Engine, Storage
    from tray_app.store.queries import SourceUsage

RUNS_SHOWN = 200


class Activity(Enum):
    """What a collector does now."""

    IDLE = "idle"
    QUEUED = "queued"
    RUNNING = "running"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Backups:
    """The backups at hand, newest first, and the size of the newest."""

    paths: tuple[Path, ...]
    newest_bytes: int


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the page shows."""

    overview: Overview
    runs: tuple[Run, ...]
    storage: Storage
    backups: Backups
    usage: tuple[SourceUsage, ...]
    jobs: tuple[Job, ...]

    def activity(self, state: CollectorState) -> Activity:
        """Return what a collector does now, in this process or in another."""
        progress = self.overview.progress
        if progress is not None and progress.collector is state.collector:
            return Activity.RUNNING
        if self._has_job(state.collector):
            return Activity.RUNNING if state.is_running else Activity.QUEUED
        return Activity.ELSEWHERE if state.is_running else Activity.IDLE

    def _has_job(self, name: CollectorName) -> bool:
        return any(job.collector is name for job in self.jobs)


def take_snapshot(engine: Engine) -> Snapshot:
    """Read everything; not for the UI thread."""
    storage = engine.storage()
    return Snapshot(
        overview=engine.overview(),
        runs=engine.runs(RUNS_SHOWN),
        storage=storage,
        backups=backups_of(storage),
        usage=engine.usage_today(),
        jobs=engine.active_jobs,
    )


def backups_of(storage: Storage) -> Backups:
    """Return the backups with the size of the newest."""
    newest = next(iter(storage.backups), None)
    size = newest.stat().st_size if newest is not None and newest.exists() else 0
    return Backups(storage.backups, size)
