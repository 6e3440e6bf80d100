"""A chart as a table."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from tray_app.core.texts import cell_of
from tray_app.core.words import tr
from tray_app.ui.charts.ticks import day_of
from tray_app.ui.labels.formats import exact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.charts.traces import Line


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
