"""What every collector is: named steps over a context, each isolated from the others."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol, TypeVar
from urllib.parse import urlsplit

from tray_app.core.cancel import Cancellation
from tray_app.core.checks.self_check import Checkable
from tray_app.core.errors import KeyMissing
from tray_app.core.model import RunKind, Subject, Window
from tray_app.core.outcome import Missing
from tray_app.core.plan import BackfillPlan, PlannedStep
from tray_app.net.request import Http
from tray_app.store.series import Provenance

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class StepDone:
    """What a step brought: a note for people, rows new or changed, the newest date, the tables written.

    came: something that was due came, be it stored anew or found stored and equal. missing: what was due and did not
    come; the note does not repeat it. warnings and errors count the quality issues found that a run is judged by.
    late_at: when the scheduler asks for what is not published yet.
    """

    note: str
    rows: int = 0
    data_date: date | None = None
    tables: frozenset[str] = frozenset()
    warnings: int = 0
    errors: int = 0
    came: bool = True
    missing: tuple[Missing, ...] = ()
    late_at: datetime | None = None

    @classmethod
    def came_before(cls, note: str, data_date: date | None = None) -> "StepDone":
        """Return the end of a step of which everything had come by the run before."""
        return cls(note, data_date=data_date)

    @classmethod
    def nothing_due(cls, note: str, data_date: date | None = None) -> "StepDone":
        """Return the end of a step that had nobody to ask."""
        return cls(note, data_date=data_date, came=False)


StepWork = Callable[[], StepDone]


@dataclass(frozen=True, slots=True)
class Step:
    """A part of a run that may fail alone. A local one asks nobody: it says nothing of the sources or the network."""

    name: str
    run: StepWork
    is_local: bool = False


class Prefetch(Protocol):
    """Lets one piece of work at a time go on beside the run's own thread."""

    def begin(self, work: Callable[[], Value]) -> Callable[[], Value]:
        """Begin work; what is returned waits for its end and gives its result, or raises what it raised."""


@dataclass(frozen=True, slots=True)
class RunContext:
    """What a run's steps work with. progress takes a note, done and total within the step.

    beside may send a request while none of the run's own is on its way.
    due_at is the due time (UTC) the run serves; nothing for one that somebody asked for. tried_since is when the first
    run for that time began: what a source has brought whole since is not asked for again.
    """

    now: datetime
    run_id: int
    http: Http
    cancel: Cancellation
    progress: Callable[[str, int, int], None]
    beside: Prefetch
    due_at: datetime | None = None
    tried_since: datetime | None = None

    @property
    def seen(self) -> Provenance:
        """Return the mark that stored rows carry."""
        return Provenance(self.now, self.run_id)


@dataclass(frozen=True, slots=True)
class WithinRun:
    """What a dataset does within another one's run: where it asks, how many sources, and its steps' work for a run."""

    probe_urls: tuple[str, ...]
    count_sources: Callable[[], int]
    work: Callable[[RunContext], tuple[StepWork, ...]]


class Collector(ABC):
    """A dataset that can be collected; one that says nothing more has no history, takes no key and has no limit.

    probe_urls: addresses that answer when the network does, its main source first.
    """

    probe_urls: tuple[str, ...] = ()

    @abstractmethod
    def daily(self, context: RunContext) -> tuple[Step, ...]:
        """Return the steps of today's run."""

    @abstractmethod
    def newest_date(self) -> date | None:
        """Return the newest date stored."""

    def history(self, context: RunContext, window: Window) -> tuple[Step, ...]:
        """Return the steps that fill a range; what is stored already is not asked for again."""
        del context, window
        return ()

    def plan(self, window: Window | None, now: datetime) -> tuple[PlannedStep, ...]:
        """Return what a run would ask for."""
        del window, now
        return ()

    def backfill(self, window: Window, now: datetime, used_calls: int) -> BackfillPlan | None:
        """Return what filling a range takes and on which days, when the source limits the calls of a day."""
        del window, now, used_calls
        return None

    def missing_history(self, now: datetime) -> Window | None:
        """Return the range that is not filled yet, if there is one."""
        del now
        return None

    def checkable(self, now: datetime) -> Sequence[Checkable]:
        """Return the stored days that can be asked for again now, for the monthly self-check."""
        del now
        return ()

    def subjects(self) -> tuple[Subject, ...]:
        """Return the series or markets that can be collected alone. May read the store."""
        return ()

    def subject_title(self, key: str) -> str:
        """Return what people call a series or market; a key that is none of today's stands for itself."""
        return next((subject.title for subject in self.subjects() if subject.key == key), key)

    def missing_key(self) -> KeyMissing | None:
        """Return what is missing when none of the sources can be asked without a key."""
        return None

    def call_limit(self, source: str, kind: RunKind) -> int | None:
        """Return how many calls a source may get on a Korean day, when that is limited."""
        del source, kind
        return None

    def quota(self) -> tuple[str, int | None]:
        """Return the main source and the calls a Korean day that it allows, if it limits them."""
        return next((urlsplit(url).hostname or "" for url in self.probe_urls), ""), None
