"""The Instruments page: find an issue, look at its prices as traded and adjusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from tray_app.core.words import tr
from tray_app.ui.links import CollectLink, InstrumentLink, Link, SettingsLink
from tray_app.ui.page import PageParts, ScrolledPage
from tray_app.ui.pages.instruments.data import TABLES, Found, IssuePicture, take_found, take_picture
from tray_app.ui.pages.instruments.search import IssueSearch
from tray_app.ui.pages.instruments.view import IssueView
from tray_app.ui.parts.layout.boxes import SPACE, add, column, fill
from tray_app.ui.parts.notice.empty import EmptyState

if TYPE_CHECKING:
    from tray_app.datasets.krx.reads import FoundInstrument


class InstrumentsPage(ScrolledPage):
    """Shows what the KRX collector has stored of an issue."""

    tables = TABLES

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts, tr("The instruments could not be read"))
        style = parts.style
        self._issue: FoundInstrument | None = None
        self._text = ""
        self._leads_to: Link = CollectLink()
        self.search = IssueSearch(style)
        self.view = IssueView(style)
        self.empty = EmptyState(style)
        self._body = QWidget()
        self._found = self.query(self._show_found)
        self._picture = self.query(self._show_picture)
        column(self.search, self.view, SPACE, gap=style.theme.metrics.medium, inside=self._body)
        add(self.area.column, self.error, self._body, fill(self.empty), SPACE)
        for hidden in (self._body, self.view, self.empty):
            hidden.hide()
        self.search.text_requested.connect(self._search)
        self.search.issue_chosen.connect(self.choose)
        self.empty.action_triggered.connect(lambda: self.link_requested.emit(self._leads_to))

    @property
    def is_settled(self) -> bool:
        """Whether everything queried is shown."""
        return self.search.is_settled and super().is_settled

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
