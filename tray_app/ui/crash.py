"""The crash net: native crashes and unexpected exceptions are written to a file, which the next start shows once."""

from __future__ import annotations

import faulthandler
import sys
import threading
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from types import TracebackType

FILE = "crash.txt"
UNREAD = "crash-unread.txt"
READ = "crash-read.txt"
MOST_TEXT = 64_000


class CrashNet:
    """Armed before anything else; imports what it needs when something has gone wrong."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: TextIO | None = None
        self._seen: set[str] = set()
        self._secrets: Callable[[], Sequence[str]] = tuple
        self._hooks = (sys.excepthook, threading.excepthook)

    def arm(self) -> None:
        """Write from now on; a folder that cannot be written leaves only the log."""
        sys.excepthook = self._caught
        threading.excepthook = self._caught_in_thread
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._keep_last()
            self._file = (self._folder / FILE).open("w", encoding="utf-8", buffering=1)
        except OSError:
            return
        faulthandler.enable(self._file)

    def disarm(self) -> None:
        """Close the file; one that stayed empty is removed."""
        sys.excepthook, threading.excepthook = self._hooks
        if self._file is None:
            return
        faulthandler.disable()
        self._file.close()
        self._file = None
        path = self._folder / FILE
        if path.exists() and path.stat().st_size == 0:
            path.unlink()

    def know_secrets(self, secrets: Callable[[], Sequence[str]]) -> None:
        """Strike these out of what is written from now on."""
        self._secrets = secrets

    def unread(self) -> str:
        """Return what earlier crashes left, if nobody has seen it yet."""
        path = self._folder / UNREAD
        try:
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

    def _caught_in_thread(self, arguments: threading.ExceptHookArgs) -> None:
        if arguments.exc_value is not None:
            self._caught(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)

    def _caught(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        import logging  # noqa: PLC0415
        import traceback  # noqa: PLC0415

        text = "".join(traceback.format_exception(kind, error, trace))
        if text in self._seen:
            return
        self._seen.add(text)
        logging.getLogger(__name__).critical("an unexpected error", exc_info=(kind, error, trace))
        if self._file is not None:
            for secret in self._secrets():
                text = text.replace(secret, "***")
            self._file.write(f"{text}\n")
