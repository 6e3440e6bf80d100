"""What every page of the main window is."""

from dataclasses import dataclass

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from tray_app.core.events import DataChanged, Event
from tray_app.engine.facade import Engine
from tray_app.logs import LogTail
from tray_app.ui.links import Link
from tray_app.ui.queries.bridge import Bridge
from tray_app.ui.style.style import Style

REFRESH_PAUSE_MS = 300


@dataclass(frozen=True, slots=True)
class PageParts:
    """What pages are made with."""

    engine: Engine
    bridge: Bridge
    style: Style
    log_tail: LogTail


class Page(QWidget):
    """A page refreshes when it is shown, on F5, and when data it shows has changed, at most a few times a second.

    Subclasses implement `refresh`, name their `tables`, and may override `on_event`. A page that leads to another
    one emits `link_requested` with a `Link`, which the other one opens by `open_link`.
    """

    link_requested = Signal(object)
    tables: frozenset[str] = frozenset()

    def __init__(self, parts: PageParts) -> None:
        super().__init__()
        self.parts = parts
        self._stale = True
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(REFRESH_PAUSE_MS)
        self._pause.timeout.connect(self._refresh_if_stale)
        parts.bridge.happened.connect(self._hear)

    def refresh(self) -> None:
        """Query the store anew and show what comes."""
        raise NotImplementedError

    def on_event(self, event: Event) -> None:
        """Hear an engine event while the page is visible."""

    def open_link(self, link: Link) -> None:
        """Turn to what another page leads to."""

    def refresh_soon(self) -> None:
        """Refresh now when the last refresh is a while ago, else a little later, together with whatever else comes."""
        self._stale = True
        if self.isVisible() and not self._pause.isActive():
            self._refresh_if_stale()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Refresh at once what became old while hidden: events that were missed are not told again."""
        super().showEvent(event)
        self._stale = True
        self._refresh_if_stale()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Note that changes from now on are not seen."""
        super().hideEvent(event)
        self._stale = True

    def _hear(self, event: Event) -> None:
        if isinstance(event, DataChanged) and event.tables & self.tables:
            self.refresh_soon()
        if self.isVisible():
            self.on_event(event)

    def _refresh_if_stale(self) -> None:
        if self._stale and self.isVisible():
            self._stale = False
            self.refresh()
            self._pause.start()
