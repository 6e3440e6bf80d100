"""The newest value of every metric, each with the date of its own source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from tray_app.core.words import tr
from tray_app.ui.labels import formats
from tray_app.ui.labels.bands import fear_and_greed_bands
from tray_app.ui.pages.crypto.data import Metric
from tray_app.ui.parts.card.gauge import Gauge, GaugeFacts
from tray_app.ui.parts.card.tile import Tile, TileFacts
from tray_app.ui.parts.layout.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tray_app.ui.pages.crypto.data import Reading
    from tray_app.ui.style.style import Style

COLUMNS = 3


@dataclass(frozen=True)
class Change:
    """A value against the one before it; the text is empty where the number alone is a percentage."""

    number: float
    text: str = ""


@dataclass(frozen=True)
class Wording:
    """How a metric is named, written and compared."""

    title: str
    source: str
    write: Callable[[float], str]
    compare: Callable[[float, float], Change | None]


def wordings() -> dict[Metric, Wording]:
    """Return how the metrics of the tiles are put in words."""
    gecko, llama = "CoinGecko", "DefiLlama"
    return {
        Metric.MARKET_CAP: Wording(tr("Total market cap"), gecko, _money, in_percent),
        Metric.VOLUME: Wording(tr("Volume, 24 h"), gecko, _money, in_percent),
        Metric.DOMINANCE: Wording(tr("Bitcoin dominance"), gecko, _share, in_points),
        Metric.ETH_BTC: Wording(tr("ETH/BTC"), gecko, formats.price, in_percent),
        Metric.TVL: Wording(tr("DeFi value locked"), llama, _money, in_percent),
        Metric.STABLECOINS: Wording(tr("Stablecoins"), llama, _money, in_percent),
    }


class MarketTiles(QWidget):
    """The Fear & Greed gauge and a tile for every other metric."""

    def __init__(self, look: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = look.theme.metrics
        self._wordings = wordings()
        self.gauge = Gauge(look, _gauge_facts(None))
        self.gauge.setFixedWidth(metrics.gauge_width + 2 * metrics.wide)
        self.tiles = {metric: Tile(look) for metric in self._wordings}
        columns = Columns(metrics.tile_width + metrics.wide, metrics.medium, most=COLUMNS)
        columns.show_widgets(tuple(self.tiles.values()))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics.medium)
        row.addWidget(self.gauge)
        row.addWidget(columns, 1)

    def show_readings(self, readings: dict[Metric, Reading]) -> None:
        """Show other values."""
        self.gauge.show_facts(_gauge_facts(readings[Metric.FEAR_GREED]))
        for metric, tile in self.tiles.items():
            tile.show_facts(tile_facts(self._wordings[metric], readings[metric]))


def tile_facts(wording: Wording, reading: Reading) -> TileFacts:
    """Return what a tile says: the value, its change and its date, or why there is none."""
    newest, before = reading.newest, reading.before
    if newest is None:
        detail = " ".join(part for part in (wording.source, reading.detail) if part)
        return TileFacts(wording.title, formats.NOTHING, reading.lack or tr("no value was sent"), tooltip=detail)
    change = wording.compare(newest.value, before.value) if before else None
    return TileFacts(
        wording.title,
        wording.write(newest.value),
        _as_of(newest.date),
        change.number if change else None,
        change.text if change else "",
        _tooltip(wording, reading),
    )


def in_percent(value: float, before: float) -> Change | None:
    """Return a change in per cent."""
    return Change((value / before - 1) * 100) if before else None


def in_points(value: float, before: float) -> Change:
    """Return a change of a percentage, in percentage points."""
    return Change(value - before, tr("{points} pp", points=formats.plain(value - before, 2, sign=True)))


def _tooltip(wording: Wording, reading: Reading) -> str:
    lines = [tr("Source: {source}, UTC dates.", source=wording.source)]
    if reading.before is None:
        lines.append(tr("No earlier day is stored yet."))
    else:
        value = wording.write(reading.before.value)
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


def _money(value: float) -> str:
    return formats.compact(value, "$")


def _share(value: float) -> str:
    return formats.percent(value, sign=False)
