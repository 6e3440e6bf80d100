"""One run per collector, across processes.

The lock is an exclusive transaction held on a tiny database of its own: the operating system releases it the moment
its process dies, however it dies, so no lease can outlive its holder. The row in the main file names the holder.
"""

import errno
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from tray_app.core.errors import AlreadyRunning, DatabaseDamaged
from tray_app.core.words import tr
from tray_app.files import NotAFile, require_file
from tray_app.store.database import Database, translated_errors
from tray_app.store.models import LeaseRow


class Leases:
    """The leases of one home folder."""

    def __init__(self, folder: Path, database: Database) -> None:
        self._folder = folder
        self._database = database

    @contextmanager
    def held(self, collector: str, holder: str, now: datetime) -> Iterator[None]:
        """Hold a collector's lease; AlreadyRunning when another process or thread has it."""
        lock = self._lock(collector)
        if lock is None:
            raise AlreadyRunning(collector, self._holder(collector))
        try:
            self._database.write(
                LeaseRow.insert(collector=collector, holder=holder, acquired_at=now).on_conflict(
                    conflict_target=[LeaseRow.collector], preserve=[LeaseRow.holder, LeaseRow.acquired_at]
                )
            )
            yield
        finally:
            lock.close()

    @contextmanager
    def locked(self, collector: str) -> Iterator[bool]:
        """Keep others from collecting without naming a holder; gives False when somebody collects now."""
        lock = self._lock(collector)
        try:
            yield lock is not None
        finally:
            if lock is not None:
                lock.close()

    def is_free(self, collector: str) -> bool:
        """Whether nobody collects now."""
        with self.locked(collector) as free:
            return free

    def _lock(self, collector: str) -> sqlite3.Connection | None:
        path = self._folder / f"{collector}.lock"
        with translated_errors(str(path)):
            self._folder.mkdir(parents=True, exist_ok=True)
            _require_own_file(path)
            try:
                return _locked(path)
            except DatabaseDamaged:
                # It holds nothing. By its path, because opening and closing it would drop this process's locks on it.
                os.truncate(path, 0)
                return _locked(path)

    def _holder(self, collector: str) -> str:
        return str(self._database.value(LeaseRow.select(LeaseRow.holder).where(LeaseRow.collector == collector)) or "?")


def _require_own_file(path: Path) -> None:
    """Raise NotAFile for a link too: emptying a damaged lock would empty what it points at."""
    if path.is_symlink():
        raise NotAFile(errno.EEXIST, tr("a link has the name of a file"), str(path))
    require_file(path)


def _locked(path: Path) -> sqlite3.Connection | None:
    with translated_errors(str(path)):
        connection = sqlite3.connect(path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.Error as error:
            connection.close()
            if error.sqlite_errorcode == sqlite3.SQLITE_BUSY:
                return None
            raise
        return connection
