"""What the pages of one collector's data share: they follow its runs, and start and cancel them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from tray_app.core.errors import AppError
from tray_app.core.events import EngineChanged, Event, RunFinished, RunProgress, RunStarted
from tray_app.core.words import tr
from tray_app.ui.dataset_page.facts import Activity
from tray_app.ui.dataset_page.header import CollectHeader
from tray_app.ui.page import Page, PageParts
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel

if TYPE_CHECKING:
    from tray_app.core.model import CollectorName


class DatasetPage(Page):
    """Has a head that tells how the collector stands, and a panel for what could not be read."""

    collector: ClassVar[CollectorName]

    def __init__(self, parts: PageParts, collect: str, unreadable: str) -> None:
        super().__init__(parts)
        self._style = parts.style
        self._unreadable = unreadable
        self.header = CollectHeader(self._style, collect)
        self.error = ErrorPanel(self._style)
        self.header.collect_requested.connect(self.collect)
        self.header.cancel_requested.connect(self._cancel)
        self.error.hint_triggered.connect(self.refresh)

    def on_event(self, event: Event) -> None:
        """Follow runs; progress needs no query."""
        if isinstance(event, RunProgress) and event.collector == self.collector:
            self.header.show_progress(event)
        elif isinstance(event, RunStarted) and event.run.collector == self.collector:
            self.header.show_activity(Activity.RUNNING)
            self.refresh_soon()
        elif isinstance(event, RunStarted | RunFinished | EngineChanged):
            self.refresh_soon()

    def collect(self) -> None:
        """Queue a run."""
        self.parts.engine.collect_now(self.collector)
        self.header.show_activity(Activity.QUEUED)
        self.refresh_soon()

    def show_failure(self, error: Exception) -> None:
        """Tell what could not be read, and offer to try again."""
        title = error.title if isinstance(error, AppError) else self._unreadable
        self.error.show_error(ErrorFacts(title, str(error), tr("Try again")))

    def _cancel(self) -> None:
        # Cancelling settles requests in the database.
        engine = self.parts.engine
        self.parts.bridge.query(
            self, lambda: engine.cancel(self.collector), lambda _nothing: self.refresh_soon(), self.show_failure
        )
