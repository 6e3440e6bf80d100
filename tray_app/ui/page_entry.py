"""A page as its folder tells of it: name, title, icon, and how it is made when it is first opened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.words import tr

if TYPE_CHECKING:
    from collections.abc import Callable

    from tray_app.ui.page import Page, PageParts


@dataclass(frozen=True, slots=True)
class PageEntry:
    """One page in the navigation; label is its title in English."""

    name: str
    label: str
    icon: str
    make: Callable[[PageParts], Page]

    @property
    def title(self) -> str:
        """Return its title in the user's language."""
        return tr(self.label)
