"""The page Settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.core.words import N_
from tray_app.ui.links import SettingsLink
from tray_app.ui.page_entry import PageEntry

if TYPE_CHECKING:
    from tray_app.ui.page import Page, PageParts


def _make(parts: PageParts) -> Page:
    from tray_app.ui.pages.settings.page import SettingsPage  # noqa: PLC0415 - when it is first opened

    return SettingsPage(parts)


SETTINGS = PageEntry(SettingsLink.page, N_("Settings"), "settings", _make)
