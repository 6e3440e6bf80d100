"""Months of a computer's life in seconds: sleep, crashes, lost network, failing sources, a clock that jumps."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from enum import Enum
from pathlib import Path
from typing import cast

from support import CRYPTO

from tray_app.core.checks.self_check import Checkable
from tray_app.core.due import Plan, latest_due, next_due
from tray_app.core.model import (
    CollectorName,
    Job,
    Run,
    RunStatus,
    StepOutcome,
    StepStatus,
    Trigger,
)
from tray_app.core.outcome import run_message, run_status
from tray_app.core.times import kst_instant
from tray_app.datasets.collector import Collector
from tray_app.engine.bus import Bus
from tray_app.engine.parts import WorkParts
from tray_app.engine.planner import Planner
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.runs import RunStore
from tray_app.store.state import StateStore

BEGIN = datetime(2026, 2, 18, 12, 0, tzinfo=UTC)
TICK = timedelta(seconds=20)
RUN_LASTS = timedelta(seconds=9)
# How far apart ticks are looked at that can bring nothing, because no source can be reached.
IN_VAIN = timedelta(hours=1)


class _NeedsNoKey:
    """All that the planner asks of a collector here."""

    @staticmethod
    def missing_key() -> None:
        """Return nothing."""

    @staticmethod
    def checkable(now: datetime) -> tuple[Checkable, ...]:
        """Return nothing."""
        del now
        return ()


class Power(Enum):
    """What the computer does during a stretch."""

    ON = "on"
    ASLEEP = "asleep"
    OFF = "off"


class Sources(Enum):
    """How the sources answer during a stretch."""

    WELL = "well"
    HALF = "half"
    HALF_FOR_GOOD = "half for good"
    DOWN = "down"
    UNREACHABLE = "unreachable"


@dataclass(frozen=True)
class Stretch:
    """A time in which nothing changes; what happens at its start comes first."""

    minutes: int
    power: Power = Power.ON
    sources: Sources = Sources.WELL
    clock_jumps: timedelta = timedelta()
    crashes: bool = False
    by_hand: Trigger | None = None
    pauses: int | None = None


@dataclass(frozen=True)
class Made:
    """A run that was made: its job, when it began and ended by the true time, and how; logged: by the clock."""

    job: Job
    began: datetime
    ended: datetime
    status: RunStatus
    settles: bool
    logged: datetime

    @property
    def automatic(self) -> bool:
        return self.job.trigger in {Trigger.SCHEDULER, Trigger.CATCH_UP}


@dataclass(frozen=True)
class Lived:
    """A stretch as it was lived, by the true time; idle: paused at some time in it."""

    begins: datetime
    ends: datetime
    stretch: Stretch


class _Died(Exception):
    pass


@dataclass
class World:
    """The true time, the computer's clock, and the engine that lives by it."""

    database: Database
    times: tuple[time, ...] = (time(6, 0),)
    true: datetime = BEGIN
    offset: timedelta = timedelta()
    made: list[Made] = field(default_factory=list)
    lived: list[Lived] = field(default_factory=list)
    pauses: list[tuple[datetime, datetime]] = field(default_factory=list)
    stretch: Stretch = Stretch(0)
    crash_next: bool = False
    probed_in_vain: bool = False

    def __post_init__(self) -> None:
        self.runs = RunStore(self.database)
        self.state = StateStore(self.database)
        self.plan = Plan(CRYPTO, self.times, UTC)
        self.planner = self._start_program()

    # --- the engine's clock and worker ------------------------------------------------------------------------

    def now(self) -> datetime:
        return self.true + self.offset

    def monotonic(self) -> float:
        return self.true.timestamp()

    def submit(self, job: Job) -> bool:
        """Make the run at once, as the worker would."""
        if job.probe_first and self.stretch.sources is Sources.UNREACHABLE:
            self.probed_in_vain = True
            return True
        begun, logged = self.true, self.now()
        run = self.runs.start(job, self.now())
        self.true += RUN_LASTS
        if self.crash_next:
            self.crash_next = False
            self.made.append(Made(job, begun, self.true, RunStatus.INTERRUPTED, settles=False, logged=logged))
            raise _Died
        steps = _steps(self.stretch.sources)
        finished = _finished(run, steps, self.now(), job.trigger)
        self.runs.finish(finished)
        settles = finished.status is RunStatus.SUCCESS or (
            finished.status is RunStatus.PARTIAL and not finished.worth_retrying
        )
        self.made.append(Made(job, begun, self.true, finished.status, settles, logged))
        self.planner.after_run(job, finished)
        return True

    # --- life -------------------------------------------------------------------------------------------------

    def live(self, stretches: Sequence[Stretch]) -> None:
        """Live one stretch after another."""
        for stretch in stretches:
            self._live(stretch)

    def _live(self, stretch: Stretch) -> None:
        slept = self.stretch.power is Power.ASLEEP
        if self.stretch.power is Power.OFF:
            self.planner = self._start_program()
        self.stretch = stretch
        self.offset += stretch.clock_jumps
        begins, ends = self.true, self.true + timedelta(minutes=stretch.minutes)
        self.lived.append(Lived(begins, ends, stretch))
        if stretch.power is not Power.ON:
            self.true = ends
            return
        self.crash_next = self.crash_next or stretch.crashes
        if stretch.pauses is not None:
            until = self.now() + timedelta(minutes=stretch.pauses)
            self.state.pause_until(until)
            self.pauses.append((self.true, self.true + timedelta(minutes=stretch.pauses)))
        if stretch.by_hand is not None:
            self._guarded(lambda: self.submit(Job(CRYPTO, cast("Trigger", stretch.by_hand))))
        self._tick(slept=slept)
        while self.true < ends:
            self.true = min(self._next_look(), ends)
            self._tick(slept=False)

    def _next_look(self) -> datetime:
        # Between two looks the log does not change, so the decision cannot: the ticks in between are left out.
        now = self.now()
        decision = self.planner.decision(self.plan, now)
        if decision.run_now:
            # What was just made by hand has changed the log; a probe in vain has not, and so will the next be.
            return self.true + (IN_VAIN if self.probed_in_vain else TICK)
        coming = [next_due(now, self.times), decision.next_at]
        paused_until = self.state.paused_until()
        if paused_until is not None:
            coming.append(paused_until)
        later = [instant for instant in coming if instant > now]
        return max(min(later) - self.offset, self.true + TICK)

    def _tick(self, *, slept: bool) -> None:
        self.probed_in_vain = False
        self._guarded(lambda: self.planner.tick(slept))

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except _Died:
            # Somebody starts the program again; its first tick is at once.
            self.true += TICK
            self.planner = self._start_program()
            self.planner.tick(slept=False)

    def _start_program(self) -> Planner:
        parts = WorkParts(
            clock=self,
            bus=Bus(),
            database=self.database,
            collectors={CRYPTO: cast("Collector", _NeedsNoKey())},
            leases=Leases(Path("unused"), self.database),
            holder="the test",
        )
        return Planner(parts, lambda: (self.plan,), lambda: False, self.submit, self._mark_cut_off)

    def _mark_cut_off(self, name: CollectorName) -> None:
        # No lease is held between two looks: whatever is logged as running then has been cut off.
        if self.runs.has_running(name):
            self.runs.interrupt_running(name, self.now())

    # --- what an outsider sees --------------------------------------------------------------------------------

    def due_times(self) -> list[datetime]:
        """Return every true due time of the life lived."""
        day = BEGIN.date()
        found = []
        while kst_instant(day, time.min) < self.true:
            found += [kst_instant(day, at) for at in self.times]
            day += timedelta(days=1)
        return sorted(instant for instant in found if latest_due(BEGIN, self.times) <= instant <= self.true)

    def was_paused(self, instant: datetime) -> bool:
        """Whether a pause held at an instant; each new pause ends the one before."""
        begun = [pause for pause in self.pauses if pause[0] <= instant]
        return bool(begun) and instant < begun[-1][1]


def _finished(run: Run, steps: tuple[StepOutcome, ...], now: datetime, trigger: Trigger) -> Run:
    return Run(
        run_id=run.run_id,
        collector=run.collector,
        trigger=run.trigger,
        kind=run.kind,
        status=run_status(steps, trigger),
        started_at=run.started_at,
        due_at=run.due_at,
        finished_at=now,
        duration=RUN_LASTS.total_seconds(),
        steps=steps,
        message=run_message(steps),
    )


def _steps(sources: Sources) -> tuple[StepOutcome, ...]:
    well = StepOutcome("one", StepStatus.SUCCESS)
    match sources:
        case Sources.WELL:
            return (well, well)
        case Sources.HALF:
            return (well, StepOutcome("two", StepStatus.FAILED, "down", retryable=True))
        case Sources.HALF_FOR_GOOD:
            return (well, StepOutcome("two", StepStatus.SKIPPED, "no key", wants_key=True))
        case Sources.DOWN:
            failed = StepOutcome("one", StepStatus.FAILED, "down", retryable=True)
            return (failed, failed)
        case Sources.UNREACHABLE:
            offline = StepOutcome("one", StepStatus.FAILED, "no network", retryable=True, offline=True)
            return (offline, offline)
