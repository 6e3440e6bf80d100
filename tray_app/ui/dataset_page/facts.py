"""How a collector stands, and what it does now, for the page of its data: read on a reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from tray_app.core.model import RunStatus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    from tray_app.core.events import RunProgress
    from tray_app.core.model import CollectorName, Job, Run, StepOutcome
    from tray_app.core.overview import CollectorState, Overview
    from tray_app.engine.facade import Engine


class Activity(Enum):
    """What a collector does now."""

    IDLE = "idle"
    QUEUED = "queued"
    RUNNING = "running"
    ELSEWHERE = "elsewhere"
    WANTS_KEY = "wants_key"


def activity_of(state: CollectorState, overview: Overview, jobs: Sequence[Job]) -> Activity:
    """Return what a collector does now, in this process or in another; that it wants a key is for others to say."""
    if progress_of(state.collector, overview.progress) is not None:
        return Activity.RUNNING
    if any(job.collector == state.collector for job in jobs):
        return Activity.RUNNING if state.is_running else Activity.QUEUED
    return Activity.ELSEWHERE if state.is_running else Activity.IDLE


def progress_of(name: CollectorName, progress: RunProgress | None) -> RunProgress | None:
    """Return how far a collector's run in this process is, if the progress is its own."""
    return progress if progress is not None and progress.collector == name else None


@dataclass(frozen=True, slots=True)
class CollectFacts:
    """The last run of today's data that has ended, what the collector does now, and what its data went through."""

    now: datetime
    activity: Activity
    last_run: Run | None
    history_pending: bool
    newest_date: date | None
    restated: int

    def step(self, name: str) -> StepOutcome | None:
        """Return how a step of the last run ended."""
        steps = self.last_run.steps if self.last_run else ()
        return next((step for step in steps if step.name == name), None)


def take_collect_facts(engine: Engine, name: CollectorName, tables: frozenset[str]) -> CollectFacts:
    """Read how a collector stands; not for the UI thread."""
    jobs = engine.active_jobs
    overview = engine.overview()
    state = next(each for each in overview.collectors if each.collector == name)
    return CollectFacts(
        now=overview.now,
        activity=activity_of(state, overview, (*jobs, *engine.active_jobs)),
        last_run=_last_ended(engine, state),
        history_pending=state.history_pending,
        newest_date=state.newest_date,
        restated=engine.restatement_count(tables=tables),
    )


def _last_ended(engine: Engine, state: CollectorState) -> Run | None:
    """Return the last run of today's data that has ended."""
    last = state.last_run
    if last is None or last.status is not RunStatus.RUNNING:
        return last
    return engine.last_ended(last.kind, state.collector)
