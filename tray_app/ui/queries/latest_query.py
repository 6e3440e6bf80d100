"""Queries of the store: an answer is shown only while it answers what is queried."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    from tray_app.ui.queries.bridge import Bridge

Answer = TypeVar("Answer")


class LatestQuery(QObject, Generic[Answer]):
    """Asks the store one thing at a time; what is asked meanwhile is asked once, afterwards, and answered last.

    Each query is about something: a text searched, a day, a choice. Asked again about the same, as a refresh does,
    both answers are shown, one after the other. Asked about something else, an answer still on its way is dropped.
    """

    def __init__(
        self, bridge: Bridge, owner: QObject, answered: Callable[[Answer], None], failed: Callable[[Exception], None]
    ) -> None:
        super().__init__(owner)
        self._bridge = bridge
        self._answered = answered
        self._failed = failed
        self._query: Callable[[], Answer] | None = None
        self._about: Hashable = None
        self._is_busy = False
        self._is_waiting = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is still to come."""
        return self._is_busy

    def ask(self, query: Callable[[], Answer], about: Hashable = None) -> None:
        """Run a query on a reader thread, now or after the one that runs."""
        self._query, self._about = query, about
        self.repeat()

    def repeat(self) -> None:
        """Ask the same anew; nothing when nothing is asked."""
        if self._query is None:
            return
        self._is_waiting = self._is_busy
        if not self._is_busy:
            self._send(self._query)

    def drop(self) -> None:
        """Ask nothing any more: an answer on its way is not shown."""
        self._query, self._is_waiting = None, False

    def _send(self, query: Callable[[], Answer]) -> None:
        about = self._about
        self._is_busy, self._is_waiting = True, False
        self._bridge.query(
            self,
            query,
            lambda answer: self._take(about, lambda: self._answered(answer)),
            lambda error: self._take(about, lambda: self._failed(error)),
        )

    def _take(self, about: Hashable, show: Callable[[], None]) -> None:
        self._is_busy = False
        is_current = self._query is not None and self._about == about
        if self._is_waiting:
            self.repeat()
        if is_current:
            show()
