"""Kills a piece of work before any of its operations on files, or before any statement that writes to its database.

The work is done by a child process, which ends itself as `kill -9` would before the n-th operation, for every n until
the work gets to its end.
"""

import multiprocessing
import os
import shutil
import sqlite3
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

CHANGING = frozenset({"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"})
WRITING = ("ALTER", "BEGIN", "COMMIT", "CREATE", "DELETE", "DROP", "INSERT", "PRAGMA", "REPLACE", "UPDATE", "VACUUM")
KILLED = 9
MOST = 20_000

Work = Callable[[Path], None]


@dataclass(frozen=True)
class Subject:
    """Work in a folder: what is there before, the work itself, and a check of what is there after a kill.

    work is named in a module: a child process looks it up. check raises AssertionError; it ends with the work done
    once more and whole. with_statements: statements are counted too, not files alone.
    """

    prepare: Work
    work: Work
    check: Work
    with_statements: bool = False


class _Countdown:
    def __init__(self, folder: Path, operation: int) -> None:
        self._folder = str(folder)
        self._left = operation

    def look(self, event: str, arguments: tuple[object, ...]) -> None:
        """Hear of an event of the interpreter."""
        if not arguments or not str(arguments[0]).startswith(self._folder):
            return
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in CHANGING or event == "sqlite3.connect" or writes:
            self._count()

    def statement(self, statement: str) -> None:
        """Hear of a statement of SQL that is about to run."""
        if statement.lstrip().upper().startswith(WRITING):
            self._count()

    def _count(self) -> None:
        if self._left == 0:
            os._exit(KILLED)
        self._left -= 1


def work_until(work: Work, folder: Path, operation: int, with_statements: bool) -> None:
    """Do the work in this process, and end it before the operation of that number."""
    countdown = _Countdown(folder, operation)
    connect = sqlite3.connect

    def traced(*arguments: Any, **options: Any) -> sqlite3.Connection:
        connection: sqlite3.Connection = connect(*arguments, **options)
        connection.set_trace_callback(countdown.statement)
        return connection

    if with_statements:
        sqlite3.connect = traced  # type: ignore[assignment]
    sys.addaudithook(countdown.look)
    work(folder)


def prove(name: str, subject: Subject, numbers: Iterable[int]) -> int:
    """Kill before the operations of these numbers; returns how many kills left a trace."""
    children = multiprocessing.get_context("forkserver")
    # Every child begins with everything imported already.
    children.set_forkserver_preload([subject.work.__module__])
    failed = tried = 0
    with tempfile.TemporaryDirectory(prefix="market-tray-kills-") as scratch:
        before = Path(scratch) / "before"
        before.mkdir()
        subject.prepare(before)
        for operation in numbers:
            folder = Path(scratch) / str(operation)
            shutil.copytree(before, folder)
            child = children.Process(target=work_until, args=(subject.work, folder, operation, subject.with_statements))
            child.start()
            child.join()
            if child.exitcode == 0:
                # It came to its end before that operation: there are no more.
                break
            tried += 1
            if child.exitcode != KILLED:
                failed += 1
                print(f"{name}: the work failed by itself, to be killed before operation {operation}")  # noqa: T201
                break
            try:
                subject.check(folder)
            except Exception as error:
                failed += 1
                print(f"{name}: killed before operation {operation}: {type(error).__name__}: {error}")  # noqa: T201
            shutil.rmtree(folder)
    print(f"{name}: {tried} kills, {failed} left a trace")  # noqa: T201
    return failed
