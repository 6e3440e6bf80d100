"""All that a client (tray, command line, later a local API) may ask of the engine; safe from any thread."""

import logging
import shutil
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import TypeVar, cast

from tray_app import __version__
from tray_app.core.due import Plan
from tray_app.core.errors import DatabaseGone
from tray_app.core.events import DataChanged, EngineChanged, Event, Notice, RunFinished, RunProgress, RunStarted
from tray_app.core.health import Storage
from tray_app.core.model import CollectorName, Job, Run, RunKind, Subject, Trigger, Window
from tray_app.core.overview import CollectorState, Overview
from tray_app.core.plan import PlannedStep
from tray_app.core.times import kst_date, kst_instant
from tray_app.datasets import DATASETS
from tray_app.datasets.dataset import ByHand, Dataset, HandParts
from tray_app.datasets.options import OPTIONS
from tray_app.datasets.titles import collector_title
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.exporting import Exports
from tray_app.engine.history import History
from tray_app.engine.key_watch import KeyWatch
from tray_app.engine.parts import EngineParts
from tray_app.engine.planner import Planner
from tray_app.engine.readers import Readers
from tray_app.engine.runner import Runner
from tray_app.engine.ticker import Ticker
from tray_app.engine.worker import Worker
from tray_app.keys import KeyState
from tray_app.net.request import HostAnswer
from tray_app.settings import LoadedSettings, Settings
from tray_app.store import lifecycle
from tray_app.store.backfill import RequestState
from tray_app.store.issues import IssueStore
from tray_app.store.restatements import RestatementReads
from tray_app.store.usage import SourceUsage

logger = logging.getLogger(__name__)

STOP_SECONDS = 15.0
FOREVER = timedelta(days=3650)

Result = TypeVar("Result")
Reads = TypeVar("Reads")
Acts = TypeVar("Acts")


@dataclass(frozen=True, slots=True)
class Quota:
    """Calls sent to a dataset's source on the Korean day, and how many it allows."""

    collector: CollectorName
    source: str
    used: int
    limit: int

    @property
    def left(self) -> int:
        """Return how many may still be sent."""
        return max(0, self.limit - self.used)


