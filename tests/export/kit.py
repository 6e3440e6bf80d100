"""Stores to export from, and short ways to do it in this process or in one of its own."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from patience import PATIENCE
from repository import REPOSITORY
from support import Clock

from benchmarks.krx_store import StoreSize, build, sessions
from tray_app.core.sets import Finished
from tray_app.datasets.schema import SCHEMA
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.exporting import Exports
from tray_app.export.progress import Listener
from tray_app.export.request import ExportRequest, to_line
from tray_app.paths import Home
from tray_app.store import sums
from tray_app.store.database import Database
from tray_app.store.lifecycle import open_database

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
SIZE = StoreSize(instruments=50, first=date(2023, 11, 1), sessions=60)
FIRST, LAST = sessions(SIZE)[0], sessions(SIZE)[-1]


def make_home(root: Path, size: StoreSize = SIZE) -> Home:
    """Return a home with a store in it."""
    root.mkdir(parents=True, exist_ok=True)
    home = Home(root)
    build(home.database, size)
    return home


@contextmanager
def opened(home: Home) -> Iterator[Database]:
    database = open_database(home.database, home.backups, NOW, SCHEMA)
    try:
        yield database
    finally:
        database.close_thread()


@contextmanager
def exports_of(home: Home, now: datetime = NOW) -> Iterator[Exports]:
    with opened(home) as database:
        yield Exports(database, home, Clock(now))


def request(path: Path, **changes: Any) -> ExportRequest:
    """Return a request for everything in the store."""
    return replace(ExportRequest(path, FIRST, LAST), **changes)


def ignore(_progress: object) -> None:
    """Hear no progress."""


def export(home: Home, path: Path, listener: Listener = ignore, **changes: Any) -> Finished:
    """Make a set on this thread, at the instant `now` if that is among the changes."""
    with exports_of(home, changes.pop("now", NOW)) as exports:
        return exports.run(request(path, **changes), listener, CancelFlag())[1]


def change(home: Home, *statements: str) -> None:
    """Run statements on a store."""
    with opened(home) as database, database.writing() as connection:
        for statement in statements:
            connection.execute(statement)


def add_sessions(home: Home, *statements: str) -> None:
    """Run statements that add rows to the big tables, whose sums come with whole sessions only."""
    with opened(home) as database, database.writing() as connection:
        for statement in statements:
            connection.execute(statement)
        sums.rebuild(connection, SCHEMA.summed)


def command(home: Home, *words: str) -> list[str]:
    return [sys.executable, "-m", "tray_app", "--home", str(home.root), *words]


def run(home: Home, *words: str) -> "subprocess.CompletedProcess[str]":
    """Run the command line in a process of its own."""
    return subprocess.run(
        command(home, *words), cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False, timeout=PATIENCE
    )


def started(home: Home, request: ExportRequest) -> "subprocess.Popen[str]":
    """Start an export as a window does: its request is a line of its input, whose end would stop it."""
    pipe = subprocess.PIPE
    words = command(home, "export-request", "--json")
    child = subprocess.Popen(words, cwd=REPOSITORY, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8")
    assert child.stdin is not None
    child.stdin.write(to_line(request))
    child.stdin.flush()
    return child


def export_apart(home: Home, request: ExportRequest) -> list[dict[str, Any]]:
    """Make a set in a process of its own; returns what it told on the way."""
    with started(home, request) as child:
        assert child.stderr is not None
        assert child.stdout is not None
        told = child.stderr.read()
        child.stdout.read()
        child.wait(timeout=PATIENCE)
    assert child.returncode == 0, told
    return [json.loads(line) for line in told.splitlines()]


def read_manifest(path: Path) -> dict[str, Any]:
    document: dict[str, Any] = json.loads((path / "manifest.json").read_text("utf-8"))
    return document


def names(folder: Path) -> set[str]:
    """Return every file of a folder."""
    return {file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()}
