"""The page Instruments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.core.words import N_
from tray_app.ui.links import InstrumentLink
from tray_app.ui.page_entry import PageEntry

if TYPE_CHECKING:
    from tray_app.ui.page import Page, PageParts


def _make(parts: PageParts) -> Page:
    from tray_app.ui.pages.instruments.page import InstrumentsPage  # noqa: PLC0415 - when it is first opened

    return InstrumentsPage(parts)


INSTRUMENTS = PageEntry(InstrumentLink.page, N_("Instruments"), "instruments", _make)
