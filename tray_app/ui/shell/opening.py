"""Opens the engine on a thread of its own and brings it, or what went wrong, to the UI thread; and stops it so."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from tray_app.core.errors import AppError
from tray_app.engine.launching import run_aside
from tray_app.ui.queries.idle_tasks import pause

if TYPE_CHECKING:
    from collections.abc import Callable

    from tray_app.engine.facade import Engine
    from tray_app.engine.launching import OpenedEngine
    from tray_app.paths import Home
    from tray_app.ui.shell.running import EngineClient
    from tray_app.ui.style.style import Style

logger = logging.getLogger(__name__)

# A source that hangs is not waited for: its run counts as interrupted and is made again.
LIMIT_MS = 5000


@dataclass(frozen=True, slots=True)
class TrayParts:
    """What the tray app starts with. All ways to the engine take time and run on a thread of their own."""

    home: Home
    hidden: bool
    open_engine: Callable[[], OpenedEngine]
    restore: Callable[[Path], Path | None]
    begin_empty: Callable[[], None]


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


class EngineStopper(QObject):
    """Stops the engine while the user sees it stopping, and waits for it when the session ends.

    It has ended in time only when every thread of the engine has.
    """

    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wait: Callable[[float], None] | None = None
        self.in_time = True
        self._limit = pause(self, LIMIT_MS, self.ended.emit)
        self.ended.connect(self._limit.stop)

    def begin(self, engine: Engine) -> None:
        """Stop the engine; asked again, go on with it."""
        if self._wait is None:
            self.in_time = False
            self._limit.start()
            self._wait = run_aside("stopping", engine.stop, self._take, self._tell)

    def wait(self, seconds: float) -> None:
        """Wait so long for the end."""
        if self._wait is not None:
            self._wait(seconds)

    def _take(self, in_time: bool) -> None:  # noqa: FBT001 - the engine's answer
        self.in_time = in_time
        self.ended.emit()

    def _tell(self, error: Exception) -> None:
        logger.error("the engine did not stop: %s", error, exc_info=error)
        self.ended.emit()
