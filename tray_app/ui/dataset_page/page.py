"""What the pages of one collector's data share: they follow its runs, and start and cancel them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from PySide6.QtWidgets import QWidget

from tray_app.core.events import EngineChanged, Event, RunFinished, RunProgress, RunStarted
from tray_app.ui.dataset_page.facts import Activity, progress_of
from tray_app.ui.dataset_page.header import CollectHeader
from tray_app.ui.page import PageParts, ScrolledPage
from tray_app.ui.parts.layout.boxes import SPACE, add, fill
from tray_app.ui.parts.notice.empty import EmptyState

if TYPE_CHECKING:
    from tray_app.core.model import CollectorName
    from tray_app.ui.dataset_page.facts import CollectFacts
    from tray_app.ui.queries.latest_query import LatestQuery


class DatasetPage(ScrolledPage):
    """Has a head that tells how the collector stands, above a body, or what stands for it while nothing is stored."""

    collector: ClassVar[CollectorName]

    def __init__(self, parts: PageParts, collect: str, unreadable: str) -> None:
        super().__init__(parts, unreadable)
        self.header = CollectHeader(self._style, collect)
        self.empty = EmptyState(self._style)
        self.body = QWidget()
        # What is remembered is comfort: a file that cannot be written takes nothing from the page.
        self.memory: LatestQuery[None] = self.query(lambda _nothing: None, lambda _error: None)
        self.header.collect_requested.connect(self.collect)
        self.header.cancel_requested.connect(self._cancel)

    def lay_out(self, *notices: QWidget) -> None:
        """Lay the page out, notices above its body; nothing is shown before it is known."""
        add(self.area.column, self.header, self.error, *notices, self.body, fill(self.empty), SPACE)
        for part in (*notices, self.body, self.empty):
            part.hide()

    def show_standing(self, facts: CollectFacts, *, is_empty: bool) -> None:
        """Show how the collector stands, and the body unless nothing was ever stored."""
        self.header.show_facts(facts, is_empty=is_empty)
        # The run went on while the facts were read.
        progress = progress_of(self.collector, self.parts.engine.progress)
        if progress is not None:
            self.header.show_progress(progress)
        self.body.setVisible(not is_empty)
        self.empty.setVisible(is_empty)

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

    def _reason(self, error: Exception) -> str:
        return str(error)

    def _cancel(self) -> None:
        # Cancelling settles requests in the database.
        self.act(lambda: self.parts.engine.cancel(self.collector))
