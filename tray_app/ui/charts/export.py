"""A chart as a picture and as a table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from tray_app.core.texts import cell_of
from tray_app.core.words import tr
from tray_app.ui.charts.ticks import day_of
from tray_app.ui.labels.formats import exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QColor

    from tray_app.ui.charts.traces import Line

PICTURE_RATIO = 2.0


def as_csv(lines: Sequence[Line], days: Sequence[float]) -> str:
    """Return the values of these days, every digit kept, a gap left empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((tr("Date"), *(cell_of(line.name) for line in lines)))
    for day in days:
        writer.writerow((day_of(day).isoformat(), *(exact(line.value_at(float(day))) for line in lines)))
    return out.getvalue()


def visible(days: np.ndarray[tuple[int], np.dtype[np.float64]], edges: tuple[float, float]) -> list[float]:
    """Return the days between the edges of the view."""
    return [float(day) for day in days[(days >= edges[0]) & (days <= edges[1])]]


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
