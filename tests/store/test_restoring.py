"""A restore that is killed at any of its steps, a home without its database, and what lies about."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from support import NOW, Clock, open_store

from tray_app.core.errors import AlreadyRunning, DatabaseForeign, DatabaseGone, DatabaseMissing
from tray_app.datasets.schema import SCHEMA
from tray_app.engine.opening import begin_empty
from tray_app.engine.opening import open_store as open_home_store
from tray_app.paths import Home
from tray_app.store import lifecycle, restoring
from tray_app.store.lease import Leases


def marked(folder: Path, mark: str) -> Path:
    """Make a database that can be told from others."""
    with open_store(folder) as database, database.writing() as connection:
        connection.execute("INSERT INTO engine_state VALUES ('mark', ?)", (mark,))
    return folder / "market.db"


def mark_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        [(mark,)] = connection.execute("SELECT value FROM engine_state WHERE name = 'mark'")
    return str(mark)


KILLED_AT = """
import os, sys
from datetime import UTC, datetime
from pathlib import Path
from tray_app.datasets.schema import SCHEMA
from tray_app.store import restoring
wanted, seen = int(sys.argv[3]), 0
def step(event, arguments):
    global seen
    if event in {"os.rename", "os.remove", "os.link", "sqlite3.connect"} and "market" in str(arguments[0]):
        if seen == wanted:
            os._exit(9)
        seen += 1
sys.addaudithook(step)
restoring.restore(Path(sys.argv[1]), Path(sys.argv[2]), datetime(2026, 8, 22, tzinfo=UTC), SCHEMA)
print(seen)
"""


def test_a_restore_killed_before_any_of_its_steps_is_finished_or_undone(tmp_path: Path) -> None:
    backup = marked(tmp_path / "other", "backup")
    ends: list[str] = []
    for killed_at in range(100):
        home = Home(tmp_path / f"home-{killed_at}")
        path = marked(home.root, "present")
        done = subprocess.run(
            [sys.executable, "-c", KILLED_AT, str(backup), str(path), str(killed_at)],
            capture_output=True, check=False,
        )  # fmt: skip
        was_cut_off = restoring.is_cut_off(path)
        assert bool(restoring.leftovers(path, home.backups)) == was_cut_off
        open_home_store(home, Clock(), check=True).close_thread()
        assert restoring.leftovers(path, home.backups) == ()
        ends.append(mark_of(path))
        if done.returncode == 0:
            break
        assert done.returncode == 9, done.stderr
    assert ends[0] == "present"
    assert ends[-1] == "backup"
    assert len(ends) > 8
    # From the step that commits on, the backup is there.
    assert ends == sorted(ends, reverse=True)


def test_between_its_two_renames_it_is_finished(tmp_path: Path) -> None:
    home = Home(tmp_path)
    marked(tmp_path / "other", "backup").rename(tmp_path / ".market.db.ready")
    marked(tmp_path, "present").rename(tmp_path / "market-before-restore-20260822T000000Z.db")
    assert "finished" in restoring.recover(home.database)
    assert mark_of(home.database) == "backup"


def test_journals_that_were_set_aside_without_their_database_come_back(tmp_path: Path) -> None:
    path = marked(tmp_path, "present")
    lone = tmp_path / "market-damaged-20260822T000000Z.db-wal"
    lone.write_bytes(b"the log of market.db")
    restoring.recover(path)
    assert not lone.exists()
    assert path.with_name("market.db-wal").read_bytes() == b"the log of market.db"


@pytest.mark.parametrize("is_emptied", [False, True])
@pytest.mark.parametrize("copy", ["backups/market-20260822T105000Z.db", "market-damaged-20260822T105000Z.db"])
def test_a_home_with_copies_but_no_database_never_begins_empty(tmp_path: Path, copy: str, *, is_emptied: bool) -> None:
    home = Home(tmp_path / "home")
    kept = home.root / copy
    kept.parent.mkdir(parents=True)
    marked(tmp_path / "other", "kept").rename(kept)
    if is_emptied:
        home.database.touch()
    for _time in range(2):
        with pytest.raises(DatabaseMissing, match=f"copies of one.*{kept.name}.*restore --empty"):
            open_home_store(home, Clock(), check=True)
        assert home.database.exists() is is_emptied
        assert not is_emptied or not home.database.stat().st_size
    begin_empty(home, NOW)
    open_home_store(home, Clock(), check=True).close_thread()
    begin_empty(home, NOW)
    assert kept.exists()


def test_nothing_is_undone_while_somebody_restores(tmp_path: Path) -> None:
    home = Home(tmp_path)
    marked(tmp_path, "present")
    (tmp_path / ".market.db.incoming").write_bytes(b"half")
    with open_store(tmp_path) as database, Leases(home.locks, database).locked("crypto"):
        with pytest.raises(AlreadyRunning):
            open_home_store(home, Clock(), check=True)
        assert (tmp_path / ".market.db.incoming").exists()


def test_two_backups_in_one_second_are_two_files(tmp_path: Path) -> None:
    path = marked(tmp_path, "present")
    command = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from tray_app.datasets.schema import SCHEMA
from tray_app.store import lifecycle
from tray_app.store.database import Database
path, now = Path(sys.argv[1]), datetime(2026, 8, 22, tzinfo=UTC)
for _time in range(5):
    print(lifecycle.backup(Database(path, SCHEMA), path.parent / "backups" / lifecycle.backup_name(now)))
"""
    children = [
        subprocess.Popen([sys.executable, "-c", command, str(path)], stdout=subprocess.PIPE, encoding="utf-8")
        for _child in range(3)
    ]
    told = [line for child in children for line in child.communicate()[0].splitlines()]
    assert [child.returncode for child in children] == [0, 0, 0]
    assert sorted(told) == sorted(map(str, (tmp_path / "backups").iterdir()))
    assert len(set(told)) == 15
    assert {mark_of(Path(one)) for one in told} == {"present"}


@pytest.mark.parametrize("content", [b"nonsense " * 500, b"SQLite format 3\0" + b"\xff" * 4000])
def test_a_damaged_lock_is_made_anew(tmp_path: Path, content: bytes) -> None:
    marked(tmp_path, "present")
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks" / "crypto.lock").write_bytes(content)
    with open_store(tmp_path) as database:
        leases = Leases(tmp_path / "locks", database)
        with leases.held("crypto", "this test", NOW):
            assert not leases.is_free("crypto")
        assert leases.is_free("crypto")


@pytest.mark.skipif(sys.platform == "win32", reason="Windows lets nobody move a file that is open")
def test_a_database_that_is_deleted_while_in_use_is_told_and_not_made_again(tmp_path: Path) -> None:
    path = marked(tmp_path, "present")
    with open_store(tmp_path) as database:
        path.rename(tmp_path / "elsewhere.db")
        with pytest.raises(DatabaseGone, match="was deleted, moved or replaced"), database.writing():
            pass
        assert not path.exists()
        marked(tmp_path / "other", "another").rename(path)
        with pytest.raises(DatabaseGone), database.reading():
            pass


def test_a_database_of_another_program_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
        connection.execute(f"PRAGMA user_version = {SCHEMA.version}")
    before = path.read_bytes()
    with pytest.raises(DatabaseForeign, match="a database of another program"):
        lifecycle.open_database(path, tmp_path / "backups", NOW, SCHEMA)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["market.db"]
