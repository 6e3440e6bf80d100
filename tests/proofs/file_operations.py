"""Killed before any of its file operations, work on files leaves the old or the new, and the next try ends whole.

    python -m proofs.file_operations [--part K/N] [NAME...]      (from the folder of the tests)

A child process ends itself, as `kill -9` would, before the n-th operation that changes a file or folder of the scratch
folder; for every n until the work gets to its end. Prints how many operations there were.
"""

import argparse
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from export.kit import FIRST, LAST, NOW, exports_of, make_home, request

from tray_app.app import main as market_tray
from tray_app.engine.cancel import CancelFlag
from tray_app.engine.opening import open_store
from tray_app.export.verify import verify
from tray_app.paths import Home
from tray_app.settings import Settings, ThemeChoice, load, save
from tray_app.store import lifecycle, migrations, restoring
from tray_app.store.database import Database

CHANGING = frozenset({"os.rename", "os.remove", "os.link", "os.mkdir", "os.rmdir", "os.truncate", "os.chmod"})
KILLED = 9
MOST = 2_000


@dataclass(frozen=True)
class Subject:
    """Work in a folder: what is there before, the work itself, and a check of what is there after a kill.

    check raises AssertionError; it ends with the work done once more and whole.
    """

    prepare: Callable[[Path], None]
    work: Callable[[Path], None]
    check: Callable[[Path], None]


# --- settings -----------------------------------------------------------------------------------------------------


def save_settings(folder: Path) -> None:
    """Write the settings."""
    save(folder / "settings.toml", Settings(theme=ThemeChoice.DARK))


def check_settings(folder: Path) -> None:
    """Find the old settings or the new ones, then write them."""
    found = load(folder / "settings.toml", {})
    assert not found.problem
    assert found.settings in (Settings(theme=ThemeChoice.LIGHT), Settings(theme=ThemeChoice.DARK))
    save_settings(folder)
    assert load(folder / "settings.toml", {}).settings.theme is ThemeChoice.DARK
    assert not list(folder.glob(".*"))


# --- backup, restore, migration -----------------------------------------------------------------------------------


def make_database(folder: Path, mark: str = "present") -> None:
    """Make a database that can be told from others."""
    database = lifecycle.open_database(folder / "market.db", folder / "backups", NOW)
    with database.writing() as connection:
        connection.execute("INSERT INTO engine_state VALUES ('mark', ?)", (mark,))
    database.close_thread()


def mark_of(database: Path) -> str:
    """Return which database it is; it must be whole."""
    lifecycle.check(database)
    with closing(sqlite3.connect(database)) as connection:
        [(mark,)] = connection.execute("SELECT value FROM engine_state WHERE name = 'mark'")
    return str(mark)


def back_up(folder: Path) -> None:
    """Write a backup."""
    lifecycle.backup(Database(folder / "market.db"), folder / "backups" / lifecycle.backup_name(NOW))


def check_backup(folder: Path) -> None:
    """Find whole backups only, then write another."""
    before = list((folder / "backups").glob("*.db")) if (folder / "backups").exists() else []
    assert {mark_of(each) for each in before} <= {"present"}
    back_up(folder)
    assert len(list((folder / "backups").glob("*.db"))) == len(before) + 1
    assert mark_of(folder / "market.db") == "present"


def prepare_restore(folder: Path) -> None:
    """Make a database and a backup of another one."""
    make_database(folder)
    make_database(folder / "other", "backup")


def restore(folder: Path) -> None:
    """Restore the backup."""
    restoring.recover(folder / "market.db")
    restoring.restore(folder / "other" / "market.db", folder / "market.db", NOW)


def check_restore(folder: Path) -> None:
    """Start: the database is the old or the new one, nothing lies about; then restore."""
    restoring.recover(folder / "market.db")
    assert restoring.leftovers(folder / "market.db", folder / "backups") == ()
    assert mark_of(folder / "market.db") in {"present", "backup"}
    restore(folder)
    assert mark_of(folder / "market.db") == "backup"


def prepare_migration(folder: Path) -> None:
    """Make a database of the first schema that was released with all four collectors, with a row."""
    with closing(sqlite3.connect(folder / "market.db", isolation_level=None)) as connection:
        for version in range(1, 5):
            migrations.apply(connection, version)
        connection.execute("INSERT INTO engine_state VALUES ('mark', 'present')")


