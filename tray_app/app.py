"""The entry point, and the only file that knows everybody: builds and stops the parts in order."""

import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tray_app.crashes import LastWords
from tray_app.files import make_private, write_privately
from tray_app.paths import Home, console_command, find_home, resources
from tray_app.streams import open_streams

if TYPE_CHECKING:
    from tray_app.cli.starters import Starters
    from tray_app.clock import SystemClock
    from tray_app.engine.facade import Engine
    from tray_app.engine.launching import Launched
    from tray_app.keys import Keys
    from tray_app.logs import LogTail
    from tray_app.settings import LoadedSettings
    from tray_app.ui.start import TrayParts

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what the command line asks for; returns the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    unheard, last = open_streams(), LastWords(words)
    write_privately()
    try:
        code = _run(words, last)
    except Exception as error:
        last.keep(error)
        raise
    if code and unheard is not None and not last.has_log:
        last.keep(unheard.getvalue())
    return code


def _run(words: list[str], last: LastWords) -> int:
    tray = tray_request(words)
    if tray is not None:
        return run_tray(tray.home, hidden=tray.hidden)
    from tray_app.cli.commands import obey  # noqa: PLC0415 - not on the way to the icon

    return obey(words, _starters(last))


@dataclass(frozen=True, slots=True)
class TrayRequest:
    """The tray app as asked for on the command line."""

    home: Path | None
    hidden: bool


def tray_request(words: Sequence[str]) -> TrayRequest | None:
    """Return the plain forms of `[--home DIR] [run [--hidden]]`; anything else is the command line's to parse.

    The parser takes longer to load than the icon may take to appear.
    """
    rest = list(words)
    home = None
    if len(rest) >= 2 and rest[0] == "--home":
        home, rest = Path(rest[1]), rest[2:]
    if rest in ([], ["run"], ["run", "--hidden"]):
        return TrayRequest(home, hidden="--hidden" in rest)
    return None


def run_tray(home: Path | None, *, hidden: bool) -> int:
    """Start the tray app; returns when it has quit."""
    from tray_app.ui.start import start  # noqa: PLC0415 - Qt, for this face only

    return start(tray_parts(find_home(home, os.environ), hidden=hidden))


