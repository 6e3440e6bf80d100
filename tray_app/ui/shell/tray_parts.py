"""What the tray app starts with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tray_app.engine.launching import OpenedEngine
    from tray_app.paths import Home


@dataclass(frozen=True, slots=True)
class TrayParts:
    """What the tray app starts with. All ways to the engine take time and run on a thread of their own."""

    home: Home
    hidden: bool
    open_engine: Callable[[], OpenedEngine]
    restore: Callable[[Path], Path | None]
    begin_empty: Callable[[], None]