class _Now:
    def now(self) -> object:
        """Return the instant of the tests."""
        return NOW


def migrate(folder: Path) -> None:
    """Open the database, which brings it up to date."""
    open_store(Home(folder), _Now(), check=True).close_thread()  # type: ignore[arg-type] # only now() is asked


def check_migration(folder: Path) -> None:
    """Open it: it is at the present schema, with its row, and the backup from before is whole."""
    migrate(folder)
    assert mark_of(folder / "market.db") == "present"
    copies = list((folder / "backups").glob("*.db"))
    assert copies
    assert {mark_of(copy) for copy in copies} == {"present"}
    with closing(sqlite3.connect(folder / "market.db")) as connection:
        assert migrations.schema_version(connection) == migrations.SCHEMA_VERSION


# --- exports ------------------------------------------------------------------------------------------------------


def prepare_export(folder: Path) -> None:
    """Make a store, and a set where the new one goes."""
    home = make_home(folder / "home")
    with exports_of(home) as exports:
        exports.run(request(folder / "out" / "set"), lambda _progress: None, CancelFlag())


def export(folder: Path) -> None:
    """Make the set anew, as the command line does."""
    words = ["export", "--date-from", str(FIRST), "--date-to", str(LAST), "--adjusted"]
    code = market_tray(["--home", str(folder / "home"), *words, "--output-path", str(folder / "out" / "set")])
    assert code == 0, code


def check_export(folder: Path) -> None:
    """Start: the set is the old or the new one, whole, and nothing of ours lies beside it; then export."""
    with exports_of(Home(folder / "home")) as exports:
        exports.heal()
    assert verify(folder / "out" / "set").findings == ()
    assert [path.name for path in (folder / "out").iterdir()] == ["set"]


SUBJECTS: Mapping[str, Subject] = {
    "settings": Subject(
        lambda folder: save(folder / "settings.toml", Settings(theme=ThemeChoice.LIGHT)), save_settings, check_settings
    ),
    "backup": Subject(make_database, back_up, check_backup),
    "restore": Subject(prepare_restore, restore, check_restore),
    "migration": Subject(prepare_migration, migrate, check_migration),
    "export": Subject(prepare_export, export, check_export),
}


# --- killing ------------------------------------------------------------------------------------------------------


def work_until(name: str, folder: Path, operation: int) -> None:
    """Do a subject's work in this process, and end it before the operation of that number."""
    seen = 0

    def look(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal seen
        if not arguments or not str(arguments[0]).startswith(str(folder)):
            return
        writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
        if event in CHANGING or event == "sqlite3.connect" or writes:
            if seen == operation:
                os._exit(KILLED)
            seen += 1

    sys.addaudithook(look)
    SUBJECTS[name].work(folder)


def prove(name: str, begin: int, step: int) -> int:
    """Kill before every step-th operation; returns how many ended otherwise."""
    subject, failed, tried = SUBJECTS[name], 0, 0
    with tempfile.TemporaryDirectory(prefix="market-tray-kills-") as scratch:
        before = Path(scratch) / "before"
        before.mkdir()
        subject.prepare(before)
        for operation in range(begin, MOST, step):
            folder = Path(scratch) / str(operation)
            shutil.copytree(before, folder)
            child = subprocess.run(
                [sys.executable, "-m", "proofs.file_operations", "--child", json.dumps([name, str(folder), operation])],
                capture_output=True,
                encoding="utf-8",
                check=False,
            )
            tried += 1
            try:
                assert child.returncode in {0, KILLED}, child.stderr
                subject.check(folder)
            except Exception as error:
                failed += 1
                print(f"{name}: killed before operation {operation}: {type(error).__name__}: {error}")  # noqa: T201
            shutil.rmtree(folder)
            if child.returncode == 0:
                break
    print(f"{name}: {tried} kills, {failed} left a trace")  # noqa: T201
    return failed


def main() -> None:
    """Prove what is asked for; exit 1 when a kill left a trace."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", default="0/1")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    parser.add_argument("names", nargs="*", default=[*SUBJECTS])
    asked = parser.parse_args()
    if asked.child:
        name, folder, operation = json.loads(asked.child)
        work_until(name, Path(folder), operation)
        return
    begin, step = map(int, asked.part.split("/"))
    sys.exit(1 if sum(prove(name, begin, step) for name in asked.names) else 0)


if __name__ == "__main__":
    main()
