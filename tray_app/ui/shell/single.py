"""One tray app per home: a lock file that the system gives back when its holder dies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLockFile

from tray_app.files import require_file

if TYPE_CHECKING:
    from tray_app.paths import Home

FILE = "tray.lock"
ANY_AGE_IS_STALE = 1


class InstanceLock:
    """The one place of a home's tray app."""

    def __init__(self, home: Home) -> None:
        self._folder = home.locks
        self._lock = QLockFile(str(home.locks / FILE))
        self._lock.setStaleLockTime(0)

    def take(self) -> bool:
        """Take the place; False when a living process has it. A home that cannot be written has no places to lose."""
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            require_file(self._folder / FILE)
        except OSError:
            return True
        self._lock.tryLock(0)
        return self._lock.error() is not QLockFile.LockError.LockFailedError

    def take_from_dead(self) -> bool:
        """Take the place from a process that only seems to live: another one has its number now.

        Safe, because the system refuses to remove a file which a living process has locked.
        """
        self._lock.setStaleLockTime(ANY_AGE_IS_STALE)
        try:
            return self.take()
        finally:
            self._lock.setStaleLockTime(0)

    def holder(self) -> int:
        """Return the process that has the place."""
        number, _host, _name = self._lock.getLockInfo()
        return number

    def leave(self) -> None:
        """Give the place back."""
        self._lock.unlock()
