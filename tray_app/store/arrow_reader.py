"""Reads the store as Arrow tables, for exports and the reading library: readers that see one and the same state of it.

The driver brings an SQLite of its own. Two of them on one file in one process would drop each other's POSIX locks, so
the caller closes its other connections first and opens them again afterwards.
"""

import ctypes
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

import adbc_driver_manager
import adbc_driver_sqlite
import pyarrow as pa

from tray_app.core.errors import (
    AppError,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseForeign,
    DatabaseNewer,
    DatabaseOlder,
    DatabaseUnreadable,
    DiskFull,
)
from tray_app.core.words import tr
from tray_app.files import NotAFile, require_file
from tray_app.store.database import BUSY_TIMEOUT_MS
from tray_app.store.lifecycle import FIRST_TABLE

# A result is one batch: column types are inferred from the first, and later ones must agree with it.
BATCH_ROWS = "1000000"
PROGRESS_TIMEOUT_MS = 20


class ArrowReader:
    """One connection inside one read transaction. Used by one thread at a time."""

    def __init__(self, database: adbc_driver_manager.AdbcDatabase) -> None:
        self._connection = adbc_driver_manager.AdbcConnection(database)
        self.run(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")

    def table(self, query: str) -> pa.Table:
        """Return a query's whole result. A column that may be NULL in many rows is better given a stand-in."""
        with _translated():
            statement = adbc_driver_manager.AdbcStatement(self._connection)
            try:
                statement.set_options(**{adbc_driver_sqlite.StatementOptions.BATCH_ROWS.value: BATCH_ROWS})
                statement.set_sql_query(query)
                stream, _ = statement.execute_query()
                return pa.RecordBatchReader.from_stream(stream).read_all()
            finally:
                statement.close()

    def run(self, statement: str) -> None:
        """Run a statement for its effect."""
        self.table(statement)

    def number(self, query: str) -> int:
        """Return the one number a query answers; 0 for NULL."""
        return int(self.table(query).column(0)[0].as_py() or 0)

    def texts(self, query: str) -> list[str]:
        """Return the first column as texts."""
        return [str(value) for value in self.table(query).column(0).to_pylist()]

    def close(self) -> None:
        """End the transaction and the connection."""
        with suppress(AppError, adbc_driver_manager.Error):
            self.run("ROLLBACK")
        self._connection.close()


class Snapshot:
    """Readers that all see the same committed state, and a writer for the job's progress, if there is a job."""

    def __init__(self, readers: tuple[ArrowReader, ...], writer: ArrowReader | None = None) -> None:
        self.readers = readers
        self._writer = writer

    @property
    def reader(self) -> ArrowReader:
        """Return the reader of the main thread."""
        return self.readers[0]

    def note_progress(self, job_id: str, fraction: float) -> None:
        """Store how far a job is; left out when somebody else is writing."""
        if self._writer is None:
            return
        with suppress(AppError):
            self._writer.run(f"UPDATE export_jobs SET progress = {fraction:.4f} WHERE job_id = '{job_id}'")


@contextmanager
def snapshot(path: Path, readers: int = 2) -> Iterator[Snapshot]:
    """Give readers of one state of the file. Raises DatabaseBusy when a writer does not let go in time.

    While the readers open their transactions a third connection holds the write lock, so no commit can fall between.
    """
    opened: list[ArrowReader] = []
    with _translated():
        database = adbc_driver_manager.AdbcDatabase(
            driver=_driver(),
            uri=_uri(path),
        )
    try:
        for _ in range(readers + 1):
            opened.append(ArrowReader(database))  # noqa: PERF401 - each must be closed if a later one fails
        guard, *snapshots = opened
        guard.run("BEGIN IMMEDIATE")
        for reader in snapshots:
            reader.run("BEGIN")
            reader.number("SELECT COUNT(*) FROM sqlite_master")
        guard.run("ROLLBACK")
        guard.run(f"PRAGMA busy_timeout = {PROGRESS_TIMEOUT_MS}")
        yield Snapshot(tuple(snapshots), guard)
    finally:
        for reader in reversed(opened):
            reader.close()
        database.close()


@contextmanager
def read_only(path: Path, version: int) -> Iterator[Snapshot]:
    """Give one reader of the file's last committed state. The file is never made, changed or brought up to date.

    version: the schema it must have. Nobody waits for the reader, and it waits for nobody. Raises DatabaseOlder,
    DatabaseNewer, DatabaseForeign, DatabaseDamaged or DatabaseUnreadable.
    """
    with _unreadable(path), _translated():
        require_file(path)
        database = adbc_driver_manager.AdbcDatabase(driver=_driver(), uri=f"{_uri(path)}?mode=ro")
    try:
        with _unreadable(path):
            reader = ArrowReader(database)
        try:
            with _unreadable(path):
                reader.run("BEGIN")
                _check_schema(reader, path, version)
            yield Snapshot((reader,))
        finally:
            reader.close()
    finally:
        database.close()


def _check_schema(reader: ArrowReader, path: Path, version: int) -> None:
    found = reader.number("PRAGMA user_version")
    if not reader.number(f"SELECT COUNT(*) FROM sqlite_master WHERE type = 'table' AND name = '{FIRST_TABLE}'"):
        raise DatabaseForeign(str(path))
    if found > version:
        raise DatabaseNewer(found, version)
    if found < version:
        raise DatabaseOlder(found, version)


@contextmanager
def _unreadable(path: Path) -> Iterator[None]:
    # Only opening and the first look meet a file that cannot be opened.
    try:
        yield
    except adbc_driver_manager.Error as error:
        # Of a file that is not there the driver says that it has no memory.
        reason = str(error) if path.exists() else tr("it is not there")
        raise DatabaseUnreadable(str(path), reason) from error
    except NotAFile as error:
        raise DatabaseUnreadable(str(path), str(error.strerror)) from error


def _uri(path: Path) -> str:
    # The driver's manager ends the process over a path whose UTF-8 the system's code page cannot read, such as Korean.
    return f"file:///{quote(path.absolute().as_posix().removeprefix('/'), safe='/:')}"


def _driver() -> str:
    path = adbc_driver_sqlite._driver_path()
    if sys.platform == "win32":
        # The same holds for the folder of the driver: one that is loaded already is found by its name alone.
        ctypes.WinDLL(path)
        return Path(path).name
    return path


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except adbc_driver_manager.Error as error:
        known = _known_error(str(error))
        if known is None:
            raise
        raise known from error


def _known_error(text: str) -> AppError | None:
    # The driver hands on SQLite's sentence, not its code.
    if "is locked" in text or "busy" in text:
        return DatabaseBusy()
    if "malformed" in text or "not a database" in text:
        return DatabaseDamaged(text)
    if "disk is full" in text:
        return DiskFull("market.db")
    return None
