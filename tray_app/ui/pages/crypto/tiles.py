"""What the Crypto page says in numbers, read at one time on a reader thread, and a tile for each of its metrics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from tray_app.core.model import StepStatus
from tray_app.core.table import Format
from tray_app.core.words import tr
from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.datasets.crypto.metrics import FEAR_GREED_INDEX, METRICS
from tray_app.ui.dataset_page.facts import Activity, CollectFacts, take_collect_facts
from tray_app.ui.labels import formats
from tray_app.ui.labels.bands import fear_and_greed_bands
from tray_app.ui.parts.card.gauge import Gauge, GaugeFacts
from tray_app.ui.parts.card.tile import Tile, TileFacts
from tray_app.ui.parts.layout.boxes import fill, row
from tray_app.ui.parts.layout.columns import Columns

if TYPE_CHECKING:
    from datetime import date

    from tray_app.core.model import StepOutcome
    from tray_app.core.series import SeriesPoint
    from tray_app.datasets.crypto.metrics import Metric
    from tray_app.datasets.crypto.rows import CoinDay
    from tray_app.engine.facade import Engine
    from tray_app.ui.style.style import Style


@dataclass(frozen=True, slots=True)
class Reading:
    """A metric's newest stored value and the one before it; why the last run brought none, in short and in full."""

    newest: SeriesPoint | None
    before: SeriesPoint | None
    lack: str = ""
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CryptoFacts:
    """Everything the page shows but its charts; the readings by the metrics' names."""

    collector: CollectFacts
    coins: tuple[CoinDay, ...]
    readings: dict[str, Reading]

    @property
    def day(self) -> date | None:
        """The newest day of the market."""
        return self.collector.newest_date

    @property
    def is_empty(self) -> bool:
        """Whether nothing was ever stored."""
        return self.day is None and all(reading.newest is None for reading in self.readings.values())


def take_facts(engine: Engine) -> CryptoFacts:
    """Read everything; not for the UI thread."""
    facts = take_collect_facts(engine, CRYPTO.name, CRYPTO.tables)
    day = facts.newest_date
    return CryptoFacts(
        collector=facts,
        coins=engine.reads(CRYPTO).coins_of(day) if day is not None else (),
        readings={metric.name: _reading(engine, metric, facts) for metric in METRICS},
    )


def _reading(engine: Engine, metric: Metric, facts: CollectFacts) -> Reading:
    values = engine.reads(CRYPTO).newest_values(metric.name, 2)
    newest, before = values[0] if values else None, values[1] if len(values) > 1 else None
    run, outcome = facts.last_run, facts.step(metric.step)
    if newest is None and facts.activity is not Activity.IDLE:
        return Reading(newest, before, tr("being collected"))
    if run is None:
        return Reading(newest, before, "" if newest else tr("not collected yet"))
    return Reading(newest, before, _lack(outcome), outcome.note if outcome else run.message)


def _lack(outcome: StepOutcome | None) -> str:
    if outcome is None:
        return tr("the last run did not get to it")
    return {
        StepStatus.FAILED: tr("failed in the last run"),
        StepStatus.PARTIAL: tr("not whole in the last run"),
        StepStatus.SKIPPED: tr("skipped in the last run"),
        StepStatus.SUCCESS: "",
    }[outcome.status]


COLUMNS = 3
# The gauge shows the other.
TILED = tuple(metric for metric in METRICS if metric.column.format is not Format.GAUGE)


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
    change, change_text = _change(metric, newest.value, before.value) if before else (None, "")
    return TileFacts(
        title,
        formats.formatted(newest.value, metric.column.format),
        _as_of(newest.date),
        change,
        change_text,
        _tooltip(metric, reading),
    )


def _change(metric: Metric, value: float, before: float) -> tuple[float | None, str]:
    """Return a change in per cent, or in points for a share; the text is empty where the number alone tells it."""
    if metric.column.format is Format.SHARE:
        return value - before, tr("{points} pp", points=formats.plain(value - before, 2, sign=True))
    return (value / before - 1) * 100 if before else None, ""


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
