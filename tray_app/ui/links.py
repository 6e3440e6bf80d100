"""Where a page leads: to another one, and there to what the link names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from datetime import date

    from tray_app.core.model import CollectorName, Window


@dataclass(frozen=True, slots=True)
class Link:
    """Leads to the page of this name."""

    page: ClassVar[str]


@dataclass(frozen=True, slots=True)
class SettingsLink(Link):
    """Leads to the settings."""

    page = "settings"


@dataclass(frozen=True, slots=True)
class CollectLink(Link):
    """Leads to collecting; with a window, to that range of a dataset."""

    page = "collect"
    dataset: CollectorName = ""
    window: Window | None = None


@dataclass(frozen=True, slots=True)
class InstrumentLink(Link):
    """Leads to an instrument by its code; with a day, to the listing that had the code then."""

    page = "instruments"
    code: str
    day: date | None = None
