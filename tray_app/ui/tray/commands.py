"""What the user can order from the tray; every order that touches the store goes over a reader thread."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tray_app.core.model import CollectorName
    from tray_app.engine.facade import Engine
    from tray_app.ui.queries.bridge import Bridge


class PauseChoice(StrEnum):
    """How long automatic runs are held back."""

    ONE_HOUR = "one hour"
    UNTIL_TOMORROW = "until tomorrow"
    UNTIL_RESUMED = "until resumed"


class Commands(QObject):
    """Hands orders to the engine and tells of those that failed; success is seen by the engine's events."""

    failed = Signal(object)

    def __init__(self, engine: Engine, bridge: Bridge) -> None:
        super().__init__()
        self._engine = engine
        self._bridge = bridge

    def collect(self, names: Iterable[CollectorName]) -> None:
        """Queue runs of today's data; one that is queued already stays as it is."""
        for name in names:
            self._engine.collect_now(name)

    def collect_history(self, names: Iterable[CollectorName]) -> None:
        """Queue what is missing of the history, after today's data."""
        wanted = tuple(names)
        self.collect(wanted)
        for name in wanted:
            self._order(partial(self._engine.collect_history_now, name))

    def cancel(self) -> None:
        """Stop what runs and drop what is queued."""
        self._order(self._engine.cancel)

    def pause(self, choice: PauseChoice) -> None:
        """Hold automatic runs back."""
        orders: dict[PauseChoice, Callable[[], object]] = {
            PauseChoice.ONE_HOUR: lambda: self._engine.pause(timedelta(hours=1)),
            PauseChoice.UNTIL_TOMORROW: self._engine.pause_until_tomorrow,
            PauseChoice.UNTIL_RESUMED: lambda: self._engine.pause(None),
        }
        self._order(orders[choice])

    def resume(self) -> None:
        """End the pause."""
        self._order(self._engine.resume)

    def _order(self, order: Callable[[], object]) -> None:
        self._bridge.query(self, order, lambda _answer: None, self.failed.emit)
