"""The JSON shapes of runs, of what a run would ask for, of states, and of errors."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from tray_app.core.errors import AppError
from tray_app.core.model import Run, RunStatus
from tray_app.core.overview import CollectorState, Overview, why_text
from tray_app.core.plan import RunPlan
from tray_app.core.times import kst_date, to_kst

WORST_FIRST = (RunStatus.CANCELLED, RunStatus.FAILED, RunStatus.WAITING, RunStatus.PARTIAL, RunStatus.SUCCESS)


def run_shape(run: Run) -> dict[str, Any]:
    """Return a finished run as `collect NAME --json` prints it.

    date is the Korean day of the run, data_date the newest date it brought, by its source's days.
    """
    return {
        "collector": run.collector,
        "status": run.status,
        "duration": run.duration,
        "date": kst_date(run.started_at).isoformat(),
        "data_date": _day(run.data_date),
        "steps": {step.name: str(step) for step in run.steps},
        "message": run.message,
    }


def logged_run_shape(run: Run) -> dict[str, Any]:
    """Return a row of the run log; instants are ISO in Korean time."""
    window = run.window
    return {
        "run_id": run.run_id,
        **run_shape(run),
        "kind": run.kind,
        "triggered_by": run.trigger,
        "due_at": _instant(run.due_at),
        "started_at": _instant(run.started_at),
        "finished_at": _instant(run.finished_at),
        "window_start": _day(window.date_from if window else None),
        "window_end": _day(window.date_to if window else None),
        "again": window is not None and window.is_again,
        "only": (window.only or None) if window else None,
    }


def all_runs_shape(runs: Sequence[Run], total_duration: float) -> dict[str, Any]:
    """Return the runs of `collect all`; the status is the worst of its parts."""
    return {
        "status": worst_status(runs),
        "total_duration": round(total_duration, 3),
        "collectors": [run_shape(run) for run in runs],
    }


def worst_status(runs: Sequence[Run]) -> RunStatus:
    """Return the worst status of some runs; success for none."""
    statuses = {run.status for run in runs}
    return next((status for status in WORST_FIRST if status in statuses), RunStatus.SUCCESS)


def overview_shape(overview: Overview) -> dict[str, Any]:
    """Return the state of every collector as `status --json` prints it; data_date is the newest date stored."""
    return {
        "collectors": {state.collector: _state_shape(state, overview.now) for state in overview.collectors},
        "now": _instant(overview.now),
        "paused_until": _instant(overview.paused_until) if overview.is_paused else None,
    }


def plan_shape(plan: RunPlan) -> dict[str, Any]:
    """Return what a run would ask for as `collect --plan --json` prints it."""
    quota: dict[str, Any] = {} if plan.calls_left is None else {"calls_left_today": plan.calls_left}
    if plan.backfill is not None:
        quota |= {
            "sessions": plan.backfill.sessions,
            "continues_on": _day(plan.backfill.continues_on),
            "finishes_on": _day(plan.backfill.finishes_on),
        }
    steps = [{"step": step.name, "calls": step.calls, "note": step.note} for step in plan.steps]
    return {"calls": plan.calls, "seconds": round(plan.seconds, 1), **quota, "steps": steps}


def error_shape(error: AppError) -> dict[str, Any]:
    """Return an error that kept a command from its work."""
    return {
        "status": RunStatus.FAILED,
        "error": {"title": error.title, "message": error.message, "hint": error.hint},
    }


def _state_shape(state: CollectorState, now: datetime) -> dict[str, Any]:
    run = state.last_run
    return {
        "date": _day(kst_date(run.started_at) if run else None),
        "data_date": _day(state.newest_date),
        "status": run.status if run else None,
        "duration": run.duration if run else None,
        "triggered_by": run.trigger if run else None,
        "started_at": _instant(run.started_at) if run else None,
        "steps": {step.name: str(step) for step in run.steps} if run else {},
        "next_run": _instant(state.decision.next_at),
        "next_run_reason": why_text(state, now),
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _instant(instant: datetime | None) -> str | None:
    return to_kst(instant).isoformat(timespec="seconds") if instant else None
