"""Brings the engine's events and the answers of queries onto the UI thread."""

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject, Qt, Signal
from shiboken6 import isValid

from tray_app.core.events import Event
from tray_app.engine.facade import Engine

Result = TypeVar("Result")


class Bridge(QObject):
    """One queued signal each for events and for answers; both arrive on the thread that made the bridge."""

    happened = Signal(object)
    _answered = Signal(object)

    def __init__(self, engine: Engine) -> None:
        super().__init__()
        self._engine = engine
        self._is_closed = False
        self._answered.connect(lambda deliver: deliver(), Qt.ConnectionType.QueuedConnection)
        self._unsubscribe = engine.subscribe(self._hear)

    def query(
        self,
        owner: QObject,
        query: Callable[[], Result],
        done: Callable[[Result], None],
        failed: Callable[[Exception], None] | None = None,
    ) -> None:
        """Run a query on a reader thread and hand the answer to done on the UI thread, unless owner is gone by then.

        Once closed it asks no more: what still waits in the event loop then finds the engine stopping.
        """
        if self._is_closed:
            return

        def deliver(handler: Callable[[], None]) -> None:
            self._answered.emit(lambda: handler() if isValid(owner) else None)

        self._engine.read(
            query,
            lambda result: deliver(lambda: done(result)),
            lambda error: deliver(lambda: failed(error) if failed else None),
        )

    def close(self) -> None:
        """Stop hearing and asking the engine."""
        self._is_closed = True
        self._unsubscribe()

    def _hear(self, event: Event) -> None:
        self.happened.emit(event)
