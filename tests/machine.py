"""The crypto collector on a real database and a sample server: its runner without threads, and the whole engine."""

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from patience import PATIENCE
from sums import check_sums
from support import CRYPTO, Clock, MemoryStore, dump, query

from tray_app.core.events import Event, RunFinished
from tray_app.core.model import CollectorName, Job, Run, Trigger, Window
from tray_app.datasets.crypto.collect import CryptoCollector
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.keys import KEY_NAMES
from tray_app.datasets.options import OPTIONS
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.server import SampleServer
from tray_app.engine.bus import Bus
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.facade import Engine
from tray_app.engine.parts import WorkParts
from tray_app.engine.runner import Runner
from tray_app.keys import Keys
from tray_app.net.request import HttpOptions
from tray_app.paths import Home
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.lifecycle import open_database
from tray_app.store.runs import RunStore
from tray_app.wiring import HomeConfig, build_engine

# What may differ between two runs that brought the same.
BOOKKEEPING = ("collection_runs", "api_usage", "lease", "engine_state", "backfill_requests", "source_answers")


@dataclass
class RunnerMachine:
    """What any collector's test looks at."""

    folder: Path
    database: Database
    clock: Clock
    server: SampleServer
    runs: RunStore
    runner: Runner
    events: list[Event] = field(default_factory=list, kw_only=True)

    def steps(self, run: Run) -> dict[str, str]:
        """Return how each step ended."""
        return {step.name: step.status.value for step in run.steps}

    def asked(self, host: str = "") -> list[str]:
        """Return the paths a host (none named: any) was asked for since the last look, and forget all requests."""
        asked = [f"{one.host}{one.path}" for one in self.server.requests if not host or one.host == host]
        self.server.log.clear()
        return asked

    def data(self) -> dict[str, object]:
        """Return every row that is data."""
        return dict(dump(self.database, *BOOKKEEPING))

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return query(self.database, sql, *values)


@dataclass
class Harness(RunnerMachine):
    """What a test of crypto looks at and turns."""

    collector: CryptoCollector

    def run(
        self, window: Window | None = None, trigger: Trigger = Trigger.MANUAL_CLI, cancel: CancelFlag | None = None
    ) -> Run:
        """Make a run and return it as logged."""
        return self.runner.run(Job(CRYPTO, trigger, window=window), cancel or CancelFlag())


@contextmanager
def a_machine(
    folder: Path, server: SampleServer, clock: Clock, environment: dict[str, str] | None = None
) -> Iterator[Harness]:
    """Give a machine; its database is closed afterwards."""
    database = open_database(folder / "market.db", folder / "backups", clock.now(), SCHEMA)
    keys, queries, runs, bus = (
        Keys(environment or {}, MemoryStore(), KEY_NAMES),
        CryptoReads(database),
        RunStore(database),
        Bus(),
    )
    collector = CryptoCollector(CryptoStore(database), queries, keys)
    parts = WorkParts(
        collectors={CRYPTO: collector},
        database=database,
        leases=Leases(folder / "locks", database),
        clock=clock,
        bus=bus,
        holder="the test",
    )
    made = Harness(
        folder,
        database,
        clock,
        server,
        runs,
        Runner(parts, lambda: HttpOptions(server.url, secrets=keys.handed_out)),
        collector,
    )
    bus.subscribe(made.events.append)
    try:
        yield made
        check_sums(database)
    finally:
        database.close_thread()


class CancelAfter(CancelFlag):
    """A flag that is set while the request after so many is under way."""

    def __init__(self, server: SampleServer, requests: int) -> None:
        super().__init__()
        self._server = server
        self._at = server.count() + requests

    def raise_if_cancelled(self) -> None:
        if self._server.count() > self._at:
            self.set()
        super().raise_if_cancelled()


class Heard:
    """The events of an engine, to be waited for."""

    def __init__(self, engine: Engine) -> None:
        self._change = threading.Condition()
        self._events: list[Event] = []
        engine.subscribe(self._hear)

    def _hear(self, event: Event) -> None:
        with self._change:
            self._events.append(event)
            self._change.notify_all()

    def all(self) -> tuple[Event, ...]:
        """Return the events so far."""
        with self._change:
            return tuple(self._events)

    def wait(self, wanted: Callable[[Event], bool], times: int = 1) -> Event:
        """Return the event that was waited for, as soon as it has come so often."""

        def found() -> list[Event]:
            return [event for event in self._events if wanted(event)]

        with self._change:
            assert self._change.wait_for(lambda: len(found()) >= times, PATIENCE), "nothing of the kind was heard"
            return found()[times - 1]

    def finished(self, times: int = 1) -> Run:
        """Return the run that was finished, as soon as so many were."""
        event = self.wait(lambda each: isinstance(each, RunFinished), times)
        assert isinstance(event, RunFinished)
        return event.run

    def idle(self, engine: Engine) -> None:
        """Wait until the worker has nothing in hand."""
        with self._change:
            assert self._change.wait_for(lambda: not engine.active_jobs, PATIENCE), "the worker does not come to rest"


NO_HISTORY = {"MARKET_TRAY_HISTORY_ON_FIRST_RUN": "false"}


@contextmanager
def an_engine(folder: Path, url: str, **environment: str) -> Iterator[Engine]:
    """Give the engine of a home as the entry point builds it, living on the day of the recordings.

    Of its collectors those stay whose first run is short: crypto, and KRX, which has no key then.
    """
    with an_engine_of((CRYPTO, "krx"), folder, url, **environment) as engine:
        yield engine


@contextmanager
def an_engine_of(collectors: Collection[CollectorName], folder: Path, url: str, **environment: str) -> Iterator[Engine]:
    """Give the engine of a home, with some of its collectors only."""
    home = Home(folder)
    folder.mkdir(parents=True, exist_ok=True)
    variables = {"MARKET_TRAY_NOW": "2026-08-22T10:50:00Z", "MARKET_TRAY_UPSTREAM": url, **environment}
    opened = HomeConfig(variables, OPTIONS.load(home.settings, variables), Keys(variables, MemoryStore(), KEY_NAMES))
    engine = build_engine(home, opened, check=True)
    everybody = cast(dict[CollectorName, object], engine._parts.collectors)
    for name in set(everybody) - set(collectors):
        del everybody[name]
    try:
        yield engine
    finally:
        assert engine.stop(), "a thread did not end"
