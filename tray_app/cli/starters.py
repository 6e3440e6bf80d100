"""What the entry point hands the command line, so that commands need not know how the parts are built."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from tray_app.engine.exporting import Exports
from tray_app.engine.facade import Engine
from tray_app.keys import Keys
from tray_app.paths import Home


class RunTray(Protocol):
    """Starts the tray app; returns its exit code."""

    def __call__(self, home: Path | None, *, hidden: bool) -> int:
        """Run until the user quits."""


@dataclass(frozen=True, slots=True)
class CommandParts:
    """Ways to start something in a home folder.

    note_key lets what runs there notice that a key was entered (True) or deleted.
    """

    find_home: Callable[[Path | None], Home]
    open_engine: Callable[[Home], AbstractContextManager[Engine]]
    open_checked_engine: Callable[[Home], AbstractContextManager[Engine]]
    open_exports: Callable[[Home], AbstractContextManager[Exports]]
    keys: Callable[[Home], Keys]
    note_key: Callable[[Home, bool], None]
    now: Callable[[], datetime]
    run_tray: RunTray
    run_demo: Callable[[], int]
    serve_samples: Callable[[int, bool], None]
    serve: Callable[[Home], int]
    restore: Callable[[Home, Path], Path | None]
    begin_empty: Callable[[Home], None]
    keep_fault: Callable[[BaseException], None]
