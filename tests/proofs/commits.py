"""A copy of the home after every commit of a run: what a kill at that very moment would have left on the disk.

The copies are made by a child process: one that opens and closes its own live database file drops SQLite's locks on it
and can lose a commit (https://www.sqlite.org/howtocorrupt.html, "posix_close_bug").
"""

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sums import kept_and_true
from support import NOW, query

from tray_app.datasets.schema import SCHEMA
from tray_app.store.database import Database
from tray_app.store.lifecycle import open_database

COPY = "import shutil, sys; shutil.copytree(sys.argv[1], sys.argv[2])"
# Which run wrote a row and when, and how often something was asked for, differ between a whole run and two halves.
OF_THE_RUN = frozenset(
    {"run_id", "collected_at", "updated_at", "created_at", "first_seen_at", "last_seen_at", "seen_at", "attempts"}
    | {"next_try_at", "first_seen_utc", "whole_at"}
)
BOOKKEEPING = frozenset(
    {"collection_runs", "api_usage", "lease", "engine_state", "backfill_requests", "month_stamp", "data_sums"}
)


@contextmanager
def copying(home: Path, copies: Path) -> Iterator[list[Path]]:
    """Copy the home after each commit of this process meanwhile; the list of copies grows."""
    made: list[Path] = []
    turn, depth = threading.RLock(), threading.local()
    writing = Database.writing

    @contextmanager
    def copied(self: Database) -> Iterator[sqlite3.Connection]:
        # One at a time: a commit of another thread must not fall into a copy.
        with turn:
            depth.now = getattr(depth, "now", 0) + 1
            try:
                with writing(self) as connection:
                    yield connection
            finally:
                depth.now -= 1
            if depth.now == 0:
                target = copies / f"{len(made):04}"
                subprocess.run([sys.executable, "-S", "-c", COPY, str(home), str(target)], check=True)
                made.append(target)

    Database.writing = copied  # type: ignore[method-assign]
    try:
        yield made
    finally:
        Database.writing = writing  # type: ignore[method-assign]


def content(home: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return every row that is data, without what tells of the run that wrote it."""
    database = open_database(home / "market.db", home / "backups", NOW, SCHEMA)
    try:
        tables = [
            str(name)
            for (name,) in query(
                database, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
            )
        ]
        return {table: _rows(database, table) for table in sorted(tables) if table not in BOOKKEEPING}
    finally:
        database.close_thread()


def sums_astray(home: Path) -> set[tuple[object, ...]]:
    """Return the kept sums that are not those of the rows, and those that are missing."""
    database = open_database(home / "market.db", home / "backups", NOW, SCHEMA)
    try:
        kept, true = kept_and_true(database)
        return set(kept) ^ set(true)
    finally:
        database.close_thread()


def _rows(database: Database, table: str) -> list[tuple[object, ...]]:
    columns = [str(row[1]) for row in query(database, f"PRAGMA table_info({table})") if row[1] not in OF_THE_RUN]
    return sorted(query(database, f"SELECT {', '.join(columns)} FROM {table}"), key=repr)


def resumed_equals(copy: Path, resume: Callable[[Path], None], whole: dict[str, list[tuple[object, ...]]]) -> list[str]:
    """Resume a copy by one run; return how it differs from what an undisturbed run stores."""
    resume(copy)
    found = content(copy)
    differing = [_difference(table, rows, found.get(table, [])) for table, rows in whole.items()]
    if astray := sums_astray(copy):
        differing.append(f"{len(astray)} sums are not those of the rows, such as {min(astray)}")
    return [each for each in differing if each]


def _difference(table: str, rows: list[tuple[object, ...]], found: list[tuple[object, ...]]) -> str:
    if rows == found:
        return ""
    differing = set(map(repr, rows)) ^ set(map(repr, found))
    return f"{table}: {len(differing)} rows differ, such as {min(differing, default='rows that are there twice')}"
