"""One SQLite file in WAL mode: connections per thread, immediate write transactions, errors in the user's words."""

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import peewee

from tray_app.core.errors import (
    AppError,
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseGone,
    DiskFull,
    FolderNotWritable,
    FolderUnsuitable,
)
from tray_app.core.words import tr
from tray_app.files import is_disk_full, not_writable, require_file
from tray_app.places import place_trouble
from tray_app.store import sums
from tray_app.store.migrations import Schema
from tray_app.store.statements import Prepared

Model = TypeVar("Model", bound=peewee.Model)
Value = TypeVar("Value")
BUSY_TIMEOUT_MS = 10_000
WAL_TRIES = 200
UNREADABLE = "Could not decode to UTF-8"
SHARED_MEMORY_BYTES = 32_768
JOURNALS = ("-wal", "-shm")
PRAGMAS = {
    "synchronous": "normal",
    "foreign_keys": 1,
    # A row that REPLACE takes away is noted as any other.
    "recursive_triggers": 1,
    "busy_timeout": BUSY_TIMEOUT_MS,
}


class _Connection(sqlite3.Connection):
    """A thread's connection: what Database.look found since the changes it has counted, of others and its own."""

    changes: tuple[int, int] | None = None
    found: dict[object, tuple[Any, ...]]


class Database:
    """The file, what it is made of, and its per-thread connections.

    Transactions are IMMEDIATE: a deferred one that reads and then writes fails at once when another process wrote
    in between, whatever the busy timeout.
    """

    def __init__(self, path: Path, schema: Schema) -> None:
        self.path = path
        self.schema = schema
        self.peewee = peewee.SqliteDatabase(
            str(path), pragmas=PRAGMAS, lock_type="IMMEDIATE", timeout=BUSY_TIMEOUT_MS / 1000, factory=_Connection
        )
        self._file: tuple[int, int] | None = None

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection for reads. Raises DatabaseGone once the file is not the one first opened."""
        with translated_errors(str(self.path)):
            self._connect()
            yield self._connection()

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Give this thread's connection inside one immediate transaction: all of it is stored, or nothing.

        Raises DatabaseGone once the file is not the one first opened.
        """
        with translated_errors(str(self.path)):
            self._connect()
            connection = self._connection()
            is_outermost = not self.peewee.in_transaction()
            if is_outermost:
                sums.watch(connection, self.schema)
            with self.peewee.atomic():
                yield connection
                if is_outermost:
                    sums.add_up(connection, self.schema.summed)

    def rows(self, query: peewee.SelectBase) -> list[tuple[Any, ...]]:
        """Return a query's rows, as this thread sees them. Raises as reading."""
        with self.reading():
            found: list[tuple[Any, ...]] = list(query.tuples().execute(self.peewee))
        return found

    def objects(self, query: "peewee.ModelSelect[Model]") -> list[Model]:
        """Return a query's rows as objects of its model, as this thread sees them. Raises as reading."""
        with self.reading():
            return list(query.execute(self.peewee))

    def value(self, query: peewee.SelectBase) -> Any:
        """Return the first column of a query's first row, nothing where it has none. Raises as reading."""
        return next((row[0] for row in self.rows(query)), None)

    def look(self, query: Prepared[Value], **given: object) -> tuple[Value, ...]:
        """Return what a query finds, or found before unless something was written since. Raises as reading.

        For what is asked at every tick, mostly for nothing.
        """
        with self.reading():
            connection = self._connection()
            if connection.in_transaction:
                # It may be undone, which nothing tells.
                return query.ask(self.peewee, given)
            (by_others,) = connection.execute("PRAGMA data_version").fetchone()
            if connection.changes != (by_others, connection.total_changes):
                connection.changes, connection.found = (by_others, connection.total_changes), {}
            key = (query, *given.values())
            if key not in connection.found:
                connection.found[key] = query.ask(self.peewee, given)
            found: tuple[Value, ...] = connection.found[key]
            return found

    def number(self, statement: str, values: Sequence[object]) -> int:
        """Return the whole number that a statement answers, as this thread sees it. Raises as reading."""
        with self.reading() as connection:
            (found,) = connection.execute(statement, values).fetchone()
        return int(found)

    def write(self, query: Any) -> int:
        """Run a statement in a transaction, in the caller's where there is one; returns the rows changed or the new id.

        Raises as writing.
        """
        with self.writing():
            return int(query.execute(self.peewee) or 0)

    def _connect(self) -> None:
        # By its name only: opening the file here, and closing it, would drop SQLite's locks on it.
        if self._file is not None and _identity(self.path) != self._file:
            raise DatabaseGone(str(self.path))
        if self._file is None:
            for suffix in ("", *JOURNALS):
                require_file(self.path.with_name(self.path.name + suffix))
        self.peewee.connect(reuse_if_open=True)
        if self._file is None:
            self._file = _identity(self.path)

    def use_wal(self) -> None:
        """Put the file into WAL mode, which it then keeps.

        SQLite refuses the change at once while another process opens the same fresh file, whatever the busy timeout;
        a write transaction does wait for it.
        """
        with self.reading() as connection:
            for _ in range(WAL_TRIES):
                if connection.execute("PRAGMA journal_mode").fetchone() == ("wal",):
                    return
                connection.execute("BEGIN IMMEDIATE")
                connection.execute("ROLLBACK")
                try:
                    connection.execute("PRAGMA journal_mode = wal").fetchone()
                except sqlite3.OperationalError as error:
                    if _result_code(error) != sqlite3.SQLITE_BUSY:
                        raise
                else:
                    return
        raise DatabaseBusy

    def _connection(self) -> "_Connection":
        connection: _Connection = self.peewee.connection()  # type: ignore[no-untyped-call]
        return connection

    def close_thread(self) -> None:
        """Close the calling thread's connection; the next use opens another."""
        if not self.peewee.is_closed():
            self.peewee.close()


