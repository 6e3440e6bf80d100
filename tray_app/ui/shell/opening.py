"""Opens the engine on a thread of its own and brings it, or what went wrong, to the UI thread."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tray_app.core.errors import AppError
from tray_app.engine.launching import run_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from tray_app.ui.shell.running import EngineClient
    from tray_app.ui.shell.tray_parts import TrayParts
    from tray_app.ui.style.style import Style

logger = logging.getLogger(__name__)


class EngineOpener(QObject):
    """Opens once, and again after what the user did about a failure; opened brings what makes the engine's client."""

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
        self._begin(lambda: None)

    def restore(self, file: str) -> None:
        """Put a backup in the database's place, then open the engine."""
        self._begin(lambda: self._parts.restore(Path(file)))

    def begin_empty(self) -> None:
        """Make an empty database, then open the engine."""
        self._begin(self._parts.begin_empty)

    def _begin(self, prepare: Callable[[], object]) -> None:
        def open_engine() -> Callable[[Style], EngineClient]:
            # What the UI thread needs next is loaded on this one, where it holds up nothing.
            from tray_app.ui.shell.running import EngineClient  # noqa: PLC0415

            prepare()
            return partial(EngineClient, self._parts.open_engine())

        self.is_busy = True
        run_aside("opening", open_engine, self._arrived.emit, self._refused.emit)

    def _take(self, make_client: Callable[[Style], EngineClient]) -> None:
        self.is_busy = False
        self.opened.emit(make_client)

    def _tell(self, error: Exception) -> None:
        self.is_busy = False
        logger.error(
            "the engine could not be opened: %s", error, exc_info=None if isinstance(error, AppError) else error
        )
        self.failed.emit(error)
