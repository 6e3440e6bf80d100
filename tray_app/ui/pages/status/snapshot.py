"""What the Status page shows, read at one time on a reader thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.due import Why
from tray_app.ui.dataset_page.activity import Activity, activity_of
from tray_app.ui.labels.backups import Backups, backups_of

if TYPE_CHECKING:
    from tray_app.core.health import Storage
    from tray_app.core.model import Job, Run
    from tray_app.core.overview import CollectorState, Overview
    from tray_app.engine.facade import Engine, Quota
    from tray_app.store.usage import SourceUsage

RUNS_SHOWN = 200


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
        activity = activity_of(state, self.overview, self.jobs)
        wants_key = activity is Activity.IDLE and state.decision.why is Why.WANTS_KEY
        return Activity.WANTS_KEY if wants_key else activity


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
