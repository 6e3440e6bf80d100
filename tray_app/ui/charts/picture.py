"""A chart as a picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor

PICTURE_RATIO = 2.0


def as_picture(whole: QWidget, parts: Sequence[QWidget], ground: QColor) -> QImage:
    """Return a sharp picture of some of a widget's parts in their places, without its controls."""
    image = QImage(whole.size() * PICTURE_RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_RATIO)
    image.fill(ground)
    painter = QPainter(image)
    for part in parts:
        if part.isVisibleTo(whole):
            place = QRect(part.mapTo(whole, QPoint(0, 0)), part.size())
            painter.save()
            painter.translate(place.topLeft())
            QWidget.render(part, painter, QPoint(0, 0))  # a graphics view's own would leave its frame
            painter.restore()
    painter.end()
    return image
