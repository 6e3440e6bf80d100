"""The Instruments page: find an issue, look at its prices as traded and adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from tray_app.core.errors import AppError
from tray_app.core.words import tr
from tray_app.ui.labels.runs import error_text
from tray_app.ui.links import CollectLink, InstrumentLink, Link, SettingsLink
from tray_app.ui.page import Page, PageParts
from tray_app.ui.pages.instruments.data import TABLES, Found, IssuePicture, take_found, take_picture
from tray_app.ui.pages.instruments.search import IssueSearch
from tray_app.ui.pages.instruments.view import IssueView
from tray_app.ui.parts.layout.boxes import SPACE, column
from tray_app.ui.parts.layout.scroll import ScrollColumn
from tray_app.ui.parts.notice.empty import EmptyState
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel
from tray_app.ui.queries.latest_query import LatestQuery
from tray_app.ui.style.style import Style

if TYPE_CHECKING:
    from tray_app.datasets.krx.reads import FoundInstrument


class InstrumentsPage(Page):
    """Shows what the KRX collector has stored of an issue."""

    tables = TABLES

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        style = parts.style
        self._issue: FoundInstrument | None = None
        self._text = ""
        self._leads_to: Link = CollectLink()
        self.error = ErrorPanel(style)
        self.search = IssueSearch(style)
        self.view = IssueView(style)
        self.empty = EmptyState(style)
        self._body = QWidget()
        self._found: LatestQuery[Found] = LatestQuery(parts.bridge, self, self._show_found, self._show_failure)
        self._picture: LatestQuery[IssuePicture] = LatestQuery(
            parts.bridge, self, self._show_picture, self._show_failure
        )
        self._arrange(style)
        self._connect()

    @property
    def is_settled(self) -> bool:
        """Whether everything asked for is shown."""
        return self.search.is_settled and not (self._found.is_busy or self._picture.is_busy)

    def refresh(self) -> None:
        """Read everything anew."""
        self.error.hide()
        self._ask_found()
        if self._issue is not None:
            self.choose(self._issue)

    def open_link(self, link: Link) -> None:
        """Show the issue of a code another page names."""
        if isinstance(link, InstrumentLink):
            self._issue = None
            self._picture.drop()
            self.view.hide()
            self.search.search_for(link)

    def choose(self, issue: FoundInstrument) -> None:
        """Show an issue."""
        self._issue = issue
        engine = self.parts.engine
        self._picture.ask(lambda: take_picture(engine, issue), issue.instrument_id)

    # --- inner ------------------------------------------------------------------------------------------------

    def _arrange(self, style: Style) -> None:
        metrics = self.parts.style.theme.metrics
        column(self.search, self.view, SPACE, gap=metrics.medium, inside=self._body)
        scroll = ScrollColumn(style)
        for part in (self.error, self._body):
            scroll.column.addWidget(part)
        scroll.column.addWidget(self.empty, 1)
        scroll.column.addStretch()
        column(scroll, inside=self)
        for hidden in (self._body, self.view, self.empty):
            hidden.hide()

    def _connect(self) -> None:
        self.search.text_requested.connect(self._search)
        self.search.issue_chosen.connect(self.choose)
        self.error.hint_triggered.connect(self.refresh)
        self.empty.action_triggered.connect(lambda: self.link_requested.emit(self._leads_to))

    def _search(self, text: str) -> None:
        self._text = text
        self._ask_found()

    def _ask_found(self) -> None:
        engine, text = self.parts.engine, self._text
        self._found.ask(lambda: take_found(engine, text), text)

    def _show_found(self, found: Found) -> None:
        self._body.setVisible(found.has_sessions)
        self.empty.setVisible(not found.has_sessions)
        if found.has_sessions:
            self.search.show_found(found)
        elif found.has_key:
            self._leads_to = CollectLink()
            self.empty.show_sentence(tr("No session of the Korea Exchange is stored yet."), tr("Collect sessions"))
        else:
            self._leads_to = SettingsLink()
            self.empty.show_sentence(tr("KRX needs your own key of its Open API."), tr("Enter the key"))

    def _show_picture(self, picture: IssuePicture) -> None:
        self.view.show_picture(picture)
        self.view.show()

    def _show_failure(self, error: Exception) -> None:
        title = error.title if isinstance(error, AppError) else tr("The instruments could not be read")
        self.error.show_error(ErrorFacts(title, error_text(error), tr("Try again")))
