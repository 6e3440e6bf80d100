"""What the tray icon, its tooltip and the menu's first line say of the engine's state."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.model import RunStatus
from tray_app.core.overview import last_collected_text, progress_text, tooltip
from tray_app.core.words import tr
from tray_app.ui.style.icons import TrayState

if TYPE_CHECKING:
    from tray_app.core.overview import CollectorState, Overview


@dataclass(frozen=True, slots=True)
class TrayFacts:
    """All that the tray shows."""

    state: TrayState
    progress: float | None
    tooltip: str
    status_line: str


def tray_facts(overview: Overview, *, is_working: bool) -> TrayFacts:
    """Return what the tray shows; is_working tells of this process's queue."""
    working = is_working or any(state.is_running for state in overview.collectors)
    progress = overview.progress
    fraction = None if progress is None or not progress.total else progress.done / progress.total
    return TrayFacts(
        state=TrayState.WORKING if working else _resting_state(overview),
        progress=fraction if working else None,
        tooltip=tooltip(overview),
        status_line=_status_line(overview, working=working),
    )


def _resting_state(overview: Overview) -> TrayState:
    # A pause is named first: whoever forgot it would take an old fault, or none, for the present state.
    if overview.is_paused:
        return TrayState.PAUSED
    states = [_state_of(collector) for collector in overview.collectors]
    return next((state for state in (TrayState.ERROR, TrayState.ATTENTION) if state in states), TrayState.IDLE)


def _state_of(collector: CollectorState) -> TrayState:
    run = collector.last_run
    if run is None or run.only_wants_keys:
        return TrayState.IDLE
    if run.status is RunStatus.FAILED:
        return TrayState.ERROR
    return TrayState.ATTENTION if run.status in {RunStatus.PARTIAL, RunStatus.INTERRUPTED} else TrayState.IDLE


def _status_line(overview: Overview, *, working: bool) -> str:
    if overview.progress is not None:
        return progress_text(overview.progress)
    if working:
        return tr("Collecting")
    runs = [state.last_run for state in overview.collectors if state.last_run is not None]
    return last_collected_text(max(runs, key=lambda run: run.started_at, default=None))
