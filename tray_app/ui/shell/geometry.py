"""What the window remembers between starts, and keeping it on a screen that is still there."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QRect

from tray_app.files import read_json

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


class WindowMemory:
    """A small file in the home; losing it loses nothing but comfort."""

    def __init__(self, root: Path) -> None:
        self._path = root / FILE

    def read(self) -> WindowState:
        """Return what is remembered; a file that cannot be read counts as none."""
        try:
            return _parse(read_json(self._path))
        except FileNotFoundError:
            return WindowState()
        except (OSError, ValueError, TypeError, KeyError) as error:
            logger.info("the window's place is forgotten: %s", error)
            return WindowState()

    def write(self, state: WindowState) -> None:
        """Remember; a home that cannot be written is told of elsewhere."""
        partial = self._path.with_name(f".{FILE}.part")
        try:
            partial.write_text(json.dumps(asdict(state)), encoding="utf-8")
            partial.replace(self._path)
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


def _parse(found: Any) -> WindowState:
    if not isinstance(found, dict):
        raise TypeError(f"not a table: {found}")
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
