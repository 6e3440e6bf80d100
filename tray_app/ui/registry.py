"""The pages of the main window, in order; a page's modules load when it is first opened."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from tray_app.core.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from tray_app.ui.page import Page, PageParts


class PageName(StrEnum):
    """What pages are called when one leads to another."""

    STATUS = "status"
    CRYPTO = "crypto"
    LIQUIDITY = "liquidity"
    INSTRUMENTS = "instruments"
    COLLECT = "collect"
    EXPORT = "export"
    LOG = "log"
    SETTINGS = "settings"


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page in the navigation."""

    name: PageName
    title: str
    icon: str
    make: Callable[[PageParts], Page]


def page_entries() -> tuple[PageEntry, ...]:
    """Return the pages that exist."""
    return (
        PageEntry(PageName.STATUS, tr("Status"), "status", _status),
        PageEntry(PageName.CRYPTO, tr("Crypto"), "crypto", _crypto),
        PageEntry(PageName.LIQUIDITY, tr("Liquidity"), "liquidity", _liquidity),
        PageEntry(PageName.INSTRUMENTS, tr("Instruments"), "instruments", _instruments),
        PageEntry(PageName.COLLECT, tr("Collect"), "collect", _collect),
        PageEntry(PageName.EXPORT, tr("Export"), "export", _export),
        PageEntry(PageName.LOG, tr("Log"), "log", _log),
        PageEntry(PageName.SETTINGS, tr("Settings"), "settings", _settings),
    )


def _status(parts: PageParts) -> Page:
    from tray_app.ui.pages.status.page import StatusPage  # noqa: PLC0415

    return StatusPage(parts)


def _crypto(parts: PageParts) -> Page:
    from tray_app.ui.pages.crypto.page import CryptoPage  # noqa: PLC0415

    return CryptoPage(parts)


def _liquidity(parts: PageParts) -> Page:
    from tray_app.ui.pages.liquidity.page import LiquidityPage  # noqa: PLC0415

    return LiquidityPage(parts)


def _instruments(parts: PageParts) -> Page:
    from tray_app.ui.pages.instruments.page import InstrumentsPage  # noqa: PLC0415

    return InstrumentsPage(parts)


def _collect(parts: PageParts) -> Page:
    from tray_app.ui.pages.collect.page import CollectPage  # noqa: PLC0415

    return CollectPage(parts)


def _export(parts: PageParts) -> Page:
    from tray_app.ui.pages.export.page import ExportPage  # noqa: PLC0415

    return ExportPage(parts)


def _log(parts: PageParts) -> Page:
    from tray_app.ui.pages.log.page import LogPage  # noqa: PLC0415

    return LogPage(parts)


def _settings(parts: PageParts) -> Page:
    from tray_app.ui.pages.settings.page import SettingsPage  # noqa: PLC0415

    return SettingsPage(parts)
