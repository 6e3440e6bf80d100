"""What the crosshair points at, in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.ui.charts.series import Scale
from tray_app.ui.labels.formats import NOTHING, plain

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QPointF

    from tray_app.ui.charts.traces import Trace


@dataclass(frozen=True)
class Reading:
    """One line's value under the crosshair; without a place it has no colour and no dot."""

    name: str
    text: str
    place: int | None
    height: float | None


@dataclass(frozen=True)
class Readings:
    """What the crosshair points at."""

    day: float
    title: str
    rows: tuple[Reading, ...]
    cursor: QPointF

    def spoken(self) -> str:
        """Return the same in one sentence, for a screen reader."""
        return ", ".join((self.title, *(f"{row.name} {row.text}" for row in self.rows)))


def reading_of(one: Trace, day: float, scale: Scale, value_format: Callable[[float], str]) -> Reading:
    """Return a line's value on a day, or that there is none."""
    value = one.line.value_at(day)
    if value is None:
        return Reading(one.line.name, NOTHING, one.line.place, None)
    height = one.height_of(value, scale)
    shown = height if scale is Scale.REBASED else value
    return Reading(one.line.name, value_format(shown) if shown is not None else NOTHING, one.line.place, height)


def rebased_format(height: float) -> str:
    """Return an index value that started at 100."""
    return plain(height, 2)
