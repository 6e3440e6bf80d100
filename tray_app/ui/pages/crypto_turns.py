"""Work and questions in pieces, so that the window stays alive in between."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject, QTimer

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tray_app.ui.bridge import Bridge

Answer = TypeVar("Answer")


class Turns(QObject):
    """Does one piece of work in each turn of the event loop; a piece asked for anew replaces the old one."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pieces: dict[Hashable, Callable[[], object]] = {}
        self._timer = QTimer(self)
        self._timer.setInterval(0)
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

    def _do_one(self) -> None:
        if self._pieces:
            self._pieces.pop(next(iter(self._pieces)))()
        if not self._pieces:
            self._timer.stop()


class Question(QObject, Generic[Answer]):
    """Asks the store one thing at a time; what is asked meanwhile is asked once, afterwards, and answered last."""

    def __init__(
        self, bridge: Bridge, owner: QObject, answered: Callable[[Answer], None], failed: Callable[[Exception], None]
    ) -> None:
        super().__init__(owner)
        self._bridge = bridge
        self._answered = answered
        self._failed = failed
        self._next: Callable[[], Answer] | None = None
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._is_busy

    def ask(self, query: Callable[[], Answer]) -> None:
        """Run a query on a reader thread, now or after the one that runs."""
        self._next = query
        if not self._is_busy:
            self._send()

    def _send(self) -> None:
        query, self._next = self._next, None
        self._is_busy = query is not None
        if query is not None:
            self._bridge.query(self, query, self._take, self._take_failure)

    def _take(self, answer: Answer) -> None:
        self._send()
        self._answered(answer)

    def _take_failure(self, error: Exception) -> None:
        self._send()
        self._failed(error)
