"""The pages of the window: made when first opened, one shown at a time."""

from __future__ import annotations

import gc
import logging
import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.links import Link
    from tray_app.ui.page import Page, PageParts
    from tray_app.ui.page_entry import PageEntry

logger = logging.getLogger(__name__)


class PageStack(QStackedWidget):
    """A page that cannot be made says so in its place; the others go on."""

    link_requested = Signal(object)

    def __init__(self, parts: PageParts, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._entries = entries
        self._made: dict[int, Page | ErrorPanel] = {}

    def open(self, place: int) -> None:
        """Show a page."""
        if place not in self._made:
            page = self._make(self._entries[place])
            self._made[place] = page
            self.addWidget(page)
        self.setCurrentWidget(self._made[place])

    def open_link(self, link: Link) -> None:
        """Turn the shown page to what a link names."""
        page = self._shown_page()
        if page is not None:
            page.open_link(link)

    def refresh(self) -> None:
        """Query the shown page's data anew."""
        page = self._shown_page()
        if page is not None:
            page.refresh()

    def _shown_page(self) -> Page | None:
        made = (page for page in self._made.values() if not isinstance(page, ErrorPanel))
        return next((page for page in made if page is self.currentWidget()), None)

    def _make(self, entry: PageEntry) -> Page | ErrorPanel:
        try:
            page = entry.make(self._parts)
        except Exception as error:
            logger.exception("the page %s could not be made", entry.name)
            return self._panel(entry, error)
        page.link_requested.connect(self.link_requested)
        page.setAccessibleName(entry.title)
        # What a late import brought stays for good: the collector need not walk it again.
        gc.freeze()
        return page

    def _panel(self, entry: PageEntry, error: Exception) -> ErrorPanel:
        panel = ErrorPanel(self._parts.style)
        details = "".join(traceback.format_exception(error))
        title = tr("{title} could not be opened", title=entry.title)
        panel.show_error(ErrorFacts(title, tr("A fault in Market Tray; the log has the details."), details=details))
        return panel
