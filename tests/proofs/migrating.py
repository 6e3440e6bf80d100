"""Migrations from every schema there was, killed before any operation on files and any statement that writes."""

import sqlite3
import tempfile
from collections.abc import Mapping
from contextlib import closing
from functools import cache, partial
from pathlib import Path
from typing import Any

from support import NOW

from proofs.killing import Subject
from proofs.old_stores import old_store, present_store
from tray_app.datasets.schema import SCHEMA
from tray_app.engine.opening import open_store
from tray_app.paths import Home
from tray_app.store import lifecycle, migrations


class _Now:
    def now(self) -> object:
        """Return the instant of the tests."""
        return NOW


def prepare(version: int, folder: Path) -> None:
    """Make a store of a schema, and beside it what becomes of it undisturbed."""
    old_store(folder / "market.db", version, _present())
    (folder / "undisturbed").mkdir()
    old_store(folder / "undisturbed" / "market.db", version, _present())
    migrate(folder / "undisturbed")


@cache
def _present() -> Path:
    return present_store(Path(_home().name))


@cache
def _home() -> tempfile.TemporaryDirectory[str]:
    # Kept for as long as the process is, which takes it away at its end.
    return tempfile.TemporaryDirectory(prefix="market-tray-present-")


def migrate(folder: Path) -> None:
    """Open the database, which brings it up to date."""
    open_store(Home(folder), _Now(), check=True).close_thread()  # type: ignore[arg-type] # only now() is asked


def check(version: int, folder: Path) -> None:
    """Open it: it is what the undisturbed one is, its sums too, and every backup holds what was there before."""
    migrate(folder)
    assert _rows(folder / "market.db") == _rows(folder / "undisturbed" / "market.db")
    [before] = (folder / "undisturbed" / "backups").glob("*.db")
    copies = list((folder / "backups").glob("*.db"))
    assert copies
    for copy in copies:
        lifecycle.check(copy)
        assert _rows(copy) == _rows(before)
        assert _schema(copy) == version
    assert _schema(folder / "market.db") == SCHEMA.version


def _rows(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    with closing(sqlite3.connect(path)) as connection:
        tables = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        ).fetchall()
        return {table: sorted(connection.execute(f"SELECT * FROM {table}").fetchall(), key=repr) for (table,) in tables}


def _schema(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return migrations.schema_version(connection)


SUBJECTS: Mapping[str, Subject] = {
    f"migration-from-{version}": Subject(
        partial(prepare, version), migrate, partial(check, version), with_statements=True
    )
    for version in range(1, SCHEMA.version)
}
