"""The exchange's collector on a real database and a small exchange on loopback: its runner, without threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import krx_exchange
from datasets.krx.rules.kit import at
from krx_wire import KEY, Asked, KrxWire, asked_of, serving
from machine import BOOKKEEPING
from sums import check_sums
from support import NOW, Clock, MemoryStore, dump, query

from tray_app.core.events import Event
from tray_app.core.model import Job, Run, Trigger, Window
from tray_app.datasets.keys import KEY_NAMES
from tray_app.datasets.krx.collect.collector import KrxCollector
from tray_app.datasets.krx.collect.context import KrxRunContext, open_context
from tray_app.datasets.krx.reads import KrxReads
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.server import SampleServer
from tray_app.engine.bus import Bus
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.parts import WorkParts
from tray_app.engine.runner import Runner
from tray_app.keys import Keys
from tray_app.net.request import HttpOptions
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.lifecycle import open_database

KRX = "krx"
ENVIRONMENT = {"KRX_AUTH_KEY": KEY}


@dataclass
class KrxMachine:
    """What a test looks at and turns."""

    database: Database
    clock: Clock
    server: SampleServer
    wire: KrxWire
    reads: KrxReads
    limit: int = 10_000
    with_etfs: bool = False
    pending: list[Window] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    environment: dict[str, str] = field(default_factory=lambda: dict(ENVIRONMENT))

    def at(self, day: date, hour: int, minute: int = 0) -> None:
        """Turn the clock to an hour in Korea."""
        self.clock.at = at(day, hour, minute)

    def collector(self) -> KrxCollector:
        """Return a collector as a new process would make it."""
        return KrxCollector(
            database=self.database,
            keys=Keys(self.environment, MemoryStore(), KEY_NAMES),
            daily_limit=lambda: self.limit,
            pending_history=lambda: self.pending,
            with_etfs=lambda: self.with_etfs,
        )

    def run(
        self, window: Window | None = None, trigger: Trigger = Trigger.MANUAL_CLI, due_at: datetime | None = None
    ) -> Run:
        """Make a run and return it as logged."""
        bus = Bus()
        bus.subscribe(self.events.append)
        parts = WorkParts(
            collectors={KRX: self.collector()},
            database=self.database,
            leases=Leases(self.database.path.parent / "locks", self.database),
            clock=self.clock,
            bus=bus,
            holder="the test",
        )
        return Runner(parts, lambda: HttpOptions(self.server.url, secrets=(KEY,))).run(
            Job(KRX, trigger, due_at, window), CancelFlag()
        )

    def asked(self) -> list[Asked]:
        """Return what was asked since the last look, and forget it."""
        asked = asked_of(self.server)
        self.server.log.clear()
        return asked

    def asked_days(self) -> list[date]:
        """Return the days of the daily lists asked for since the last look."""
        return sorted({day for service, day in self.asked() if service.endswith("_trd")})

    def states(self, market: str = "KOSPI", dataset: str = "equity") -> dict[date, str]:
        """Return the ledger's state of each session of a market."""
        sql = "SELECT trade_date, state FROM day_ledger WHERE market_code = ? AND dataset = ?"
        return {date.fromisoformat(row[0]): row[1] for row in self.query(sql, market, dataset)}

    def data(self) -> dict[str, object]:
        """Return every row that is data."""
        return dict(dump(self.database, *BOOKKEEPING))

    def query(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return query(self.database, sql, *values)


def steps(run: Run) -> dict[str, str]:
    """Return how each step ended."""
    return {step.name: step.status.value for step in run.steps}


def notes(run: Run) -> dict[str, str]:
    """Return what each step said."""
    return {step.name: step.note for step in run.steps}


@contextmanager
def a_krx_machine(folder: Path, wire: KrxWire | None = None, now: datetime | None = None) -> Iterator[KrxMachine]:
    """Give a machine whose clock stands before the first session unless told."""
    clock = Clock(now or at(krx_exchange.START, 3))
    database = open_database(folder / "market.db", folder / "backups", clock.now(), SCHEMA)
    upstream = wire or KrxWire(krx_exchange.body_of)
    try:
        with serving(upstream, clock.now) as server:
            yield KrxMachine(database, clock, server, upstream, KrxReads(database))
        check_sums(database)
    finally:
        database.close_thread()


def krx_context(database: Database, now: datetime = NOW) -> KrxRunContext:
    """Return the exchange's stored parts as a new process reads them."""
    return open_context(database, KrxCalendar(), now)


def next_session(day: date) -> date:
    return KrxCalendar().next_session(day)