class Engine:
    """The engine of one home folder."""

    def __init__(self, parts: EngineParts) -> None:
        self._parts = parts
        self._settings = parts.settings
        self._progress: RunProgress | None = None
        self._lacks_database = False
        self._key_watch = KeyWatch(parts.state, parts.keys)
        options = parts.http_options
        self._runner = Runner(parts, lambda: options(self._settings.settings), self._key_watch.look)
        self._planner = Planner(
            parts,
            self._plans,
            lambda: self._settings.settings.history_on_first_run,
            self._submit,
            self._runner.close_interrupted,
        )
        closing = parts.database.close_thread
        self._worker = Worker(self._runner, parts.bus, self._planner.after_run, closing)
        # The plans and the pending requests of ranges of history.
        self.history = History(parts, self._worker)
        self._ticker = Ticker(parts.clock, self._tick, closing)
        self._readers = Readers(closing)
        self.exports = Exports(parts.database, parts.home, parts.clock)
        self._forget_progress = parts.bus.subscribe(self._note_progress)

    # --- life -------------------------------------------------------------------------------------------------

    def start(self) -> None:
        """Start collecting by the schedule."""
        self._worker.start()
        self._ticker.start()
        logger.info("version %s collects by the schedule in %s", __version__, self._parts.home.root)
        self.read(
            self.exports.recover, lambda _jobs: None, lambda error: logger.error("exports not recovered: %s", error)
        )

    def stop(self) -> bool:
        """Stop ticker, worker and readers in this order; False when one did not end in time."""
        ended = self._ticker.stop(STOP_SECONDS)
        ended = self._worker.stop(STOP_SECONDS) and ended
        self._readers.stop()
        self._parts.alerts.stop()
        self._forget_progress()
        self._parts.database.close_thread()
        return ended

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Hear the engine's events, on the thread that makes them; returns what ends it."""
        return self._parts.bus.subscribe(listener)

    # --- collecting -------------------------------------------------------------------------------------------

    def collect_now(self, name: CollectorName) -> bool:
        """Queue a run the user asked for; False when the same one is queued or running."""
        return self._submit(Job(name, Trigger.TRAY))

    def collect_history_now(self, name: CollectorName) -> bool:
        """Queue whatever history is missing; False when nothing is missing or it is queued already."""
        now = self._parts.clock.now()
        window = self._parts.collectors[name].missing_history(now)
        if window is None:
            return False
        request_id = self._parts.backfills.request(name, window, now)
        return self._submit(Job(name, Trigger.TRAY, window=window, request_id=request_id))

    def collect(self, job: Job, cancel: CancelFlag) -> Run:
        """Make a run on the calling thread. Raises AlreadyRunning or the store's errors."""
        return self._runner.run(job, cancel)

    def plan(self, name: CollectorName, window: Window | None) -> tuple[PlannedStep, ...]:
        """Return what a run would ask for; nothing is sent."""
        return self._parts.collectors[name].plan(window, self._parts.clock.now())

    def request_history(self, name: CollectorName, window: Window) -> bool:
        """Keep a request for a range and queue it; it survives restarts until it is stored. Writes the store."""
        window = self.history.going_on(name, window)
        request_id = self._parts.backfills.request(name, window, self._parts.clock.now())
        return self._submit(Job(name, Trigger.TRAY, window=window, request_id=request_id))

    def subjects(self, name: CollectorName) -> tuple[Subject, ...]:
        """Return the series or markets that can be collected alone. Reads the store."""
        return self._parts.collectors[name].subjects()

    def subject_title(self, name: CollectorName, key: str) -> str:
        """Return what people call a series or market, nothing for all of them. Reads the store."""
        return self._parts.collectors[name].subject_title(key) if key else ""

    def quota(self, name: CollectorName) -> Quota | None:
        """Return the calls of the Korean day, when the collector's source limits them. Reads the store."""
        source, limit = self._parts.collectors[name].quota()
        if limit is None:
            return None
        return Quota(name, source, self._parts.usage.calls(source, self._parts.clock.now()), limit)

    def quotas(self) -> tuple[Quota, ...]:
        """Return the calls of the Korean day, of every dataset whose source limits them. Reads the store."""
        return tuple(quota for name in self._parts.collectors if (quota := self.quota(name)) is not None)

    def can_collect(self, name: CollectorName) -> bool:
        """Whether the collector has the key it cannot do without."""
        return self._parts.collectors[name].missing_key() is None

    def cancel(self, name: CollectorName | None = None) -> None:
        """Stop the running job and drop those behind it: of one collector, or all of them."""
        for job in self._worker.cancel(lambda job: name in {None, job.collector}):
            if job.request_id is not None:
                self._parts.backfills.close(job.request_id, RequestState.CANCELLED)

    @property
    def active_jobs(self) -> tuple[Job, ...]:
        """Return the running job and those queued behind it."""
        return self._worker.active

    @property
    def progress(self) -> RunProgress | None:
        """Return how far the running job is; nothing when none runs or it has not told yet."""
        return self._progress

    def pause(self, duration: timedelta | None) -> None:
        """Hold automatic runs back for so long, or until resumed."""
        until = self._parts.clock.now() + (duration or FOREVER)
        self._parts.state.pause_until(until)
        self._parts.bus.publish(EngineChanged())

    def pause_until_tomorrow(self) -> None:
        """Hold automatic runs back until midnight in Korea."""
        now = self._parts.clock.now()
        midnight = kst_instant(kst_date(now) + timedelta(days=1), time.min)
        self.pause(midnight - now)

    def resume(self) -> None:
        """End the pause."""
        self._parts.state.pause_until(None)
        self._parts.bus.publish(EngineChanged())

    # --- reading ----------------------------------------------------------------------------------------------

    def reads(self, dataset: Dataset[Reads]) -> Reads:
        """Return the reads of a dataset's tables."""
        return cast("Reads", self._parts.reads[dataset.name])

    def restatement_count(self, tables: Collection[str]) -> int:
        """Return how many stored final values of these tables a later answer changed."""
        return RestatementReads(self._parts.database).count(tables=tables)

    @property
    def issues(self) -> IssueStore:
        """Return the quality issues of every dataset."""
        return IssueStore(self._parts.database)

    def read(
        self, query: Callable[[], Result], done: Callable[[Result], None], failed: Callable[[Exception], None]
    ) -> None:
        """Run a query on a reader thread; its result goes to a callback there."""
        self._readers.submit(query, done, failed)

    def now(self) -> datetime:
        """Return the engine's present instant (UTC)."""
        return self._parts.clock.now()

    def overview(self) -> Overview:
        """Return where every collector stands. Reads the store: not for the UI thread."""
        self._close_interrupted()
        now = self._parts.clock.now()
        pending = {request.collector for request in self._parts.backfills.pending()}
        return Overview(
            now=now,
            collectors=tuple(self._state(plan, now, plan.collector in pending) for plan in self._plans()),
            paused_until=self._parts.state.paused_until(),
            progress=self._progress,
        )

    def runs(self, limit: int = 200, name: CollectorName | None = None) -> tuple[Run, ...]:
        """Return the newest runs, newest first. Reads the store."""
        self._close_interrupted()
        return self._parts.runs.history(limit, name)

    def last_ended(self, kind: RunKind, name: CollectorName | None = None) -> Run | None:
        """Return the newest run of a kind that has ended, of one collector or of all. Reads the store."""
        self._close_interrupted()
        return self._parts.runs.last_ended(kind, name)

    def storage(self) -> Storage:
        """Return where the data lies and how much room it takes. Reads the disk."""
        home = self._parts.home
        files = [home.database.with_name(home.database.name + suffix) for suffix in ("", "-wal")]
        return Storage(
            database=home.database,
            database_bytes=sum(file.stat().st_size for file in files if file.exists()),
            backups=tuple(sorted(home.backups.glob("*.db"), reverse=True)),
            free_bytes=shutil.disk_usage(home.root).free,
        )

    def usage_today(self) -> tuple[SourceUsage, ...]:
        """Return the calls of the Korean day, by source. Reads the store."""
        return self._parts.usage.usage_of(kst_date(self._parts.clock.now()))

    def integrity(self) -> str:
        """Return `ok` or what SQLite's quick check found. Reads the whole file."""
        return lifecycle.integrity(self._parts.database)

    def host_answers(self, *names: CollectorName) -> tuple[HostAnswer, ...]:
        """Return how each host of some collectors answers. Sends one request to each, whoever shares it."""
        return tuple(self._runner.probe(names, CancelFlag()))

    # --- settings, keys, backups ------------------------------------------------------------------------------

    @property
    def home(self) -> Path:
        """Return the home folder."""
        return self._parts.home.root

    @property
    def settings(self) -> LoadedSettings:
        """Return the settings in force."""
        return self._settings

    def change_settings(self, settings: Settings) -> None:
        """Write and apply the settings; those the environment fixes stay as they are in the file."""
        OPTIONS.save(self._parts.home.settings, settings, keep=self._settings.fixed_by_environment)
        self._settings = replace(self._settings, settings=settings)
        self._parts.bus.publish(EngineChanged())

    def by_hand(self, kind: ByHand[Acts]) -> Acts:
        """Return what a person may say of a dataset's data."""
        parts = self._parts
        return kind.open(
            HandParts(
                database=parts.database,
                now=parts.clock.now,
                exclusive=lambda: parts.leases.held(kind.dataset, parts.holder, parts.clock.now()),
                publish=lambda tables: parts.bus.publish(DataChanged(tables)),
                cancel=CancelFlag(),
            )
        )

    def key_states(self) -> tuple[KeyState, ...]:
        """Return where each secret is set. Asks the credential store: not for the UI thread."""
        return self._parts.keys.states()

    def keep_key(self, name: str, secret: str) -> None:
        """Keep a secret in the system's credential store; what lacked it is due again."""
        self._parts.keys.keep(name, secret)
        self._parts.state.note_key_entered(self._parts.clock.now())

    def delete_key(self, name: str) -> None:
        """Forget a secret."""
        self._parts.keys.delete(name)
        self._parts.state.note_key_change()

    def backup(self, folder: Path | None = None) -> Path:
        """Write a consistent copy of the database; returns its path. Reads the whole file."""
        target = (folder or self._parts.home.backups) / lifecycle.backup_name(self._parts.clock.now())
        return lifecycle.backup(self._parts.database, target)

    # --- inner ------------------------------------------------------------------------------------------------

    def _tick(self, slept: bool) -> None:  # noqa: FBT001 - what the ticker tells
        try:
            self._key_watch.look()
            self._planner.tick(slept)
        except DatabaseGone as error:
            self._leave_off(error)
        else:
            self._lacks_database = False

    def _leave_off(self, error: DatabaseGone) -> None:
        """Stop all work and say so, once: there is nothing to write on until the file is back."""
        if self._lacks_database:
            return
        self._lacks_database = True
        self._worker.cancel()
        logger.error("%s", error)
        self._parts.bus.publish(Notice(error.title, str(error), is_failure=True))

    def _close_interrupted(self) -> None:
        for name in self._parts.collectors:
            self._runner.close_interrupted(name)

    def _submit(self, job: Job) -> bool:
        return self._worker.submit(job)

    def _plans(self) -> tuple[Plan, ...]:
        settings = self._settings.settings
        return tuple(
            Plan(each.name, settings[each.due_option], each.source_zone)
            for each in DATASETS
            if each.name in self._parts.collectors
        )

    def _state(self, plan: Plan, now: datetime, history_pending: bool) -> CollectorState:  # noqa: FBT001
        return CollectorState(
            collector=plan.collector,
            title=collector_title(plan.collector),
            last_run=self._parts.runs.latest(plan.collector, RunKind.DAILY),
            newest_date=self._parts.collectors[plan.collector].newest_date(),
            decision=self._planner.decision(plan, now),
            history_pending=history_pending,
        )

    def _note_progress(self, event: Event) -> None:
        if isinstance(event, RunProgress):
            self._progress = event
        elif isinstance(event, RunStarted | RunFinished):
            self._progress = None
