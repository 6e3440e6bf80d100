"""Where days and heights lie on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSizeF

if TYPE_CHECKING:
    from tray_app.ui.charts.traces import Numbers


@dataclass(frozen=True)
class Frame:
    """The plot's rectangle in pixels and the days and heights at its edges."""

    area: QRectF
    left: float
    right: float
    low: float
    high: float

    def x(self, day: float) -> float:
        """Return the pixel of a day."""
        return self.area.left() + (day - self.left) / (self.right - self.left) * self.area.width()

    def y(self, height: float) -> float:
        """Return the pixel of a height."""
        return self.area.bottom() - (height - self.low) / (self.high - self.low) * self.area.height()

    def xs(self, days: Numbers) -> Numbers:
        """Return the pixels of many days."""
        return self.area.left() + (days - self.left) * (self.area.width() / (self.right - self.left))

    def ys(self, heights: Numbers) -> Numbers:
        """Return the pixels of many heights."""
        return self.area.bottom() - (heights - self.low) * (self.area.height() / (self.high - self.low))

    def day(self, x: float) -> float:
        """Return the day at a pixel."""
        return self.left + (x - self.area.left()) / self.area.width() * (self.right - self.left)


def spread(places: list[float], height: float, top: float, bottom: float) -> list[float]:
    """Move the centres of labels of one height apart, as little as needed, between top and bottom."""
    order = sorted(range(len(places)), key=places.__getitem__)
    moved = list(places)
    least = top + height / 2
    for index in order:
        moved[index] = max(moved[index], least)
        least = moved[index] + height
    most = bottom - height / 2
    for index in reversed(order):
        moved[index] = min(moved[index], most)
        most = moved[index] - height
    return moved


def box_place(cursor: QPointF, size: QSizeF, area: QRectF, gap: float) -> QPointF:
    """Return the corner of a box beside the cursor, on the side with more room, never over it."""
    at_left = cursor.x() - area.left() > area.right() - cursor.x()
    x = cursor.x() - gap - size.width() if at_left else cursor.x() + gap
    top = min(max(area.top(), cursor.y() - size.height() / 2), max(area.top(), area.bottom() - size.height()))
    return QPointF(x, top)
