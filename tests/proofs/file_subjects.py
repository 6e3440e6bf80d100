"""Work on files that is killed: settings, backup, restore, migrations, the publication of a set."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from export.kit import FIRST, LAST, NOW, exports_of, make_home, request

from proofs import migrating
from proofs.killing import Subject
from tray_app.app import main as market_tray
from tray_app.datasets.options import OPTIONS
from tray_app.datasets.schema import SCHEMA
from tray_app.engine.cancel import CancelFlag
from tray_app.export.set.verify import verify
from tray_app.paths import Home
from tray_app.settings import Settings, ThemeChoice
from tray_app.store import lifecycle, restoring
from tray_app.store.database import Database

# --- settings -----------------------------------------------------------------------------------------------------


def save_settings(folder: Path) -> None:
    """Write the settings."""
    OPTIONS.save(folder / "settings.toml", Settings(theme=ThemeChoice.DARK))


def check_settings(folder: Path) -> None:
    """Find the old settings or the new ones, then write them."""
    found = OPTIONS.load(folder / "settings.toml", {})
    assert not found.problem
    assert found.settings in (Settings(theme=ThemeChoice.LIGHT), Settings(theme=ThemeChoice.DARK))
    save_settings(folder)
    assert OPTIONS.load(folder / "settings.toml", {}).settings.theme is ThemeChoice.DARK
    assert not list(folder.glob(".*"))


# --- backup, restore -----------------------------------------------------------------------------------


def make_database(folder: Path, mark: str = "present") -> None:
    """Make a database that can be told from others."""
    database = lifecycle.open_database(folder / "market.db", folder / "backups", NOW, SCHEMA)
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
    lifecycle.backup(Database(folder / "market.db", SCHEMA), folder / "backups" / lifecycle.backup_name(NOW))


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
    restoring.restore(folder / "other" / "market.db", folder / "market.db", NOW, SCHEMA)


def check_restore(folder: Path) -> None:
    """Start: the database is the old or the new one, nothing lies about; then restore."""
    restoring.recover(folder / "market.db")
    assert restoring.leftovers(folder / "market.db", folder / "backups") == ()
    assert mark_of(folder / "market.db") in {"present", "backup"}
    restore(folder)
    assert mark_of(folder / "market.db") == "backup"


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
        exports.recover()
    assert verify(folder / "out" / "set").findings == ()
    assert [path.name for path in (folder / "out").iterdir()] == ["set"]


SUBJECTS: Mapping[str, Subject] = {
    "settings": Subject(
        lambda folder: OPTIONS.save(folder / "settings.toml", Settings(theme=ThemeChoice.LIGHT)),
        save_settings,
        check_settings,
    ),
    "backup": Subject(make_database, back_up, check_backup),
    "restore": Subject(prepare_restore, restore, check_restore),
    **migrating.SUBJECTS,
    "export": Subject(prepare_export, export, check_export),
}
