"""A chart as a table, and as a picture."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QWidget

from tray_app.core.texts import cell_of
from tray_app.core.words import tr
from tray_app.ui.charts.ticks import day_of
from tray_app.ui.labels.formats import exact

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtGui import QColor

PICTURE_RATIO = 2.0


def as_csv(titles: Sequence[str], days: Iterable[float], values_of: Callable[[float], Iterable[float | None]]) -> str:
    """Return the values of these days, every digit kept, a gap left empty."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow((tr("Date"), *map(cell_of, titles)))
    writer.writerows((day_of(day).isoformat(), *map(exact, values_of(day))) for day in days)
    return out.getvalue()


def as_picture(whole: QWidget, parts: Sequence[QWidget], ground: QColor) -> QImage:
    """Return a sharp picture of some of a widget's parts in their places, without its controls."""
    image = QImage(whole.size() * PICTURE_RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(PICTURE_RATIO)
    image.fill(ground)
    painter = QPainter(image)
    for part in parts:
        if part.isVisibleTo(whole):
            painter.save()
            painter.translate(part.mapTo(whole, QPoint(0, 0)))
            QWidget.render(part, painter, QPoint(0, 0))  # a graphics view's own would leave its frame
            painter.restore()
    painter.end()
    return image
