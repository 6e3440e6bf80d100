"""Keeps the engine's overview at hand for the tray, so that nothing on the UI thread waits for the database."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from tray_app.core.events import DataChanged, RunProgress
from tray_app.ui.queries.idle_tasks import pause

if TYPE_CHECKING:
    from tray_app.core.events import Event
    from tray_app.core.overview import Overview
    from tray_app.engine.facade import Engine
    from tray_app.ui.queries.bridge import Bridge

PAUSE_MS = 250
SLOW_MS = 60_000


class OverviewWatch(QObject):
    """Asks anew after events, at most a few times a second, and once a minute because time passes."""

    changed = Signal()

    def __init__(self, engine: Engine, bridge: Bridge) -> None:
        super().__init__()
        self._engine = engine
        self._bridge = bridge
        self.overview: Overview | None = None
        self._asking = False
        self._is_stale = False
        self._pause = pause(self, PAUSE_MS, self._ask_if_stale)
        self._slow = QTimer(self, interval=SLOW_MS)
        self._slow.timeout.connect(self.ask_soon)
        self._slow.start()
        bridge.happened.connect(self._hear)
        self.ask_soon()

    def ask_soon(self) -> None:
        """Ask now when the last answer is a while ago, else a little later, together with whatever else comes."""
        self._is_stale = True
        if not self._pause.isActive():
            self._ask_if_stale()

    def stop(self) -> None:
        """Ask no more."""
        self._pause.stop()
        self._slow.stop()

    def _hear(self, event: Event) -> None:
        if isinstance(event, RunProgress) and self.overview is not None:
            self._take(replace(self.overview, progress=event))
        elif not isinstance(event, DataChanged):
            self.ask_soon()

    def _ask_if_stale(self) -> None:
        if self._is_stale and not self._asking:
            self._is_stale = False
            self._asking = True
            self._bridge.query(self, self._engine.overview, self._answered, self._failed)

    def _answered(self, overview: Overview) -> None:
        self._settle()
        # The run went on while the rest was read.
        self._take(replace(overview, progress=self._engine.progress))

    def _failed(self, _error: Exception) -> None:
        # The reader has logged it; what was known stays shown until the next minute.
        self._settle()

    def _settle(self) -> None:
        self._asking = False
        self._pause.start()

    def _take(self, overview: Overview) -> None:
        self.overview = overview
        self.changed.emit()
