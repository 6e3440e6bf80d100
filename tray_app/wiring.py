"""The composition: every part of a home's engine, put together and stopped in order, and what the faces begin with."""

import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tray_app.cli.starters import CommandParts, RunTray
from tray_app.clock import NOW_VARIABLE, SystemClock, clock_from
from tray_app.core.errors import AppError, Cancelled
from tray_app.crashes import LastWords
from tray_app.datasets import DATASETS
from tray_app.datasets.collectors import make_collectors
from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.keys import KEY_NAMES
from tray_app.datasets.options import OPTIONS
from tray_app.engine.alerts import Alerts
from tray_app.engine.bus import Bus
from tray_app.engine.exporting import Exports
from tray_app.engine.facade import Engine
from tray_app.engine.launching import OpenedEngine
from tray_app.engine.opening import begin_empty, note_key, open_store, restore_store
from tray_app.engine.parts import EngineParts
from tray_app.engine.serving import serve
from tray_app.files import make_private, not_writable, require_file
from tray_app.keys import NOTIFICATION_URLS, Keys, NoStore, SystemStore
from tray_app.logs import LogTail, start_logging, stop_logging
from tray_app.net.request import HttpOptions
from tray_app.paths import Home, console_command, find_home, resources
from tray_app.settings import LoadedSettings, read_environment
from tray_app.store.backfill import BackfillStore
from tray_app.store.lease import Leases
from tray_app.store.runs import RunStore

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class HomeConfig:
    """What is known of a home before its database is opened."""

    environment: Mapping[str, str]
    settings: LoadedSettings
    keys: Keys

    def start_clock(self) -> SystemClock:
        """Return the clock that its environment asks for; one that is set begins to run now."""
        return clock_from(self.environment.get(NOW_VARIABLE, ""))


def open_home(home: Home) -> HomeConfig:
    """Read a home's environment and settings. Raises BadInput or FolderNotWritable."""
    try:
        home.root.mkdir(parents=True, exist_ok=True)
        for path in home.private:
            make_private(path)
        for lock in home.locks.glob("*.lock"):
            require_file(lock)
        environment = read_environment(os.environ, home.environment)
        settings = OPTIONS.load(home.settings, environment)
    except OSError as error:
        raise not_writable(error, home.root) from error
    # A loopback server stands for every source: no real key may be sent to it.
    store = NoStore() if settings.settings.upstream else SystemStore()
    return HomeConfig(environment, settings, Keys(environment, store, KEY_NAMES))


def start_log(home: Home, opened: HomeConfig) -> LogTail:
    """Start writing the home's log; returns its tail. Raises FolderNotWritable."""
    try:
        return start_logging(home.logs, opened.settings.settings.log_days, opened.keys.known_secrets)
    except OSError as error:
        raise not_writable(error, home.logs) from error


@contextmanager
def command_home(home: Home, last: LastWords) -> Iterator[HomeConfig]:
    """Give a home and its log for one command.

    What ends the command stands in the log too: nobody may have read what it said.
    """
    opened = open_home(home)
    start_log(home, opened)
    last.has_log = True
    try:
        yield opened
    except Cancelled as error:
        logger.info("%s", error)
        raise
    except AppError as error:
        logger.error("%s. %s", error.title, error)  # noqa: TRY400 - told in the user's words, no fault of ours
        raise
    except Exception:
        logger.exception("a fault of ours ended the command")
        raise
    finally:
        stop_logging()


@contextmanager
def engine_of(home: Home, last: LastWords, *, check: bool) -> Iterator[Engine]:
    """Give the engine of a home for one command; check also looks at the whole database first."""
    with command_home(home, last) as opened:
        engine = build_engine(home, opened, check=check)
        try:
            yield engine
        finally:
            engine.stop()


@contextmanager
def exports_of(home: Home, last: LastWords) -> Iterator[Exports]:
    """Give the exports of a home for one command, which need its database and a clock and no engine."""
    with command_home(home, last) as opened:
        clock = opened.start_clock()
        database = open_store(home, clock, check=False)
        try:
            yield Exports(database, home, clock)
        finally:
            database.close_thread()


