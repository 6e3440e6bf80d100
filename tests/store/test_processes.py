"""Two processes on one home: leases that die with their holder, counts that add up, writes that wait for each other."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from patience import PATIENCE
from support import NOW, open_store, query

from tray_app.core.errors import AlreadyRunning
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.usage import UsageStore

HEAD = """
import sys
from pathlib import Path
from datetime import UTC, datetime
from tray_app.store.database import Database
from tray_app.datasets.schema import SCHEMA
from tray_app.store.lease import Leases
from tray_app.store.lifecycle import open_database
from tray_app.store.usage import UsageStore
folder, now = Path(sys.argv[1]), datetime(2026, 8, 22, 10, 50, tzinfo=UTC)
def say(word):
    sys.stdout.write(word + "\\n")
    sys.stdout.flush()
def hear():
    return sys.stdin.readline().strip()
"""
HOLD = """
database = open_database(folder / "market.db", folder / "backups", now, SCHEMA)
with Leases(folder / "locks", database).held("crypto", "the other process", now):
    say("held")
    hear()
database.close_thread()
say("released")
"""
COUNT = """
database = open_database(folder / "market.db", folder / "backups", now, SCHEMA)
say("ready")
hear()
usage = UsageStore(database)
for _ in range(150):
    usage.reserve("api.coingecko.com", now)
database.close_thread()
say("done")
"""
COMMIT_BETWEEN = """
database = open_database(folder / "market.db", folder / "backups", now, SCHEMA)
say("ready")
hear()
with database.writing() as connection:
    (value,) = connection.execute("SELECT value FROM engine_state WHERE name = 'n'").fetchone()
    connection.execute("UPDATE engine_state SET value = ? WHERE name = 'n'", (str(int(value) + 1),))
database.close_thread()
say("done")
"""
OPEN = """
say("ready")
hear()
database = open_database(folder / "market.db", folder / "backups", now, SCHEMA)
database.close_thread()
say("opened")
"""


@contextmanager
def process(folder: Path, script: str) -> Iterator["subprocess.Popen[str]"]:
    child = subprocess.Popen(
        [sys.executable, "-c", HEAD + script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def hear(child: "subprocess.Popen[str]") -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def tell(child: "subprocess.Popen[str]", word: str = "go") -> None:
    assert child.stdin is not None
    child.stdin.write(word + "\n")
    child.stdin.flush()


# --- leases -------------------------------------------------------------------------------------------------------


@pytest.fixture
def leases(database: Database, tmp_path: Path) -> Leases:
    return Leases(tmp_path / "locks", database)


def test_one_lease_per_collector_in_one_process(leases: Leases) -> None:
    assert leases.is_free("crypto")
    with leases.held("crypto", "me", NOW):
        assert not leases.is_free("crypto")
        with (
            pytest.raises(AlreadyRunning, match=r"crypto is being collected already \(me\)"),
            leases.held("crypto", "you", NOW),
        ):
            pass
        with leases.held("krx", "me", NOW):
            assert not leases.is_free("krx")
    assert leases.is_free("crypto")
    assert leases.is_free("krx")


def test_a_lease_ends_with_an_error_too(leases: Leases) -> None:
    with pytest.raises(ValueError, match="broken"), leases.held("crypto", "me", NOW):
        raise ValueError("broken")
    assert leases.is_free("crypto")


def test_a_lease_holds_across_threads(leases: Leases, database: Database) -> None:
    seen: list[bool] = []

    def look() -> None:
        seen.append(leases.is_free("crypto"))
        database.close_thread()

    with leases.held("crypto", "me", NOW):
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()
    assert seen == [False]


def test_a_lease_holds_across_processes_and_names_its_holder(tmp_path: Path, leases: Leases) -> None:
    with process(tmp_path, HOLD) as other:
        assert hear(other) == "held"
        assert not leases.is_free("crypto")
        with pytest.raises(AlreadyRunning, match="the other process"), leases.held("crypto", "me", NOW):
            pass
        tell(other)
        assert hear(other) == "released"
        with leases.held("crypto", "me", NOW):
            pass


def test_a_lease_dies_with_its_process(tmp_path: Path, leases: Leases) -> None:
    for _ in range(3):
        with process(tmp_path, HOLD) as other:
            assert hear(other) == "held"
            assert not leases.is_free("crypto")
            other.kill()
            other.wait(PATIENCE)
            assert leases.is_free("crypto")


# --- counts -------------------------------------------------------------------------------------------------------


def test_calls_are_counted_by_source_and_korean_day(database: Database) -> None:
    usage = UsageStore(database)
    midnight_in_korea = NOW.replace(hour=15)
    assert all(usage.reserve("a", NOW) for _ in range(3))
    assert usage.reserve("b", NOW)
    assert usage.reserve("a", midnight_in_korea)
    assert (usage.calls("a", NOW), usage.calls("a", midnight_in_korea), usage.calls("c", NOW)) == (3, 1, 0)
    rows = query(database, "SELECT source, day, calls FROM api_usage ORDER BY source, day")
    assert rows == [("a", "2026-08-22", 3), ("a", "2026-08-23", 1), ("b", "2026-08-22", 1)]


def test_no_call_beyond_the_limit_is_counted(database: Database) -> None:
    usage = UsageStore(database)
    assert [usage.reserve("a", NOW, limit=2) for _ in range(4)] == [True, True, False, False]
    assert usage.calls("a", NOW) == 2


def test_two_processes_share_one_count(tmp_path: Path, database: Database) -> None:
    with process(tmp_path, COUNT) as one, process(tmp_path, COUNT) as other:
        assert (hear(one), hear(other)) == ("ready", "ready")
        tell(one)
        tell(other)
        usage = UsageStore(database)
        for _ in range(50):
            usage.reserve("api.coingecko.com", NOW)
        assert (hear(one), hear(other)) == ("done", "done")
    assert query(database, "SELECT calls FROM api_usage") == [(350,)]


# --- writes -------------------------------------------------------------------------------------------------------


def test_a_write_that_reads_first_waits_for_another_process_that_writes(tmp_path: Path, database: Database) -> None:
    # A deferred transaction would fail here at once with "database is locked", whatever the timeout.
    with database.writing() as connection:
        connection.execute("INSERT INTO engine_state VALUES ('n', '0')")
    with process(tmp_path, COMMIT_BETWEEN) as other:
        assert hear(other) == "ready"
        with database.writing() as connection:
            (value,) = connection.execute("SELECT value FROM engine_state WHERE name = 'n'").fetchone()
            tell(other)
            connection.execute("UPDATE engine_state SET value = ? WHERE name = 'n'", (str(int(value) + 10),))
        assert hear(other) == "done"
    assert query(database, "SELECT value FROM engine_state") == [("11",)]


def test_a_write_takes_its_lock_at_once(database: Database) -> None:
    with database.writing() as connection:
        assert connection.in_transaction
        connection.execute("SELECT 1")


def test_many_processes_may_open_a_fresh_home_at_once(tmp_path: Path) -> None:
    with (
        process(tmp_path, OPEN) as one,
        process(tmp_path, OPEN) as two,
        process(tmp_path, OPEN) as three,
        process(tmp_path, OPEN) as four,
    ):
        children = (one, two, three, four)
        assert [hear(child) for child in children] == ["ready"] * 4
        for child in children:
            tell(child)
        assert [hear(child) for child in children] == ["opened"] * 4
    with open_store(tmp_path) as database:
        assert query(database, "PRAGMA quick_check") == [("ok",)]
