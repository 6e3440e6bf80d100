"""Words of runs, steps and sizes, as the pages say them."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tray_app.core.errors import AppError
from tray_app.core.model import Run, RunKind, StepOutcome, Trigger
from tray_app.core.words import tr
from tray_app.ui.labels import formats
from tray_app.ui.labels.status import Status

if TYPE_CHECKING:
    from tray_app.core.overview import Overview


# A pause without an end is kept as one of many years.
A_LONG_TIME = timedelta(days=365)


def run_status(run: Run | None) -> Status:
    """Return how a run is shown; one that only wants a key says so."""
    if run is None:
        return Status.UNKNOWN
    return Status.MISSING_KEY if run.only_wants_keys else Status(run.status.value)


def step_status(step: StepOutcome) -> Status:
    """Return how a step is shown."""
    return Status.MISSING_KEY if step.wants_key else Status(step.status.value)


def overall_status(overview: Overview) -> Status:
    """Return the state of everything: the worst last run, or that nothing was collected yet."""
    found = {run_status(state.last_run) for state in overview.collectors}
    worst_first = (Status.FAILED, Status.RUNNING, Status.PARTIAL, Status.INTERRUPTED, Status.WAITING, Status.CANCELLED)
    worst = next((status for status in worst_first if status in found), None)
    if worst is not None:
        return worst
    if overview.is_paused:
        return Status.PAUSED
    return Status.SUCCESS if found - {Status.UNKNOWN} else Status.UNKNOWN


def pause_text(overview: Overview) -> str:
    """Return until when automatic runs are held back; nothing when they are not."""
    until = overview.paused_until
    if until is None or not overview.is_paused:
        return ""
    if until - overview.now > A_LONG_TIME:
        return tr("Paused until resumed")
    return tr("Paused until {at}", at=formats.absolute(until))


def trigger_word(trigger: Trigger) -> str:
    """Return who asked for a run."""
    return {
        Trigger.SCHEDULER: tr("scheduler"),
        Trigger.CATCH_UP: tr("catch-up"),
        Trigger.TRAY: tr("tray"),
        Trigger.MANUAL_CLI: tr("command line"),
        Trigger.API: tr("API"),
    }[trigger]


def kind_word(run: Run) -> str:
    """Return what a run fetched: today's data, or history."""
    return tr("today") if run.kind is RunKind.DAILY else tr("history")


def range_text(run: Run) -> str:
    """Return which data a run fetched, in full."""
    if run.window is None:
        return kind_word(run)
    if run.window.date_to is None:
        return tr("history from {day}", day=run.window.date_from)
    return tr("history {first} to {last}", first=run.window.date_from, last=run.window.date_to)


def seconds(value: float | None) -> str:
    """Return how long a run took."""
    if value is None:
        return formats.NOTHING
    if value < 0.05:
        return tr("under 0.1 s")
    return tr("{count} s", count=f"{value:.1f}") if value < 60 else formats.duration(value)


def error_text(error: Exception) -> str:
    """Return what a person can make of an error; a fault of ours is left to the log."""
    if isinstance(error, AppError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return tr("The system says: {reason}.", reason=error.strerror)
    return tr("A fault in Market Tray; the log has the details.")


def file_size(count: int) -> str:
    """Return a size in bytes as people read it."""
    size = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" or size >= 100 else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:,.1f} TB"
