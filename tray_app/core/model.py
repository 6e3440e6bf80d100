"""What a collection run is made of."""

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class CollectorName(StrEnum):
    """The datasets that are collected, in the order `collect all` takes them."""

    LIQUIDITY = "liquidity"
    CRYPTO = "crypto"
    NEWS = "news"
    KRX = "krx"


class Trigger(StrEnum):
    """Who asked for a run."""

    SCHEDULER = "scheduler"
    CATCH_UP = "catch-up"
    TRAY = "tray"
    MANUAL_CLI = "manual-cli"
    API = "api"

    @property
    def waits_for_network(self) -> bool:
        """Whether a run without network stays `waiting` instead of failing."""
        return self in {Trigger.SCHEDULER, Trigger.CATCH_UP, Trigger.TRAY}


class StepStatus(StrEnum):
    """How one step ended."""

    SUCCESS = "success"
    SKIPPED = "skipped"
    FAILED = "failed"


class RunStatus(StrEnum):
    """Where a run stands."""

    RUNNING = "running"
    SUCCESS = "success"
    PARTIAL = "partial"
    FAILED = "failed"
    CANCELLED = "cancelled"
    INTERRUPTED = "interrupted"
    WAITING = "waiting"


class RunKind(StrEnum):
    """Today's data as the scheduler collects it, or history of a range."""

    DAILY = "daily"
    HISTORY = "history"


@dataclass(frozen=True, slots=True)
class Window:
    """The dates a history run fills, both included; no end means up to the present."""

    date_from: date
    date_to: date | None = None
    newest_first: bool = False


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How one step ended, with a note a person can act on.

    is_local: it asked nobody, so that its success says nothing of the network; the log does not keep it.
    """

    name: str
    status: StepStatus
    note: str = ""
    rows: int = 0
    data_date: date | None = None
    retryable: bool = False
    offline: bool = False
    wants_key: bool = False
    retry_at: datetime | None = None
    warnings: int = 0
    errors: int = 0
    is_local: bool = False

    def __str__(self) -> str:
        """Return the outcome as one line, as in `success (20 coins)`."""
        return f"{self.status} ({self.note})" if self.note else str(self.status)


@dataclass(frozen=True, slots=True)
class Job:
    """A run to be made."""

    collector: CollectorName
    trigger: Trigger
    due_at: datetime | None = None
    window: Window | None = None
    request_id: int | None = None
    probe_first: bool = False

    @property
    def kind(self) -> RunKind:
        """Whether the job is today's data or history."""
        return RunKind.DAILY if self.window is None else RunKind.HISTORY

    def repeats(self, other: "Job") -> bool:
        """Whether this job asks for what the other one already does."""
        return self.collector is other.collector and self.window == other.window


@dataclass(frozen=True, slots=True)
class Run:
    """A row of the run log."""

    run_id: int
    collector: CollectorName
    trigger: Trigger
    kind: RunKind
    status: RunStatus
    started_at: datetime
    due_at: datetime | None = None
    window: Window | None = None
    finished_at: datetime | None = None
    duration: float | None = None
    data_date: date | None = None
    steps: tuple[StepOutcome, ...] = field(default=())
    message: str = ""

    @property
    def retry_at(self) -> datetime | None:
        """Return the instant (UTC) from which the sources give more, when one of them named it."""
        short = [step.retry_at for step in self.steps if step.status is not StepStatus.SUCCESS]
        return max((instant for instant in short if instant is not None), default=None)

    @property
    def late_at(self) -> datetime | None:
        """Return the instant (UTC) at which what was not published yet is to be asked for, if there was such."""
        late = [step.retry_at for step in self.steps if step.status is StepStatus.SUCCESS]
        return min((instant for instant in late if instant is not None), default=None)

    @property
    def only_wants_keys(self) -> bool:
        """Whether nothing but missing keys kept the run from success."""
        short = [step for step in self.steps if step.status is not StepStatus.SUCCESS or step.warnings]
        return self.status is RunStatus.PARTIAL and bool(short) and all(step.wants_key for step in short)

    @property
    def worth_retrying(self) -> bool:
        """Whether the same run, tried again soon, may bring what this one could not."""
        if self.status is RunStatus.PARTIAL:
            return any(step.retryable for step in self.steps)
        if self.status is RunStatus.FAILED:
            # A run that failed by what it found in the data finds the same again.
            return not self.steps or any(step.status is not StepStatus.SUCCESS for step in self.steps)
        return self.status is RunStatus.INTERRUPTED


def run_status(steps: tuple[StepOutcome, ...], trigger: Trigger) -> RunStatus:
    """Return the status that follows from the outcomes of all steps."""
    if any(step.errors for step in steps):
        return RunStatus.FAILED
    # A step that lacks its key has asked nobody either.
    asking = [step for step in steps if not step.is_local and not step.wants_key]
    if trigger.waits_for_network and asking and all(step.offline for step in asking):
        return RunStatus.WAITING
    if all(step.status is StepStatus.SUCCESS for step in steps):
        return RunStatus.PARTIAL if any(step.warnings for step in steps) else RunStatus.SUCCESS
    if any(step.status is StepStatus.SUCCESS for step in steps):
        return RunStatus.PARTIAL
    return RunStatus.FAILED


def run_message(steps: tuple[StepOutcome, ...]) -> str:
    """Return one line for people: the reasons of the steps that did not succeed, each once."""
    reasons = [
        step.note
        for step in steps
        if step.note and (step.status is not StepStatus.SUCCESS or step.warnings or step.errors)
    ]
    return " ".join(dict.fromkeys(reasons))
