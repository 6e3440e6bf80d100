"""Work that waits: in pieces, so that the window stays alive in between, or until a pause is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable


def pause(owner: QObject, milliseconds: int, act: Callable[[], object]) -> QTimer:
    """Return a timer that acts once, so long after it was last started."""
    timer = QTimer(owner, singleShot=True, interval=milliseconds)
    timer.timeout.connect(act)
    return timer


class IdleTasks(QObject):
    """Does one piece of work in each turn of the event loop; a piece asked for anew replaces the old one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: dict[Hashable, Callable[[], object]] = {}
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._do_one)

    @property
    def is_empty(self) -> bool:
        """Whether everything is done."""
        return not self._pieces

    def add(self, key: Hashable, piece: Callable[[], object]) -> None:
        """Do a piece of work later."""
        self._pieces[key] = piece
        self._timer.start()

    def drop(self, key: Hashable) -> None:
        """Leave a piece undone."""
        self._pieces.pop(key, None)

    def clear(self) -> None:
        """Leave everything undone."""
        self._pieces.clear()

    def _do_one(self) -> None:
        if self._pieces:
            self._pieces.pop(next(iter(self._pieces)))()
        if not self._pieces:
            self._timer.stop()
