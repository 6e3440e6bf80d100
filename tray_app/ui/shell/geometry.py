"""What the window remembers between starts, and keeping it on a screen that is still there."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect

from tray_app.ui.saved_state import SavedState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

logger = logging.getLogger(__name__)

FILE = "window.json"


@dataclass(frozen=True, slots=True)
class WindowState:
    """Place, page, and what was shown once and for all."""

    place: tuple[int, int, int, int] | None = None
    is_maximized: bool = False
    page: str = ""
    is_welcomed: bool = False


class WindowMemory(SavedState[WindowState]):
    """What is kept of the window."""

    def __init__(self, root: Path) -> None:
        super().__init__(root / FILE, WindowState(), _parse)

    def write(self, state: WindowState) -> None:
        """Keep this; a home that cannot be written is told of elsewhere."""
        try:
            super().write(state)
        except OSError as error:
            logger.info("the window's place is not remembered: %s", error)


def clamped(wanted: QRect, screens: Sequence[QRect]) -> QRect:
    """Return the rectangle moved and shrunk into the screen it covers most, or into the first one."""
    if not screens:
        return wanted
    best = max(screens, key=lambda screen: _area(screen.intersected(wanted)))
    width, height = min(wanted.width(), best.width()), min(wanted.height(), best.height())
    left = min(max(wanted.left(), best.left()), best.left() + best.width() - width)
    top = min(max(wanted.top(), best.top()), best.top() + best.height() - height)
    return QRect(left, top, width, height)


def _area(rectangle: QRect) -> int:
    return max(0, rectangle.width()) * max(0, rectangle.height())


def _parse(found: dict[str, Any]) -> WindowState:
    place = found.get("place")
    return WindowState(
        place=None if place is None else _place(place),
        is_maximized=bool(found.get("is_maximized", False)),
        page=str(found.get("page", "")),
        is_welcomed=bool(found.get("is_welcomed", False)),
    )


def _place(found: Any) -> tuple[int, int, int, int]:
    left, top, width, height = (int(number) for number in found)
    if width < 1 or height < 1:
        raise ValueError(f"no size: {found}")
    return left, top, width, height
