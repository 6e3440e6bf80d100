"""The liquidity and news collectors on a real database and sample upstreams: their runner, without threads."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from machine import RunnerMachine
from sums import check_sums
from support import Clock, MemoryStore, settings_with

from tray_app.core.model import CollectorName, Job, Run, Trigger, Window
from tray_app.datasets.collector import Collector
from tray_app.datasets.collectors import make_collectors
from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.keys import KEY_NAMES
from tray_app.datasets.liquidity.reads import LiquidityReads
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.datasets.news.reads import NewsReads
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.server import SampleServer
from tray_app.engine.bus import Bus
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.parts import WorkParts
from tray_app.engine.runner import Runner
from tray_app.keys import Keys
from tray_app.net.request import HttpOptions
from tray_app.paths import resources
from tray_app.settings import Settings
from tray_app.store.backfill import BackfillStore
from tray_app.store.lease import Leases
from tray_app.store.lifecycle import open_database
from tray_app.store.runs import RunStore

LIQUIDITY, NEWS = "liquidity", "news"
FRED_HOST, FRED_FILES = "api.stlouisfed.org", "fred.stlouisfed.org"
YAHOO_HOST = "query1.finance.yahoo.com"
GOOGLE, FED = "news.google.com", "www.federalreserve.gov"
ENVIRONMENT = {"FRED_API_KEY": SAMPLE_FRED_KEY}
# Headlines of one host alone, so that news and the Federal Reserve's documents fail apart.
SEARCH = settings_with(news_feeds="Funding stress | en | UTC | search: repo market")


@dataclass
class LiquidityMachine(RunnerMachine):
    """What a test of liquidity or news looks at and turns."""

    reads: LiquidityReads
    news: NewsReads
    liquidity: Collector
    settings: Settings = field(default_factory=Settings)

    def run(
        self,
        name: CollectorName = LIQUIDITY,
        *,
        window: Window | None = None,
        due_at: datetime | None = None,
        trigger: Trigger = Trigger.MANUAL_CLI,
        cancel: CancelFlag | None = None,
    ) -> Run:
        """Make a run and return it as logged."""
        return self.runner.run(Job(name, trigger, due_at, window), cancel or CancelFlag())

    def notes(self, run: Run) -> dict[str, str]:
        """Return what each step says."""
        return {step.name: step.note for step in run.steps}


@contextmanager
def a_liquidity_machine(
    folder: Path, server: SampleServer, clock: Clock, environment: dict[str, str] | None = None
) -> Iterator[LiquidityMachine]:
    """Give a machine with the sample key of FRED; its database is closed afterwards."""
    database = open_database(folder / "market.db", folder / "backups", clock.now(), SCHEMA)
    keys = Keys(ENVIRONMENT if environment is None else environment, MemoryStore(), KEY_NAMES)
    runs, bus = RunStore(database), Bus()
    parts = CollectorParts(
        database=database,
        keys=keys,
        settings=lambda: made.settings,
        runs=runs,
        backfills=BackfillStore(database),
        files=lambda name: (folder / name, resources() / name),
    )
    collectors = make_collectors(parts)
    runner = Runner(
        WorkParts(
            collectors={name: collectors[name] for name in (LIQUIDITY, NEWS)},
            database=database,
            leases=Leases(folder / "locks", database),
            clock=clock,
            bus=bus,
            holder="the test",
        ),
        lambda: HttpOptions(server.url, secrets=keys.handed_out),
    )
    made = LiquidityMachine(
        folder,
        database,
        clock,
        server,
        runs,
        runner,
        LiquidityReads(database),
        NewsReads(database),
        collectors[LIQUIDITY],
    )
    bus.subscribe(made.events.append)
    try:
        yield made
        check_sums(database)
    finally:
        database.close_thread()
