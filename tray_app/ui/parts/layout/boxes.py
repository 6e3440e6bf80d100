"""Rows and columns: what lies beside or below what, said in one expression."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLayout, QVBoxLayout, QWidget

if TYPE_CHECKING:
    from PySide6.QtCore import Qt

Box = TypeVar("Box", bound=QBoxLayout)
# The same on all sides; at the sides and above and below; or left, above, right, below.
Margins = int | tuple[int, int] | tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Placed:
    """A widget or a layout that takes a share of what room is left, or lies at an edge of its cell."""

    part: QWidget | QLayout
    stretch: int = 0
    alignment: Qt.AlignmentFlag | None = None


@dataclass(frozen=True, slots=True)
class Space:
    """Room that stays empty; without a share it takes what nothing else wants."""

    stretch: int = 0


Item = QWidget | QLayout | Placed | Space
SPACE = Space()


def row(*items: Item, gap: int | None = None, margins: Margins = 0, inside: QWidget | None = None) -> QHBoxLayout:
    """Lay items side by side, inside a widget or for another box; without a gap the style's own lies between them."""
    return _filled(QHBoxLayout() if inside is None else QHBoxLayout(inside), items, gap, margins)


def column(*items: Item, gap: int | None = None, margins: Margins = 0, inside: QWidget | None = None) -> QVBoxLayout:
    """Lay items below each other; otherwise as row does."""
    return _filled(QVBoxLayout() if inside is None else QVBoxLayout(inside), items, gap, margins)


def fill(part: QWidget | QLayout, stretch: int = 1) -> Placed:
    """Give an item its share of the room that is left."""
    return Placed(part, stretch)


def aligned(part: QWidget, alignment: Qt.AlignmentFlag) -> Placed:
    """Leave an item as large as it wants to be, at an edge of its cell."""
    return Placed(part, alignment=alignment)


def add(box: QBoxLayout, *items: Item) -> None:
    """Lay more items behind those of a row or column."""
    for item in items:
        if isinstance(item, Space):
            box.addStretch(item.stretch)
            continue
        placed = item if isinstance(item, Placed) else Placed(item)
        if isinstance(placed.part, QLayout):
            box.addLayout(placed.part, placed.stretch)
        elif placed.alignment is None:
            box.addWidget(placed.part, placed.stretch)
        else:
            box.addWidget(placed.part, placed.stretch, placed.alignment)


def _filled(box: Box, items: tuple[Item, ...], gap: int | None, margins: Margins) -> Box:
    box.setContentsMargins(*_sides(margins))
    if gap is not None:
        box.setSpacing(gap)
    add(box, *items)
    return box


def _sides(margins: Margins) -> tuple[int, int, int, int]:
    match margins:
        case int():
            return margins, margins, margins, margins
        case (beside, above):
            return beside, above, beside, above
        case _:
            return margins
