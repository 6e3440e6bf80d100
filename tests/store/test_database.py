"""SQLite's faults in the user's words, and transactions that are stored whole or not at all."""

import errno
import os
import sqlite3
import sys
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path
from threading import Thread
from typing import NamedTuple

import peewee
import pytest
from support import NOW, query

from tray_app.core.errors import (
    AppError,
    Cancelled,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseUnreadable,
    DiskFull,
    FolderNotWritable,
)
from tray_app.core.model import Job, RunKind, Trigger
from tray_app.datasets.schema import SCHEMA
from tray_app.store.arrow_reader import read_only
from tray_app.store.database import Database, known_error, translated_errors
from tray_app.store.lifecycle import check
from tray_app.store.runs import RunStore
from tray_app.store.state import StateStore


def test_a_full_disk_is_told_and_nothing_is_half_written(database: Database) -> None:
    with database.reading() as connection:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(DiskFull, match=r"market\.db"), database.writing() as connection:
        connection.executemany("INSERT INTO engine_state VALUES (?, ?)", [(str(n), "x" * 5000) for n in range(1000)])
    assert query(database, "SELECT * FROM engine_state") == []
    assert query(database, "PRAGMA quick_check") == [("ok",)]
    # Room again, and it goes on.
    with database.reading() as connection:
        connection.execute("PRAGMA max_page_count = 1000000")
    with database.writing() as connection:
        connection.execute("INSERT INTO engine_state VALUES ('n', 'after')")


def test_another_program_that_holds_the_database_is_told(database: Database, tmp_path: Path) -> None:
    query(database, "PRAGMA busy_timeout = 20")
    with closing(sqlite3.connect(tmp_path / "market.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy), database.writing():
            pass
        # Reading goes on beside it.
        assert query(database, "SELECT * FROM engine_state") == []
        other.execute("ROLLBACK")
    with database.writing() as connection:
        connection.execute("INSERT INTO engine_state VALUES ('n', '1')")


def test_an_error_in_the_middle_takes_everything_back(database: Database) -> None:
    twice = [("n", "1"), ("n", "2")]
    with pytest.raises(sqlite3.IntegrityError), database.writing() as connection:
        connection.executemany("INSERT INTO engine_state VALUES (?, ?)", twice)
    assert query(database, "SELECT * FROM engine_state") == []


def test_what_is_asked_at_every_tick_is_asked_anew_once_something_was_written(database: Database) -> None:
    state = StateStore(database)

    def elsewhere() -> None:
        StateStore(database).pause_until(NOW + timedelta(hours=1))
        database.close_thread()

    assert state.paused_until() is None
    state.pause_until(NOW)
    assert state.paused_until() == NOW
    # Another thread's connection is as another process's.
    thread = Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert state.paused_until() == NOW + timedelta(hours=1)
    with suppress(Cancelled), database.writing():
        state.pause_until(None)
        assert state.paused_until() is None
        raise Cancelled
    assert state.paused_until() == NOW + timedelta(hours=1)


def test_a_tick_without_news_asks_nothing_of_the_run_log(database: Database) -> None:
    runs, asked = RunStore(database), list[str]()
    runs.start(Job("crypto", Trigger.SCHEDULER, NOW), NOW)

    def look() -> tuple[object, ...]:
        return runs.has_running("crypto"), runs.since("crypto", NOW, NOW), runs.latest("crypto", RunKind.DAILY)

    found = look()
    with database.reading() as connection:
        connection.set_trace_callback(asked.append)
    assert look() == found
    assert set(asked) == {"PRAGMA data_version"}


def test_a_fault_of_ours_stays_one(database: Database) -> None:
    with pytest.raises(sqlite3.OperationalError, match="no such table"):
        query(database, "SELECT * FROM nowhere")


class Usage(NamedTuple):
    total: int
    used: int
    free: int


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (sqlite3.SQLITE_BUSY, DatabaseBusy),
        (sqlite3.SQLITE_BUSY_SNAPSHOT, DatabaseBusy),
        (sqlite3.SQLITE_LOCKED, DatabaseBusy),
        (sqlite3.SQLITE_FULL, DiskFull),
        (sqlite3.SQLITE_CANTOPEN, FolderNotWritable),
        (sqlite3.SQLITE_READONLY_DBMOVED, FolderNotWritable),
        (sqlite3.SQLITE_IOERR_WRITE, FolderNotWritable),
        (sqlite3.SQLITE_CORRUPT, DatabaseDamaged),
        (sqlite3.SQLITE_NOTADB, DatabaseDamaged),
        (sqlite3.SQLITE_CONSTRAINT, None),
    ],
)
def test_each_code_has_its_words(code: int, error: type[AppError] | None) -> None:
    plain = sqlite3.OperationalError("as the driver says")
    plain.sqlite_errorcode = code
    wrapped = peewee.OperationalError("as peewee says")
    wrapped.__cause__ = plain
    for raised in (plain, wrapped):
        found = known_error(raised, "market.db")
        assert found is None if error is None else type(found) is error


def test_no_room_for_the_shared_memory_is_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    raised = sqlite3.OperationalError("disk I/O error")
    raised.sqlite_errorcode = sqlite3.SQLITE_IOERR_SHMSIZE
    file = str(tmp_path / "market.db")
    assert type(known_error(raised, file)) is FolderNotWritable
    monkeypatch.setattr("tray_app.store.database.shutil.disk_usage", lambda _path: Usage(10**9, 10**9, 0))
    assert type(known_error(raised, file)) is DiskFull


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipe among the files of a folder")
def test_a_pipe_is_no_database_for_any_reader(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    os.mkfifo(path)
    with pytest.raises(FolderNotWritable, match="a pipe has the name of a file"):
        check(path)
    with pytest.raises(FolderNotWritable, match="a pipe has the name of a file"), Database(path, SCHEMA).reading():
        pass
    with pytest.raises(DatabaseUnreadable, match="a pipe has the name of a file"), read_only(path, SCHEMA.version):
        pass


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_of_a_file_is_told_too(number: int) -> None:
    with pytest.raises(DiskFull, match="backups"), translated_errors("backups"):
        raise OSError(number, os.strerror(number))
    with pytest.raises(FolderNotWritable, match="Permission denied"), translated_errors("backups"):
        raise OSError(errno.EACCES, "Permission denied")