def _identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another one of the same name."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


@contextmanager
def translated_errors(name: str) -> Iterator[None]:
    """Turn SQLite's environment errors into ours; anything else is a bug and passes through."""
    try:
        yield
    except (sqlite3.Error, peewee.PeeweeException) as error:
        known = known_error(error, name)
        if known is None:
            raise
        raise known from error
    except UnicodeEncodeError as error:
        raise FolderNotWritable(
            name, tr("its name holds letters that are not Unicode"), tr("Choose a folder with another name.")
        ) from error
    except UnicodeDecodeError as error:
        # SQLite's sentence quotes what it found in a damaged schema.
        raise DatabaseDamaged(str(error)) from error
    except OSError as error:
        if is_disk_full(error):
            raise DiskFull(name) from error
        # Windows refuses to delete a folder as a file with the same words as anything that may not be written.
        raise not_writable(error, name) from error


def known_error(error: Exception, name: str) -> AppError | None:
    """Return our error for one of SQLite's, decided by its result code; nothing for a bug."""
    code = _result_code(error)
    if UNREADABLE in str(error):
        # Raised by the driver, without a code: the store keeps whole texts only.
        return DatabaseDamaged(str(error))
    if code == sqlite3.SQLITE_ERROR:
        # A full disk undoes the transaction by itself; undoing it again is the error that arrives here.
        cause = error.__cause__ or error.__context__
        return known_error(cause, name) if isinstance(cause, Exception) else None
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        return _unsuitable(name) or DatabaseBusy()
    if code == sqlite3.SQLITE_FULL:
        return DiskFull(name)
    if code in {sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_PERM}:
        return _unsuitable(name) or _full(name) or FolderNotWritable(name, str(error))
    if code in {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}:
        return DatabaseDamaged(str(error))
    return None


def _unsuitable(name: str) -> FolderUnsuitable | None:
    """Return that the file's place is to blame, when it is one where locks and shared memory fail."""
    folder = Path(name).parent
    trouble = place_trouble(folder)
    return FolderUnsuitable(str(folder), trouble) if trouble else None


def _full(name: str) -> DiskFull | None:
    """Return that the disk is full, where it has no room for the shared memory beside a file of that name."""
    try:
        free = shutil.disk_usage(Path(name).parent).free
    except OSError:
        return None
    return DiskFull(name) if free < SHARED_MEMORY_BYTES else None


def _result_code(error: BaseException | None) -> int | None:
    # peewee wraps the driver's error; the code is on the original one.
    seen: Any = error
    while seen is not None:
        code = getattr(seen, "sqlite_errorcode", None)
        if isinstance(code, int):
            return code & 0xFF
        seen = getattr(seen, "orig", None) or seen.__cause__ or seen.__context__
    return None
