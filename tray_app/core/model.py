"""What a collection run is made of."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from tray_app.core.words import tr

# The name of a dataset, which is its collector's too; see datasets.
CollectorName: TypeAlias = str


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
    PARTIAL = "partial"
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
    """The dates a history run fills, both included; no end means up to the present.

    again_since: when somebody asked (UTC) that stored days are asked for too; what was answered since is done.
    only: the one series or market that is meant; all of them when it is empty.
    """

    date_from: date
    date_to: date | None = None
    newest_first: bool = False
    again_since: datetime | None = None
    only: str = ""

    @property
    def is_again(self) -> bool:
        """Whether stored days are asked for too."""
        return self.again_since is not None

    def means(self, subject: str) -> bool:
        """Whether a series or market is meant."""
        return self.only in {"", subject}

    @property
    def also_said(self) -> str:
        """Return what is said of the range beside its days, as in `again, only KOSDAQ`; nothing when nothing is."""
        only = [tr("only {subject}", subject=self.only)] if self.only else []
        return ", ".join([*([tr("again")] if self.is_again else []), *only])

    @property
    def work(self) -> tuple["Window", bool]:
        """What is filled, whenever it was asked for: equal for windows that ask for the same."""
        return replace(self, again_since=None), self.is_again

    def is_same_work(self, other: "Window") -> bool:
        """Whether both fill the same, whenever they were asked for."""
        return self.work == other.work


@dataclass(frozen=True, slots=True)
class StepOutcome:
    """How one step ended, with a note a person can act on.

    was_due: something was due, so that success says that it came; came_before: something came before the source was
    left alone; see core/outcome.py. is_local: it asked nobody, and says nothing of sources or network. key_refused: a
    key or its approvals kept something from coming. retryable: what is missing may come when asked for again in
    minutes, not before retry_at where the source named a time; a retry_at without it is when a spent quota opens again.
    late_at: when to ask for what is not published yet.
    """

    name: str
    status: StepStatus
    note: str = ""
    rows: int = 0
    data_date: date | None = None
    retryable: bool = False
    offline: bool = False
    wants_key: bool = False
    key_refused: bool = False
    retry_at: datetime | None = None
    late_at: datetime | None = None
    warnings: int = 0
    errors: int = 0
    was_due: bool = True
    came_before: bool = False
    is_local: bool = False

    def __str__(self) -> str:
        """Return the outcome as one line, as in `success (20 coins)`."""
        return f"{self.status} ({self.note})" if self.note else str(self.status)

    @property
    def came(self) -> bool:
        """Whether something that was due of a source came: it was stored, or found stored and equal."""
        if self.is_local or not self.was_due:
            return False
        return self.came_before or self.status in {StepStatus.SUCCESS, StepStatus.PARTIAL}

    @property
    def is_missing(self) -> bool:
        """Whether something that was due of a source did not come."""
        return not self.is_local and self.status is not StepStatus.SUCCESS


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
        if self.collector != other.collector or self.window is None or other.window is None:
            return self.collector == other.collector and self.window == other.window
        return self.window.is_same_work(other.window)


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
        return min((step.late_at for step in self.steps if step.late_at is not None), default=None)

    @property
    def opens_at(self) -> datetime | None:
        """Return the instant (UTC) at which a spent quota opens again, when nothing else is missing of its step."""
        shut = [step.retry_at for step in self.steps if step.is_missing and not step.retryable]
        return min((instant for instant in shut if instant is not None), default=None)

    @property
    def waits_for_key(self) -> bool:
        """Whether another key may bring something that is missing."""
        return any(step.wants_key or step.key_refused for step in self.steps)

    @property
    def only_wants_keys(self) -> bool:
        """Whether nothing but missing keys kept the run from success."""
        short = [step for step in self.steps if step.status is not StepStatus.SUCCESS or step.warnings]
        kept = self.status in {RunStatus.PARTIAL, RunStatus.FAILED} and not any(step.errors for step in self.steps)
        return kept and bool(short) and all(step.wants_key for step in short)

    @property
    def worth_retrying(self) -> bool:
        """Whether the same run, tried again, may bring what is missing; what was found in the data is found again."""
        if self.status in {RunStatus.PARTIAL, RunStatus.FAILED}:
            return not self.steps or any(step.retryable for step in self.steps)
        return self.status is RunStatus.INTERRUPTED


@dataclass(frozen=True, slots=True)
class Subject:
    """A series or market that can be collected alone: the key `Window.only` takes, and its title for people."""

    key: str
    title: str
