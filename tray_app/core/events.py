"""What the engine tells its clients."""

from dataclasses import dataclass

from tray_app.core.model import CollectorName, Run


@dataclass(frozen=True, slots=True)
class RunStarted:
    """A run has begun."""

    run: Run


@dataclass(frozen=True, slots=True)
class RunProgress:
    """A run has come so far: done of total steps, and within the step what is being asked, of how many parts."""

    run_id: int
    collector: CollectorName
    step: str
    done: int
    total: int
    note: str = ""
    part_done: int = 0
    part_total: int = 0


@dataclass(frozen=True, slots=True)
class RunFinished:
    """A run has ended, in whatever way."""

    run: Run


@dataclass(frozen=True, slots=True)
class DataChanged:
    """Rows of these tables were written."""

    tables: frozenset[str]


@dataclass(frozen=True, slots=True)
class EngineChanged:
    """The schedule, the pause or the queue has changed."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the user should be told outside a window."""

    title: str
    message: str
    is_failure: bool


Event = RunStarted | RunProgress | RunFinished | DataChanged | EngineChanged | Notice
