"""The crypto collector and its runner on a real database and a sample server, without threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from support import CRYPTO, Clock, MemoryStore, dump, query

from tray_app.collectors.crypto import CryptoCollector
from tray_app.core.events import Event
from tray_app.core.model import Job, Run, Trigger, Window
from tray_app.demo.server import SampleServer
from tray_app.engine.bus import Bus
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.runner import Runner, RunnerParts
from tray_app.keys import Keys
from tray_app.sources.http import HttpOptions
from tray_app.store.crypto import CryptoStore
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.lifecycle import open_database
from tray_app.store.queries import Queries
from tray_app.store.runs import RunStore
from tray_app.store.usage import UsageStore

# What may differ between two runs that brought the same.
BOOKKEEPING = ("collection_runs", "api_usage", "lease", "engine_state", "backfill_requests")


@dataclass
class Machine:
    """What a test looks at and turns."""

    folder: Path
    database: Database
    clock: Clock
    server: SampleServer
    keys: Keys
    collector: CryptoCollector
    runs: RunStore
    runner: Runner
    bus: Bus
    events: list[Event] = field(default_factory=list)

    def run(
        self, window: Window | None = None, trigger: Trigger = Trigger.MANUAL_CLI, cancel: CancelFlag | None = None
    ) -> Run:
        """Make a run and return it as logged."""
        return self.runner.run(Job(CRYPTO, trigger, window=window), cancel or CancelFlag())

    def steps(self, run: Run) -> dict[str, str]:
        """Return how each step ended."""
        return {step.name: step.status.value for step in run.steps}

    def asked(self) -> list[str]:
        """Return what was asked of the hosts since the last look, and forget it."""
        asked = [f"{one.host}{one.path}" for one in self.server.requests]
        self.server.log.clear()
        return asked

    def data(self) -> dict[str, object]:
        """Return every row that is data."""
        return dict(dump(self.database, *BOOKKEEPING))

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return query(self.database, sql, *values)


@contextmanager
def a_machine(
    folder: Path, server: SampleServer, clock: Clock, environment: dict[str, str] | None = None
) -> Iterator[Machine]:
    """Give a machine; its database is closed afterwards."""
    database = open_database(folder / "market.db", folder / "backups", clock.now())
    keys, queries, runs, bus = Keys(environment or {}, MemoryStore()), Queries(database), RunStore(database), Bus()
    collector = CryptoCollector(CryptoStore(database), queries, keys)
    parts = RunnerParts(
        collectors={CRYPTO: collector},
        runs=runs,
        usage=UsageStore(database),
        leases=Leases(folder / "locks", database),
        clock=clock,
        bus=bus,
        http_options=lambda: HttpOptions(server.url, secrets=keys.handed_out),
        holder="the test",
    )
    made = Machine(folder, database, clock, server, keys, collector, runs, Runner(parts), bus)
    bus.subscribe(made.events.append)
    try:
        yield made
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
