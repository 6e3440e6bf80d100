"""Opening, checking, migrating, backing up and restoring the file."""

import logging
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from tray_app.core.errors import BadInput, DatabaseDamaged, DatabaseNewer
from tray_app.core.words import tr
from tray_app.files import replace_file
from tray_app.store import migrations
from tray_app.store.database import Database, translated_errors

logger = logging.getLogger(__name__)


def open_database(path: Path, backups: Path, now: datetime) -> Database:
    """Return the database at the present schema, creating or migrating the file.

    Raises DatabaseNewer, DatabaseDamaged, DatabaseBusy, DiskFull or FolderNotWritable. An older file is backed up
    before it is touched.
    """
    with translated_errors(str(path.parent)):
        path.parent.mkdir(parents=True, exist_ok=True)
    database = Database(path)
    try:
        _bring_up_to_date(database, backups, now)
    except Exception:
        # An open file cannot be set aside on Windows.
        database.close_thread()
        raise
    return database


def _bring_up_to_date(database: Database, backups: Path, now: datetime) -> None:
    with database.reading() as connection:
        found = migrations.schema_version(connection)
    if found > migrations.SCHEMA_VERSION:
        raise DatabaseNewer(found, migrations.SCHEMA_VERSION)
    database.use_wal()
    if 0 < found < migrations.SCHEMA_VERSION:
        backup(database, backups / f"market-schema{found}-{_stamp(now)}.db")
    if found < migrations.SCHEMA_VERSION:
        _migrate(database)


def _migrate(database: Database) -> None:
    with database.writing() as connection:
        # Read again inside the transaction: another process may have migrated meanwhile.
        reached = migrations.schema_version(connection)
        for version in range(reached + 1, migrations.SCHEMA_VERSION + 1):
            migrations.apply(connection, version)
            logger.info("database is at schema %d: %s", version, migrations.MIGRATIONS[version - 1].purpose)


def check(path: Path) -> None:
    """Raise DatabaseDamaged unless the file passes SQLite's quick_check; a file that is not there is whole."""
    if not path.exists():
        return
    with translated_errors(path.name), closing(sqlite3.connect(path)) as connection:
        findings = [str(row[0]) for row in connection.execute("PRAGMA quick_check(3)")]
    if findings != ["ok"]:
        raise DatabaseDamaged("; ".join(findings))


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a damaged database with its journal files; nothing is ever deleted. Returns the new path."""
    return _renamed(path, f"{path.stem}-damaged-{_stamp(now)}")


def backup(database: Database, target: Path) -> Path:
    """Write a consistent copy beside running work and rename it into place. Returns where it is: never over another.

    VACUUM INTO, because copying the main file of a WAL database loses what is still in the log.
    """
    with translated_errors(str(target.parent)):
        target.parent.mkdir(parents=True, exist_ok=True)
        target = _free(target)
        partial = target.with_name(f".{target.name}.part")
        partial.unlink(missing_ok=True)
        try:
            with database.reading() as connection:
                connection.execute("VACUUM INTO ?", (str(partial),))
            replace_file(partial, target)
        finally:
            partial.unlink(missing_ok=True)
    return target


def backup_name(now: datetime) -> str:
    """Return the file name of a backup made now."""
    return f"market-{_stamp(now)}.db"


def restore(source: Path, path: Path, now: datetime) -> Path | None:
    """Put a backup in the database's place after checking it; the present file is kept aside.

    Returns where the present file went, if there was one. Raises BadInput for a file that is not a database of ours,
    DatabaseDamaged or DatabaseNewer for the backup, DatabaseBusy while another program has the present file open.
    """
    if not source.is_file():
        raise BadInput(tr("No such backup"), tr("{file} is not a file.", file=source), tr("Name a backup file."))
    incoming = path.with_name(f".{path.name}.incoming")
    with translated_errors(str(path.parent)):
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            _take_in(source, incoming)
            kept = _keep_present(path, now)
            replace_file(incoming, path)
        finally:
            incoming.unlink(missing_ok=True)
    return kept


def _take_in(source: Path, incoming: Path) -> None:
    incoming.unlink(missing_ok=True)
    try:
        # Through SQLite, because a file that was set aside may have its newest rows in the log beside it.
        with (
            translated_errors(source.name),
            closing(sqlite3.connect(source)) as good,
            closing(sqlite3.connect(incoming)) as copied,
        ):
            good.backup(copied)
        check(incoming)
    except DatabaseDamaged as error:
        raise BadInput(
            tr("The backup is damaged"),
            tr("{file} is not a whole database ({detail}).", file=source, detail=error.detail),
            tr("Choose another file from the backups folder; the present database was not touched."),
        ) from error
    _check_is_ours(incoming, source)
    _rename_store(incoming)


def _rename_store(incoming: Path) -> None:
    # Its change counters will count other changes than before: no export may take them for the same.
    with closing(sqlite3.connect(incoming)) as connection, connection:
        connection.execute("DELETE FROM engine_state WHERE name = 'store_id'")


def _check_is_ours(incoming: Path, source: Path) -> None:
    with translated_errors(source.name), closing(sqlite3.connect(incoming)) as connection:
        version = migrations.schema_version(connection)
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if version > migrations.SCHEMA_VERSION:
        raise DatabaseNewer(version, migrations.SCHEMA_VERSION)
    if version == 0 or "collection_runs" not in tables:
        raise BadInput(
            tr("Not a backup of Market Tray"),
            tr("{file} is an SQLite file, but not one of Market Tray's.", file=source),
            tr("Choose a file from the backups folder."),
        )


def _keep_present(path: Path, now: datetime) -> Path | None:
    if not path.exists():
        return None
    _make_alone(path)
    return _renamed(path, f"{path.stem}-before-restore-{_stamp(now)}")


def _make_alone(path: Path) -> None:
    # Leaving WAL mode folds the log into the file, and fails while anybody else has the file open.
    try:
        with (
            translated_errors(path.name),
            closing(sqlite3.connect(path, timeout=0, isolation_level=None)) as connection,
        ):
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except DatabaseDamaged:
        logger.warning("%s is damaged; it is kept as it is", path.name)


def _renamed(path: Path, stem: str) -> Path:
    target = _free(path.with_name(f"{stem}{path.suffix}"))
    with translated_errors(str(path.parent)):
        for suffix in ("-wal", "-shm", ""):
            piece = path.with_name(path.name + suffix)
            if piece.exists():
                piece.rename(target.with_name(target.name + suffix))
    return target


def _free(path: Path) -> Path:
    """Return the path, or one beside it when that name is taken."""
    number, free = 2, path
    while free.exists():
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return free


def integrity(database: Database) -> str:
    """Return `ok` or the first findings of quick_check."""
    with database.reading() as connection:
        return "; ".join(str(row[0]) for row in connection.execute("PRAGMA quick_check(3)"))


def _stamp(now: datetime) -> str:
    return now.strftime("%Y%m%dT%H%M%SZ")
