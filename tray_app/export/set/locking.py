"""One writer per target, across processes and homes: a lock beside the target that dies with its holder."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from tray_app.export.errors import TargetBusy

# Locked far behind the text, so that others can read who holds it.
_LOCKED_BYTE = 1 << 20


def lock_path(target: Path) -> Path:
    """Return the lock file of a target."""
    return target.with_name(f".{target.name}.export-lock")


@contextmanager
def locked(target: Path, holder: str) -> Iterator[None]:
    """Hold a target's lock; TargetBusy when somebody else does."""
    path = lock_path(target)
    descriptor = _acquire(path)
    if descriptor is None:
        raise TargetBusy(target)
    try:
        os.ftruncate(descriptor, 0)
        os.write(descriptor, holder.encode())
        yield
    finally:
        _release(path, descriptor)


def holder_of(target: Path) -> str | None:
    """Return who holds a target's lock; nothing when it is free."""
    path = lock_path(target)
    try:
        text = path.read_text("utf-8")
        descriptor = _acquire(path)
    except OSError:
        return None
    if descriptor is None:
        return text
    _release(path, descriptor)
    return None


def _acquire(path: Path) -> int | None:
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOINHERIT", 0), 0o644)
        if not _try_lock(descriptor):
            os.close(descriptor)
            return None
        with suppress(OSError):
            # A holder that let go between our opening and our locking has deleted the file we locked.
            if os.path.samestat(os.fstat(descriptor), path.stat()):
                return descriptor
        os.close(descriptor)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(descriptor, 0, os.SEEK_SET)
        return True

    def _release(path: Path, descriptor: int) -> None:
        os.close(descriptor)
        with suppress(OSError):
            path.unlink()

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def _release(path: Path, descriptor: int) -> None:
        with suppress(OSError):
            path.unlink()
        os.close(descriptor)