def build_engine(home: Home, opened: HomeConfig, *, check: bool) -> Engine:
    """Open the database and put the engine together.

    Raises DatabaseMissing, DatabaseDamaged (the file is set aside then), DatabaseNewer, DatabaseForeign, DatabaseBusy,
    DiskFull or BadInput.
    """
    clock = opened.start_clock()
    database = open_store(home, clock, check=check)
    keys, bus, runs, backfills = opened.keys, Bus(), RunStore(database), BackfillStore(database)
    collector_parts = CollectorParts(
        database=database,
        keys=keys,
        settings=lambda: engine.settings.settings,
        runs=runs,
        backfills=backfills,
        files=lambda name: (home.root / name, resources() / name),
    )
    parts = EngineParts(
        home=home,
        settings=opened.settings,
        keys=keys,
        clock=clock,
        bus=bus,
        database=database,
        collectors=make_collectors(collector_parts),
        reads={dataset.name: dataset.parts().open_reads(database) for dataset in DATASETS},
        leases=Leases(home.locks, database),
        alerts=Alerts(
            bus,
            level=lambda: engine.settings.settings.notifications,
            targets=lambda: tuple((keys.get(NOTIFICATION_URLS.name) or "").split()),
            last_judged=runs.last_judged_before,
        ),
        http_options=lambda settings: HttpOptions(settings.upstream, settings.proxy, keys.handed_out),
        holder=f"process {os.getpid()}",
    )
    engine = Engine(parts)
    return engine


@dataclass(frozen=True, slots=True)
class HomeWays:
    """The tray's ways into a home; all of them take time. Raises what opening a home and its store raises."""

    home: Home

    def open_engine(self) -> OpenedEngine:
        """Start the log of the home and open its engine."""
        opened = open_home(self.home)
        stop_logging()  # a second try after a failed opening
        tail = start_log(self.home, opened)
        return OpenedEngine(build_engine(self.home, opened, check=True), tail, opened.keys.known_secrets)

    def restore(self, file: Path) -> Path | None:
        """Put a backup in the place of the database; returns where the one before lies, if there was one."""
        return restore_store(self.home, file, _clock().now())

    def begin_empty(self) -> None:
        """Let a home without a database begin an empty one, whatever its backups hold."""
        begin_empty(self.home, _clock().now())


def starters(last: LastWords, run_tray: RunTray) -> CommandParts:
    """Return what the command line begins with."""
    return CommandParts(
        find_home=lambda home: find_home(home, os.environ),
        open_engine=lambda home: engine_of(home, last, check=False),
        open_checked_engine=lambda home: engine_of(home, last, check=True),
        open_exports=lambda home: exports_of(home, last),
        keys=lambda home: open_home(home).keys,
        note_key=_note_key,
        now=lambda: _clock().now(),
        run_tray=run_tray,
        run_demo=lambda: _run_demo(run_tray),
        serve_samples=_serve_samples,
        serve=lambda home: _serve(home, last),
        restore=lambda home, file: HomeWays(home).restore(file),
        keep_fault=lambda error: None if last.has_log else last.keep(error),
        begin_empty=lambda home: HomeWays(home).begin_empty(),
    )


def _clock() -> SystemClock:
    return clock_from(os.environ.get(NOW_VARIABLE, ""))


def _run_demo(run_tray: RunTray) -> int:
    from tray_app.demo.running import run_demo  # noqa: PLC0415 - a web server, for this command only

    return run_demo(console_command(), lambda home: run_tray(home, hidden=False))


def _serve_samples(port: int, with_parent: bool) -> None:  # noqa: FBT001 - the command's one word
    from tray_app.demo.running import serve_samples  # noqa: PLC0415 - as above

    serve_samples(port, _clock().now, with_parent=with_parent)


def _serve(home: Home, last: LastWords) -> int:
    with engine_of(home, last, check=True) as engine:
        serve(engine)
    return 0


def _note_key(home: Home, is_entered: bool) -> None:  # noqa: FBT001 - the starters' one word
    note_key(home, _clock().now(), is_entered=is_entered)
