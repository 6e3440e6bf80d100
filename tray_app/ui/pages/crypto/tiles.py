"""The newest value of every metric, each with the date of its own source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from tray_app.core.table import Format
from tray_app.core.words import tr
from tray_app.datasets.crypto.metrics import FEAR_GREED_INDEX, METRICS
from tray_app.ui.labels import formats
from tray_app.ui.labels.bands import fear_and_greed_bands
from tray_app.ui.parts.card.gauge import Gauge, GaugeFacts
from tray_app.ui.parts.card.tile import Tile, TileFacts
from tray_app.ui.parts.layout.boxes import fill, row
from tray_app.ui.parts.layout.columns import Columns

if TYPE_CHECKING:
    from datetime import date

    from tray_app.datasets.crypto.metrics import Metric
    from tray_app.ui.pages.crypto.data import Reading
    from tray_app.ui.style.style import Style

COLUMNS = 3
# The gauge shows the other.
TILED = tuple(metric for metric in METRICS if metric.column.format is not Format.GAUGE)


@dataclass(frozen=True)
class Change:
    """A value against the one before it; the text is empty where the number alone is a percentage."""

    number: float
    text: str = ""


class MarketTiles(QWidget):
    """The Fear & Greed gauge and a tile for every other metric."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.gauge = Gauge(style, _gauge_facts(None))
        self.gauge.setFixedWidth(metrics.gauge_width + 2 * metrics.wide)
        self.tiles = {metric.name: Tile(style) for metric in TILED}
        columns = Columns(metrics.tile_width + metrics.wide, metrics.medium, most=COLUMNS)
        columns.show_widgets(tuple(self.tiles.values()))
        row(self.gauge, fill(columns), gap=metrics.medium, inside=self)

    def show_readings(self, readings: dict[str, Reading]) -> None:
        """Show other values."""
        self.gauge.show_facts(_gauge_facts(readings[FEAR_GREED_INDEX.name]))
        for metric in TILED:
            self.tiles[metric.name].show_facts(tile_facts(metric, readings[metric.name]))


def tile_facts(metric: Metric, reading: Reading) -> TileFacts:
    """Return what a tile says: the value, its change and its date, or why there is none."""
    newest, before, title = reading.newest, reading.before, tr(metric.column.title)
    if newest is None:
        detail = " ".join(part for part in (metric.source.name, reading.detail) if part)
        return TileFacts(title, formats.NOTHING, reading.lack or tr("no value was sent"), tooltip=detail)
    compare = in_points if metric.column.format is Format.SHARE else in_percent
    change = compare(newest.value, before.value) if before else None
    return TileFacts(
        title,
        formats.formatted(newest.value, metric.column.format),
        _as_of(newest.date),
        change.number if change else None,
        change.text if change else "",
        _tooltip(metric, reading),
    )


def in_percent(value: float, before: float) -> Change | None:
    """Return a change in per cent."""
    return Change((value / before - 1) * 100) if before else None


def in_points(value: float, before: float) -> Change:
    """Return a change of a percentage, in percentage points."""
    return Change(value - before, tr("{points} pp", points=formats.plain(value - before, 2, sign=True)))


def _tooltip(metric: Metric, reading: Reading) -> str:
    lines = [tr("Source: {source}, UTC dates.", source=metric.source.name)]
    if reading.before is None:
        lines.append(tr("No earlier day is stored yet."))
    else:
        value = formats.formatted(reading.before.value, metric.column.format)
        lines.append(tr("Compared with {value} of {day}.", value=value, day=reading.before.date))
    if reading.lack:
        lines.append(" ".join(part for part in (f"{reading.lack.capitalize()}.", reading.detail) if part))
    return "\n".join(lines)


def _gauge_facts(reading: Reading | None) -> GaugeFacts:
    title, bands = tr("Fear & Greed"), fear_and_greed_bands()
    if reading is None or reading.newest is None:
        return GaugeFacts(title, bands, None, reading.lack if reading else "")
    newest, before = reading.newest, reading.before
    is_next_day = before is not None and (newest.date - before.date).days == 1
    return GaugeFacts(title, bands, newest.value, _as_of(newest.date), before.value if before and is_next_day else None)


def _as_of(day: date) -> str:
    return tr("{day} UTC", day=formats.day(day))
