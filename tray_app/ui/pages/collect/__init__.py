"""The page Collect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.model import CollectorName, Window
from tray_app.core.words import N_
from tray_app.ui.page_entry import PageEntry

if TYPE_CHECKING:
    from tray_app.ui.page import Page, PageParts


@dataclass(frozen=True, slots=True)
class CollectLink:
    """What another page leads here with: a dataset, and the range of it to collect."""

    dataset: CollectorName
    window: Window


def _make(parts: PageParts) -> Page:
    from tray_app.ui.pages.collect.page import CollectPage  # noqa: PLC0415 - when it is first opened

    return CollectPage(parts)


COLLECT = PageEntry("collect", N_("Collect"), "collect", _make)
