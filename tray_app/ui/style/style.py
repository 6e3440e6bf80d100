"""What every part needs to draw itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tray_app.ui.style.icons import Icons
    from tray_app.ui.style.theme import Theme


@dataclass(frozen=True)
class Style:
    """The theme and the icons of the application."""

    theme: Theme
    icons: Icons
