"""Opening, damage, backup and restore: nothing is ever lost, overwritten or half done."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import NOW, Clock, open_store, query

from tray_app.core.errors import (
    AlreadyRunning,
    AppError,
    BadInput,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseMissing,
    DatabaseNewer,
    FolderNotWritable,
)
from tray_app.datasets.schema import SCHEMA
from tray_app.engine.opening import begin_empty, restore_store
from tray_app.engine.opening import open_store as open_home_store
from tray_app.paths import Home
from tray_app.store import lifecycle, migrations, restoring
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.state import StateStore


def marked(folder: Path, mark: str) -> Path:
    """Return a database that holds a mark, closed."""
    with open_store(folder) as database, database.writing() as connection:
        connection.execute("INSERT OR REPLACE INTO engine_state VALUES ('mark', ?)", (mark,))
    return folder / "market.db"


def mark_of(path: Path) -> str:
    with closing(sqlite3.connect(path)) as connection:
        [(mark,)] = connection.execute("SELECT value FROM engine_state WHERE name = 'mark'").fetchall()
    return str(mark)


@pytest.mark.parametrize("version", range(1, SCHEMA.version))
def test_a_store_of_every_schema_there_was_opens(version: int, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "market.db", isolation_level=None)) as connection:
        for step in range(1, version + 1):
            migrations.apply(connection, step)
        connection.execute("INSERT INTO engine_state VALUES ('kept', 'old')")
    with open_store(tmp_path) as database, database.writing() as connection:
        assert migrations.schema_version(connection) == SCHEMA.version
        connection.execute("UPDATE engine_state SET value = 'new' WHERE value = 'old'")
        assert connection.execute("SELECT changes()").fetchone() == (1,)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def damage(path: Path) -> None:
    """Overwrite the middle of every page but the first."""
    content = bytearray(path.read_bytes())
    for start in range(4096, len(content), 4096):
        content[start : start + 200] = b"\xa5" * 200
    path.write_bytes(content)


# --- damage -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["pages", "header", "nonsense", "cut"])
def test_a_damaged_file_is_set_aside_and_never_deleted(tmp_path: Path, how: str) -> None:
    home = Home(tmp_path)
    path = marked(tmp_path, "old")
    if how == "pages":
        damage(path)
    elif how == "header":
        path.write_bytes(b"\0" * 100 + path.read_bytes()[100:])
    elif how == "nonsense":
        path.write_bytes(b"this is a text file, not a database at all" * 10)
    else:
        path.write_bytes(path.read_bytes()[:5000])
    content = path.read_bytes()
    with pytest.raises(DatabaseDamaged) as caught:
        open_home_store(home, Clock(), check=True)
    aside = tmp_path / "market-damaged-20260822T105000Z.db"
    assert aside.read_bytes() == content
    assert not path.exists()
    assert aside.name in str(caught.value)
    assert "market-tray restore" in caught.value.hint
    assert str(caught.value).count("is damaged") == 1
    # The next start asks again; only a person begins anew.
    with pytest.raises(DatabaseMissing):
        open_home_store(home, Clock(), check=True)
    begin_empty(home, NOW)
    database = open_home_store(home, Clock(), check=True)
    assert query(database, "SELECT * FROM engine_state") == []
    database.close_thread()


def test_two_damaged_files_in_one_second_are_both_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for content in (b"first nonsense " * 50, b"second nonsense " * 50):
        home.database.write_bytes(content)
        with pytest.raises(DatabaseDamaged):
            open_home_store(home, Clock(), check=True)
    kept = sorted(path.read_bytes()[:6] for path in tmp_path.glob("market-damaged-*.db"))
    assert kept == [b"first ", b"second"]


def test_the_journal_files_go_aside_with_the_database(tmp_path: Path) -> None:
    path = tmp_path / "market.db"
    path.write_bytes(b"nonsense")
    (tmp_path / "market.db-wal").write_bytes(b"log")
    aside = lifecycle.set_aside(path, NOW)
    assert (tmp_path / f"{aside.name}-wal").read_bytes() == b"log"
    assert names(tmp_path) == [aside.name, f"{aside.name}-wal"]


def test_a_whole_file_and_no_file_pass_the_check(tmp_path: Path) -> None:
    lifecycle.check(tmp_path / "market.db")
    lifecycle.check(marked(tmp_path, "fine"))


def test_integrity_of_a_whole_file(database: Database) -> None:
    assert lifecycle.integrity(database) == "ok"


# --- backup -------------------------------------------------------------------------------------------------------


def test_a_backup_is_a_whole_copy_and_works_beside_running_work(tmp_path: Path) -> None:
    with open_store(tmp_path) as database:
        StateStore(database).pause_until(NOW)
        copy = lifecycle.backup(database, tmp_path / "backups" / lifecycle.backup_name(NOW))
        StateStore(database).pause_until(None)
    assert copy.name == "market-20260822T105000Z.db"
    assert names(copy.parent) == [copy.name]
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT value FROM engine_state").fetchall() == [("2026-08-22T10:50:00Z",)]


def test_a_backup_never_overwrites_another(tmp_path: Path) -> None:
    with open_store(tmp_path) as database:
        target = tmp_path / "backups" / lifecycle.backup_name(NOW)
        copies = {lifecycle.backup(database, target).name for _ in range(3)}
    assert copies == {"market-20260822T105000Z.db", "market-20260822T105000Z-2.db", "market-20260822T105000Z-3.db"}


def test_a_folder_that_cannot_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with open_store(tmp_path) as database, pytest.raises(FolderNotWritable, match="file"):
        lifecycle.backup(database, tmp_path / "file" / "inside" / "copy.db")


# --- restore ------------------------------------------------------------------------------------------------------


def test_restore_puts_the_backup_in_place_and_keeps_what_was_there(tmp_path: Path) -> None:
    backup = marked(tmp_path / "other", "backup")
    path = marked(tmp_path / "home", "present")
    kept = restoring.restore(backup, path, NOW, SCHEMA)
    assert kept is not None
    assert (mark_of(path), mark_of(kept)) == ("backup", "present")
    assert kept.name == "market-before-restore-20260822T105000Z.db"
    assert names(path.parent) == sorted([kept.name, "market.db"])


def test_restore_into_an_empty_home(tmp_path: Path) -> None:
    backup = marked(tmp_path / "other", "backup")
    assert restoring.restore(backup, tmp_path / "new" / "market.db", NOW, SCHEMA) is None
    assert mark_of(tmp_path / "new" / "market.db") == "backup"


def test_what_was_kept_can_itself_be_restored(tmp_path: Path) -> None:
    path = marked(tmp_path / "home", "first")
    kept = restoring.restore(marked(tmp_path / "other", "second"), path, NOW, SCHEMA)
    assert kept is not None
    restoring.restore(kept, path, NOW, SCHEMA)
    assert mark_of(path) == "first"
    assert len(names(path.parent)) == 3


def test_restore_takes_what_is_still_in_the_log_of_the_backup(tmp_path: Path) -> None:
    with open_store(tmp_path / "other") as other:
        with other.writing() as connection:
            connection.execute("INSERT INTO engine_state VALUES ('mark', 'in the log')")
        assert (tmp_path / "other" / "market.db-wal").stat().st_size > 0
        restoring.restore(other.path, tmp_path / "home" / "market.db", NOW, SCHEMA)
    assert mark_of(tmp_path / "home" / "market.db") == "in the log"


def newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE photos (name TEXT)")
        connection.commit()


@pytest.mark.parametrize(
    ("spoil", "error"),
    [
        (damage, BadInput),
        (newer, DatabaseNewer),
        (foreign, BadInput),
        (lambda path: path.write_bytes(b"a text file " * 100), BadInput),
        (lambda path: path.write_bytes(b""), BadInput),
        (lambda path: path.unlink(), BadInput),
    ],
)
def test_restore_checks_before_it_swaps(tmp_path: Path, spoil: object, error: type[AppError]) -> None:
    backup = marked(tmp_path / "other", "backup")
    path = marked(tmp_path / "home", "present")
    spoil(backup)  # type: ignore[operator]
    with pytest.raises(error):
        restoring.restore(backup, path, NOW, SCHEMA)
    assert mark_of(path) == "present"
    assert names(path.parent) == ["market.db"]


def test_restore_works_over_a_damaged_file(tmp_path: Path) -> None:
    backup = marked(tmp_path / "other", "backup")
    path = tmp_path / "home" / "market.db"
    path.parent.mkdir()
    path.write_bytes(b"nonsense " * 1000)
    kept = restoring.restore(backup, path, NOW, SCHEMA)
    assert mark_of(path) == "backup"
    assert kept is not None
    assert kept.read_bytes().startswith(b"nonsense")


def test_restore_refuses_while_the_file_is_open_elsewhere(tmp_path: Path) -> None:
    backup = marked(tmp_path / "other", "backup")
    with open_store(tmp_path / "home") as tray:
        query(tray, "SELECT 1 FROM engine_state")
        with pytest.raises(DatabaseBusy):
            restoring.restore(backup, tray.path, NOW, SCHEMA)
        assert query(tray, "SELECT COUNT(*) FROM engine_state") == [(0,)]
    assert names(tmp_path / "home") == ["market.db"]


def test_restore_refuses_while_somebody_collects(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    backup = marked(tmp_path / "other", "backup")
    marked(home.root, "present")
    with open_store(home.root) as database:
        leases = Leases(home.locks, database)
        with leases.held("crypto", "somebody", NOW), pytest.raises(AlreadyRunning):
            restore_store(home, backup, NOW)
    restore_store(home, backup, NOW)
    assert mark_of(home.database) == "backup"


def test_a_copy_that_was_left_by_a_kill_does_not_disturb(tmp_path: Path) -> None:
    backup = marked(tmp_path / "other", "backup")
    path = marked(tmp_path / "home", "present")
    shutil.copyfile(path, path.with_name(".market.db.incoming"))
    restoring.restore(backup, path, NOW, SCHEMA)
    assert mark_of(path) == "backup"
