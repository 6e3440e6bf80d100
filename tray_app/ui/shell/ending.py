"""Stops the engine on a thread of its own, so that the user sees it stopping; waits for it when the session ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from tray_app.engine.launching import run_aside

if TYPE_CHECKING:
    from collections.abc import Callable

    from tray_app.engine.facade import Engine

logger = logging.getLogger(__name__)

# A source that hangs is not waited for: its run counts as interrupted and is made again.
LIMIT_MS = 5000


class EngineStopper(QObject):
    """Has ended in time only when every thread of the engine has."""

    ended = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wait: Callable[[float], None] | None = None
        self.in_time = True
        self._limit = QTimer(self, singleShot=True, interval=LIMIT_MS)
        self._limit.timeout.connect(self.ended)
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