def tray_parts(home: Home, *, hidden: bool) -> "TrayParts":
    """Return what the tray app of a home starts with."""
    from tray_app.ui.start import TrayParts  # noqa: PLC0415

    return TrayParts(
        home=home,
        hidden=hidden,
        open_engine=lambda: _tray_engine(home),
        restore=lambda file: _restore(home, file),
        begin_empty=lambda: _begin_empty(home),
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """What is known of a home before its database is opened."""

    environment: Mapping[str, str]
    settings: "LoadedSettings"
    keys: "Keys"


def open_home(home: Home) -> Opened:
    """Read a home's environment and settings. Raises BadInput or FolderNotWritable."""
    from tray_app.core.errors import FolderNotWritable  # noqa: PLC0415 - not on the way to the icon
    from tray_app.keys import Keys, NoStore, SystemStore  # noqa: PLC0415
    from tray_app.settings import load, read_environment  # noqa: PLC0415

    try:
        home.root.mkdir(parents=True, exist_ok=True)
        for path in home.private:
            make_private(path)
        environment = read_environment(os.environ, home.environment)
        settings = load(home.settings, environment)
    except OSError as error:
        raise FolderNotWritable(str(error.filename or home.root), error.strerror or str(error)) from error
    # A loopback server stands for every source: no real key may be sent to it.
    store = NoStore() if settings.settings.upstream else SystemStore()
    return Opened(environment, settings, Keys(environment, store))


def start_log(home: Home, opened: Opened) -> "LogTail":
    """Start writing the home's log; returns its tail. Raises FolderNotWritable."""
    from tray_app.core.errors import FolderNotWritable  # noqa: PLC0415
    from tray_app.logs import start_logging  # noqa: PLC0415

    try:
        return start_logging(home.logs, opened.settings.settings.log_days, opened.keys.known_secrets)
    except OSError as error:
        raise FolderNotWritable(str(error.filename or home.logs), error.strerror or str(error)) from error


@contextmanager
def engine_of(home: Home, last: LastWords, *, check: bool) -> Iterator["Engine"]:
    """Give the engine of a home for one command; check also looks at the whole database first.

    What ends the command stands in the log too: nobody may have read what it said.
    """
    from tray_app.core.errors import AppError, Cancelled  # noqa: PLC0415
    from tray_app.logs import stop_logging  # noqa: PLC0415

    opened = open_home(home)
    start_log(home, opened)
    last.has_log = True
    try:
        engine = build_engine(home, opened, check=check)
        try:
            yield engine
        finally:
            engine.stop()
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


def build_engine(home: Home, opened: Opened, *, check: bool) -> "Engine":
    """Open the database and put the engine together.

    Raises DatabaseMissing, DatabaseDamaged (the file is set aside then), DatabaseNewer, DatabaseForeign, DatabaseBusy,
    DiskFull or BadInput.
    """
    from tray_app.clock import NOW_VARIABLE, clock_from  # noqa: PLC0415
    from tray_app.core.model import CollectorName  # noqa: PLC0415
    from tray_app.datasets.crypto.collect import CryptoCollector  # noqa: PLC0415
    from tray_app.datasets.crypto.reads import Queries  # noqa: PLC0415
    from tray_app.datasets.crypto.store import CryptoStore  # noqa: PLC0415
    from tray_app.datasets.krx.collect.collector import KrxCollector  # noqa: PLC0415
    from tray_app.datasets.krx.reads import KrxReads  # noqa: PLC0415
    from tray_app.datasets.krx.store.store import KrxStore  # noqa: PLC0415
    from tray_app.datasets.liquidity.collect.collector import LiquidityCollector  # noqa: PLC0415
    from tray_app.datasets.liquidity.collect.parts import NewsWithin  # noqa: PLC0415
    from tray_app.datasets.liquidity.collect.parts import open_parts as liquidity_parts
    from tray_app.datasets.news.collect.collector import NewsCollector, work_within_liquidity  # noqa: PLC0415
    from tray_app.datasets.news.collect.parts import open_parts as news_parts  # noqa: PLC0415
    from tray_app.engine.alerts import Alerts  # noqa: PLC0415
    from tray_app.engine.bus import Bus  # noqa: PLC0415
    from tray_app.engine.facade import Engine  # noqa: PLC0415
    from tray_app.engine.opening import open_store  # noqa: PLC0415
    from tray_app.engine.parts import EngineParts  # noqa: PLC0415
    from tray_app.keys import KeyName  # noqa: PLC0415
    from tray_app.net.request import HttpOptions  # noqa: PLC0415
    from tray_app.store.backfill import BackfillStore  # noqa: PLC0415
    from tray_app.store.lease import Leases  # noqa: PLC0415
    from tray_app.store.runs import RunStore  # noqa: PLC0415
    from tray_app.store.state import StateStore  # noqa: PLC0415
    from tray_app.store.usage import UsageStore  # noqa: PLC0415

    clock = clock_from(opened.environment.get(NOW_VARIABLE, ""))
    database = open_store(home, clock, check=check)
    keys, bus, runs, queries = opened.keys, Bus(), RunStore(database), Queries(database)
    backfills, krx = BackfillStore(database), KrxReads(database)
    news = news_parts(
        database,
        settings=lambda: engine.settings.settings,
        dictionaries=(home.tone_dictionary, resources() / home.tone_dictionary.name),
    )
    liquidity = liquidity_parts(
        database,
        keys=keys,
        settings=lambda: engine.settings.settings,
        news=NewsWithin(lambda: len(news.feeds()), lambda context: work_within_liquidity(news, context)),
        daily_runs_since=lambda instant: runs.daily_since(CollectorName.LIQUIDITY, instant),
    )
    parts = EngineParts(
        home=home,
        settings=opened.settings,
        keys=keys,
        clock=clock,
        bus=bus,
        database=database,
        collectors={
            CollectorName.LIQUIDITY: LiquidityCollector(liquidity),
            CollectorName.CRYPTO: CryptoCollector(CryptoStore(database), queries, keys),
            CollectorName.NEWS: NewsCollector(news),
            CollectorName.KRX: KrxCollector(
                open_store=lambda: KrxStore(database),
                reads=krx,
                keys=keys,
                daily_limit=lambda: engine.settings.settings.krx_daily_limit,
                pending_history=lambda: backfills.windows(CollectorName.KRX),
                with_etfs=lambda: engine.settings.settings.krx_etfs,
            ),
        },
        runs=runs,
        backfills=backfills,
        state=StateStore(database),
        usage=UsageStore(database),
        leases=Leases(home.locks, database),
        queries=queries,
        krx=krx,
        liquidity=liquidity.reads,
        news=news.reads,
        alerts=Alerts(
            bus,
            level=lambda: engine.settings.settings.notifications,
            targets=lambda: tuple((keys.get(KeyName.NOTIFICATION_URLS) or "").split()),
            last_judged=runs.last_judged_before,
        ),
        http_options=lambda settings: HttpOptions(settings.upstream, settings.proxy, keys.handed_out),
        holder=f"process {os.getpid()}",
    )
    engine = Engine(parts)
    return engine


def _tray_engine(home: Home) -> "Launched":
    from tray_app.engine.launching import Launched  # noqa: PLC0415
    from tray_app.logs import stop_logging  # noqa: PLC0415

    opened = open_home(home)
    stop_logging()  # a second try after a failed opening
    tail = start_log(home, opened)
    return Launched(build_engine(home, opened, check=True), tail, opened.keys.known_secrets)


def _starters(last: LastWords) -> "Starters":
    from tray_app.cli.starters import Starters  # noqa: PLC0415
    from tray_app.demo.running import run_demo, serve_samples  # noqa: PLC0415

    return Starters(
        find_home=lambda home: find_home(home, os.environ),
        open_engine=lambda home: engine_of(home, last, check=False),
        open_checked_engine=lambda home: engine_of(home, last, check=True),
        keys=lambda home: open_home(home).keys,
        note_key=_note_key,
        now=lambda: _clock().now(),
        run_tray=run_tray,
        run_demo=lambda: run_demo(console_command(), lambda home: run_tray(home, hidden=False)),
        serve_samples=lambda port, with_parent: serve_samples(port, _clock().now, with_parent=with_parent),
        serve=lambda home: _serve(home, last),
        restore=_restore,
        keep_fault=lambda error: None if last.has_log else last.keep(error),
        begin_empty=_begin_empty,
    )


def _clock() -> "SystemClock":
    from tray_app.clock import NOW_VARIABLE, clock_from  # noqa: PLC0415

    return clock_from(os.environ.get(NOW_VARIABLE, ""))


def _serve(home: Home, last: LastWords) -> int:
    from tray_app.engine.serving import serve  # noqa: PLC0415

    with engine_of(home, last, check=True) as engine:
        serve(engine)
    return 0


def _restore(home: Home, file: Path) -> Path | None:
    from tray_app.engine.opening import restore_store  # noqa: PLC0415

    return restore_store(home, file, _clock().now())


def _note_key(home: Home, is_entered: bool) -> None:  # noqa: FBT001 - the starters' one word
    from tray_app.engine.opening import note_key  # noqa: PLC0415

    note_key(home, _clock().now(), is_entered=is_entered)


def _begin_empty(home: Home) -> None:
    from tray_app.engine.opening import begin_empty  # noqa: PLC0415

    begin_empty(home, _clock().now())
