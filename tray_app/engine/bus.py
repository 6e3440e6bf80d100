"""Hands the engine's events to whoever listens, on the thread that publishes them."""

import logging
from collections.abc import Callable
from threading import Lock

from tray_app.core.events import Event

logger = logging.getLogger(__name__)

Listener = Callable[[Event], None]


class Bus:
    """A list of listeners; one that raises is logged and does not disturb the others."""

    def __init__(self) -> None:
        self._listeners: list[Listener] = []
        self._lock = Lock()

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Add a listener; returns what removes it."""
        with self._lock:
            self._listeners.append(listener)

        def unsubscribe() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell every listener."""
        with self._lock:
            listeners = tuple(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                logger.exception("a listener failed on %s", type(event).__name__)
