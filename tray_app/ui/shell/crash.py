"""The crash net: native crashes and unexpected exceptions are written to a file, which the next start shows once."""

from __future__ import annotations

import faulthandler
import sys
from typing import TYPE_CHECKING, TextIO

from tray_app.crashes import UNREAD
from tray_app.files import require_file

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

FILE = "crash.txt"
READ = "crash-read.txt"
MOST_TEXT = 64_000


class CrashNet:
    """Armed before anything else; imports what it needs when something has gone wrong."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: TextIO | None = None
        self._seen: set[str] = set()
        self._secrets: Callable[[], Sequence[str]] = tuple
        self._hook = sys.excepthook

    def arm(self) -> None:
        """Write from now on; a folder that cannot be written leaves only the log."""
        sys.excepthook = self.catch
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._keep_last()
            require_file(self._folder / FILE)
            self._file = (self._folder / FILE).open("w", encoding="utf-8", buffering=1)
        except OSError:
            return
        faulthandler.enable(self._file)

    def disarm(self) -> None:
        """Close the file; one that stayed empty is removed."""
        sys.excepthook = self._hook
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        path = self._folder / FILE
        if path.exists() and path.stat().st_size == 0:
            path.unlink()

    def catch(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """Log what nobody caught and write it down, once for each place it comes from."""
        from tray_app.crash_file import logged_text, place_of  # noqa: PLC0415 - only where something went wrong

        place = place_of(kind, trace)
        if place in self._seen:
            return
        self._seen.add(place)
        text = logged_text(kind, error, trace, self._secrets())
        if self._file is not None:
            self._file.write(f"{text}\n")

    def know_secrets(self, secrets: Callable[[], Sequence[str]]) -> None:
        """Strike these out of what is written from now on."""
        self._secrets = secrets

    def unread(self) -> str:
        """Return what earlier crashes left, if nobody has seen it yet."""
        path = self._folder / UNREAD
        try:
            require_file(path)
            return path.read_text(encoding="utf-8", errors="replace")[:MOST_TEXT]
        except OSError:
            return ""

    def mark_read(self) -> None:
        """Show the last crash no more; its text is kept beside the logs."""
        path = self._folder / UNREAD
        if path.exists():
            path.replace(self._folder / READ)

    def _keep_last(self) -> None:
        left = self._folder / FILE
        if left.exists() and left.stat().st_size > 0:
            left.replace(self._folder / UNREAD)
