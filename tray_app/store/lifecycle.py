"""Opening, checking, migrating and backing up the file."""

import logging
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path
from uuid import uuid4

from tray_app.core.errors import DatabaseDamaged, DatabaseForeign, DatabaseNewer
from tray_app.files import PART_SUFFIX, free_name, place_file, require_file
from tray_app.store import sums
from tray_app.store.database import JOURNALS, Database, translated_errors
from tray_app.store.migrations import Schema, schema_version

logger = logging.getLogger(__name__)

# Every schema of ours has it.
FIRST_TABLE = "collection_runs"


def open_database(path: Path, backups: Path, now: datetime, schema: Schema) -> Database:
    """Return the database of a schema, creating or migrating the file.

    Raises DatabaseNewer, DatabaseForeign, DatabaseDamaged, DatabaseBusy, DiskFull or FolderNotWritable. An older file
    is backed up before it is touched.
    """
    with translated_errors(str(path.parent)):
        path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(path, schema)
    try:
        _bring_up_to_date(database, backups, now)
    except Exception:
        # An open file cannot be set aside on Windows.
        database.close_thread()
        raise
    return database


def _bring_up_to_date(database: Database, backups: Path, now: datetime) -> None:
    with database.reading() as connection:
        found = schema_of_ours(connection, database.path, database.schema)
    database.use_wal()
    if 0 < found < database.schema.version:
        backup(database, backups / f"market-schema{found}-{stamp(now)}.db")
    if found < database.schema.version:
        _migrate(database)


def schema_of_ours(connection: sqlite3.Connection, path: Path, schema: Schema) -> int:
    """Return the schema of a file, 0 for an empty one. Raises DatabaseNewer, or DatabaseForeign for no file of ours."""
    version = schema_version(connection)
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if (version or tables) and FIRST_TABLE not in tables:
        raise DatabaseForeign(str(path))
    if version > schema.version:
        raise DatabaseNewer(version, schema.version)
    return version


def _migrate(database: Database) -> None:
    schema = database.schema
    with database.writing() as connection:
        # Read again inside the transaction: another process may have migrated meanwhile.
        reached = schema_version(connection)
        if not reached:
            schema.create(connection)
            logger.info("database is made at schema %d", schema.version)
            return
        for version in range(reached + 1, schema.version + 1):
            logger.info("database is at schema %d: %s", version, schema.step(connection, version))
        if reached < schema.version:
            # A step may change any rows, and an older version kept no sums.
            sums.rebuild(connection, schema.summed)


def check(path: Path) -> None:
    """Raise DatabaseDamaged unless the file passes SQLite's quick_check; a file that is not there is whole."""
    if not path.exists():
        return
    with translated_errors(str(path)):
        require_file(path)
    with translated_errors(str(path)), closing(sqlite3.connect(path)) as connection:
        findings = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    if findings != ["ok"]:
        raise DatabaseDamaged("; ".join(findings))


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged database with its journal files; nothing is ever deleted. Returns the new path."""
    return rename_aside(path, f"{path.stem}-damaged-{stamp(now)}")


def backup(database: Database, target: Path) -> Path:
    """Write a consistent copy beside running work and rename it into place. Returns where it is: never over another.

    VACUUM INTO, because copying the main file of a WAL database loses what is still in the log.
    """
    with translated_errors(str(target.parent)):
        target.parent.mkdir(parents=True, exist_ok=True)
        # Two backups may be made in the same second, by two processes.
        partial = target.with_name(f".{target.name}.{uuid4().hex}{PART_SUFFIX}")
        try:
            with database.reading() as connection:
                connection.execute("VACUUM INTO ?", (str(partial),))
            return place_file(partial, target)
        finally:
            partial.unlink(missing_ok=True)


def backup_name(now: datetime) -> str:
    """Return the file name of a backup made now."""
    return f"market-{stamp(now)}.db"


def rename_aside(path: Path, stem: str) -> Path:
    """Rename a database with its journal files, whichever are there; returns the new path, which nobody had."""
    target = free_name(path.with_name(f"{stem}{path.suffix}"))
    with translated_errors(str(path.parent)):
        for suffix in (*JOURNALS, ""):
            piece = path.with_name(path.name + suffix)
            if piece.exists():
                piece.rename(target.with_name(target.name + suffix))
    return target


def integrity(database: Database) -> str:
    """Return `ok` or the first findings of quick_check."""
    with database.reading() as connection:
        return "; ".join(str(row[0]) for row in connection.execute("PRAGMA quick_check(3)"))


def stamp(now: datetime) -> str:
    """Return an instant as names of files carry it (UTC)."""
    return now.strftime("%Y%m%dT%H%M%SZ")
