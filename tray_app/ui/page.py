"""What every page of the main window is."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from tray_app.core.errors import AppError
from tray_app.core.events import DataChanged, Event
from tray_app.core.words import tr
from tray_app.engine.facade import Engine
from tray_app.logs import LogTail
from tray_app.ui.labels.runs import error_text
from tray_app.ui.links import Link
from tray_app.ui.parts.layout.boxes import column
from tray_app.ui.parts.layout.scroll import ScrollColumn
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel
from tray_app.ui.queries.bridge import Bridge
from tray_app.ui.queries.idle_tasks import pause
from tray_app.ui.queries.latest_query import LatestQuery
from tray_app.ui.style.style import Style

REFRESH_PAUSE_MS = 300
Answer = TypeVar("Answer")


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
        self._style = parts.style
        self._stale = True
        self._pause = pause(self, REFRESH_PAUSE_MS, self._refresh_if_stale)
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


class ScrolledPage(Page):
    """A page that scrolls in its `area`, with a panel for what could not be read, and queries that fill it.

    unreadable: the title of a failure that has none of its own.
    """

    def __init__(self, parts: PageParts, unreadable: str) -> None:
        super().__init__(parts)
        self._unreadable = unreadable
        self._queries: list[LatestQuery[Any]] = []
        self.area = ScrollColumn(parts.style)
        self.error = ErrorPanel(parts.style)
        self.error.hint_triggered.connect(self.refresh)
        column(self.area, inside=self)

    @property
    def is_settled(self) -> bool:
        """Whether everything queried is shown."""
        return not any(query.is_busy for query in self._queries)

    def query(
        self, answered: Callable[[Answer], None], failed: Callable[[Exception], None] | None = None
    ) -> LatestQuery[Answer]:
        """Return a query of this page; where nothing else hears of its failures, the panel tells them."""
        made = LatestQuery(self.parts.bridge, self, answered, failed or self.show_failure)
        self._queries.append(made)
        return made

    def act(self, action: Callable[[], object]) -> None:
        """Do on a reader thread what waits for the disk, and refresh after it."""
        self.parts.bridge.query(self, action, lambda _result: self.refresh_soon(), self.show_failure)

    def show_failure(self, error: Exception) -> None:
        """Tell what could not be read, and offer to try again."""
        title = error.title if isinstance(error, AppError) else self._unreadable
        self.error.show_error(ErrorFacts(title, self._reason(error), tr("Try again")))

    def _reason(self, error: Exception) -> str:
        return error_text(error)
