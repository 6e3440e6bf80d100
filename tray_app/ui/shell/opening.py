"""Opens the engine on a thread of its own and brings it, or what went wrong, to the UI thread."""

from __future__ import annotations

import logging
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tray_app.engine.launching import run_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from tray_app.engine.launching import OpenedEngine
    from tray_app.ui.shell.tray_parts import TrayParts

logger = logging.getLogger(__name__)

# What the UI thread needs as soon as the engine is open: loaded by the opening thread, it holds up nothing.
NEXT = "tray_app.ui.shell.running"


class EngineOpener(QObject):
    """Opens once, and again after what the user did about a failure."""

    opened = Signal(object)
    failed = Signal(object)
    _arrived = Signal(object)
    _refused = Signal(object)

    def __init__(self, parts: TrayParts) -> None:
        super().__init__()
        self._parts = parts
        self.is_busy = False
        self._arrived.connect(self._take)
        self._refused.connect(self._tell)

    def open(self) -> None:
        """Open the engine."""
        self._begin(self._parts.open_engine)

    def restore(self, file: str) -> None:
        """Put a backup in the database's place, then open the engine."""

        def restore_and_open() -> OpenedEngine:
            self._parts.restore(Path(file))
            return self._parts.open_engine()

        self._begin(restore_and_open)

    def begin_empty(self) -> None:
        """Make an empty database, then open the engine."""

        def make_and_open() -> OpenedEngine:
            self._parts.begin_empty()
            return self._parts.open_engine()

        self._begin(make_and_open)

    def _begin(self, work: Callable[[], OpenedEngine]) -> None:
        def work_and_load() -> OpenedEngine:
            import_module(NEXT)
            return work()

        self.is_busy = True
        run_aside("opening", work_and_load, self._arrived.emit, self._refused.emit)

    def _take(self, launched: OpenedEngine) -> None:
        self.is_busy = False
        self.opened.emit(launched)

    def _tell(self, error: Exception) -> None:
        from tray_app.core.errors import AppError  # noqa: PLC0415 - after the icon

        self.is_busy = False
        logger.error(
            "the engine could not be opened: %s", error, exc_info=None if isinstance(error, AppError) else error
        )
        self.failed.emit(error)
