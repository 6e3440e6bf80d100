"""What a collector does now, as pages tell it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.core.events import RunProgress
    from tray_app.core.model import CollectorName, Job
    from tray_app.core.overview import CollectorState, Overview


class Activity(Enum):
    """What a collector does now."""

    IDLE = "idle"
    QUEUED = "queued"
    RUNNING = "running"
    ELSEWHERE = "elsewhere"
    WANTS_KEY = "wants_key"


def activity_of(state: CollectorState, overview: Overview, jobs: Sequence[Job]) -> Activity:
    """Return what a collector does now, in this process or in another; that it wants a key is for others to say."""
    if progress_of(state.collector, overview) is not None:
        return Activity.RUNNING
    if any(job.collector == state.collector for job in jobs):
        return Activity.RUNNING if state.is_running else Activity.QUEUED
    return Activity.ELSEWHERE if state.is_running else Activity.IDLE


def progress_of(name: CollectorName, overview: Overview) -> RunProgress | None:
    """Return how far a collector's run in this process is."""
    progress = overview.progress
    return progress if progress is not None and progress.collector == name else None
