"""Watches whether this desktop shows tray icons: it may come late, vanish for a while, or never come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

if TYPE_CHECKING:
    from collections.abc import Callable

TRIES = 5
WHILE_TRYING_MS = 1000
WHILE_ABSENT_MS = 5000
WHILE_PRESENT_MS = 30_000


class TrayHost(QObject):
    """Gives up after a few tries, and takes note when a host comes after all."""

    lost = Signal()
    found = Signal()

    def __init__(self, is_there: Callable[[], bool]) -> None:
        super().__init__()
        self._is_there = is_there
        self._misses = 0
        self.given_up = False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.look)

    @property
    def is_seen(self) -> bool:
        """Whether the last look found a host, if there was one."""
        return self._misses == 0

    def look(self) -> None:
        """Look once, and again later."""
        if self._is_there():
            self._misses = 0
            if self.given_up:
                self.given_up = False
                self.found.emit()
            self._timer.start(WHILE_PRESENT_MS)
            return
        self._misses += 1
        if self._misses == TRIES:
            self.given_up = True
            self.lost.emit()
        self._timer.start(WHILE_ABSENT_MS if self.given_up else WHILE_TRYING_MS)

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()
