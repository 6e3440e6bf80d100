"""Doubles for what the machine lacks, and short ways to the real parts."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tray_app.core.errors import Cancelled
from tray_app.core.model import Job, Run, RunKind, RunStatus, StepOutcome, StepStatus, Trigger
from tray_app.datasets import DATASETS
from tray_app.datasets.options import OPTIONS
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.hosts import sample_hosts
from tray_app.demo.upstream import Upstream
from tray_app.engine.cancel import CancelFlag
from tray_app.net.http import HttpClient
from tray_app.net.request import HttpOptions
from tray_app.settings import Settings
from tray_app.store.database import Database
from tray_app.store.lifecycle import open_database

NOW = datetime(2026, 8, 22, 10, 50, tzinfo=UTC)
CRYPTO = "crypto"
COINGECKO = "api.coingecko.com"
LLAMA = "api.llama.fi"
STABLECOINS = "stablecoins.llama.fi"
FEAR_GREED = "api.alternative.me"
HOSTS: Mapping[str, Upstream] = sample_hosts()
# Not a real key: long and odd enough that it stands nowhere by chance.
SECRET = "CG-Zq7xW2pLm9Kt4Rv8"
# Every collector, in the order `collect all` takes them.
ALL_NAMES = tuple(dataset.name for dataset in DATASETS)


def examples(count: int) -> int:
    """Return how many examples of a property are tried: the search is for Linux, Windows shows that it runs at all."""
    return count if sys.platform != "win32" else max(5, count // 10)


@dataclass
class Clock:
    """A clock to turn by hand; durations follow it."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.at.timestamp()

    def advance(self, **step: float) -> None:
        self.at += timedelta(**step)


@dataclass
class MemoryStore:
    """A credential store in memory."""

    kept: dict[tuple[str, str], str] = field(default_factory=dict)

    def get_password(self, service: str, name: str) -> str | None:
        return self.kept.get((service, name))

    def set_password(self, service: str, name: str, secret: str) -> None:
        self.kept[service, name] = secret

    def delete_password(self, service: str, name: str) -> None:
        del self.kept[service, name]


class BrokenStore:
    """A credential store whose every call fails, quoting what it was given."""

    def get_password(self, service: str, name: str) -> str | None:
        raise RuntimeError(f"no store for {service}/{name}")

    def set_password(self, service: str, name: str, secret: str) -> None:
        raise RuntimeError(f"cannot keep {secret} as {service}/{name}")

    def delete_password(self, service: str, name: str) -> None:
        raise RuntimeError(f"cannot delete {service}/{name}")


class Waits(CancelFlag):
    """A flag that notes the waits instead of making them; cancels at the one named."""

    def __init__(self, cancel_at: int | None = None) -> None:
        super().__init__()
        self.waited: list[float] = []
        self._cancel_at = cancel_at

    def wait(self, seconds: float) -> None:
        self.waited.append(seconds)
        if self._cancel_at is not None and len(self.waited) > self._cancel_at:
            self.set()
        if self.is_set:
            raise Cancelled


@contextmanager
def open_store(folder: Path, now: datetime = NOW) -> Iterator[Database]:
    """Give a database at the present schema; its connection is closed afterwards."""
    database = open_database(folder / "market.db", folder / "backups", now, SCHEMA)
    try:
        yield database
    finally:
        database.close_thread()


@contextmanager
def client(upstream: str, cancel: CancelFlag | None = None) -> Iterator[HttpClient]:
    """Give an HTTP client whose every host is the loopback server."""
    http = HttpClient(HttpOptions(upstream), lambda _source: None, cancel or CancelFlag())
    try:
        yield http
    finally:
        http.close()


def dump(database: Database, *skipped: str) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of every table but those named."""
    with database.reading() as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr)
            for table in sorted(tables)
            if table not in skipped and not table.startswith("sqlite_")
        }


def query(database: Database, sql: str, *values: object) -> list[tuple[Any, ...]]:
    """Return the rows of a query."""
    with database.reading() as connection:
        return connection.execute(sql, values).fetchall()


def a_run(**changes: Any) -> Run:
    """Return a successful run of the scheduler at NOW, with some fields changed."""
    facts: dict[str, Any] = {
        "run_id": 1,
        "collector": CRYPTO,
        "trigger": Trigger.SCHEDULER,
        "kind": RunKind.DAILY,
        "status": RunStatus.SUCCESS,
        "started_at": NOW,
        "finished_at": NOW + timedelta(seconds=8),
        "duration": 8.0,
        "steps": (StepOutcome("coingecko_prices", StepStatus.SUCCESS, "20 coins", 20),),
    }
    return Run(**(facts | changes))


def a_job(**changes: Any) -> Job:
    """Return a job of the scheduler, with some fields changed."""
    facts: dict[str, Any] = {"collector": CRYPTO, "trigger": Trigger.SCHEDULER}
    return Job(**(facts | changes))


def settings_with(**values: Any) -> Settings:
    """Return the settings with other values of some options, named as in settings.toml."""
    return Settings().changed({OPTIONS[name]: value for name, value in values.items()})
