"""The page Collect."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.core.words import N_
from tray_app.ui.links import CollectLink
from tray_app.ui.page_entry import PageEntry

if TYPE_CHECKING:
    from tray_app.ui.page import Page, PageParts


def _make(parts: PageParts) -> Page:
    from tray_app.ui.pages.collect.page import CollectPage  # noqa: PLC0415 - when it is first opened

    return CollectPage(parts)


COLLECT = PageEntry(CollectLink.page, N_("Collect"), "collect", _make)
