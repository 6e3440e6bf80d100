"""The charts of the Crypto page: what each is, how it was last looked at, and their building one by one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from tray_app.core.words import tr
from tray_app.datasets.crypto.metrics import COINGECKO, LLAMA, METRICS
from tray_app.ui.charts.series import ChartFacts, Scale, Span, banded
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.labels import formats
from tray_app.ui.labels.bands import fear_and_greed_bands
from tray_app.ui.parts.layout.columns import Columns
from tray_app.ui.queries.idle_tasks import IdleTasks
from tray_app.ui.saved_state import SavedState, texts

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.ui.charts.drawing import Drawing
    from tray_app.ui.style.style import Style


FILE = "crypto-charts.json"
MOST_COINS = 8


@dataclass(frozen=True, slots=True)
class ChartChoices:
    """Coins by id (None: never chosen), and each chart's scale and range by its name."""

    coins: tuple[str, ...] | None = None
    scales: dict[str, str] = field(default_factory=dict)
    spans: dict[str, str] = field(default_factory=dict)


def saved_choices(home: Path) -> SavedState[ChartChoices]:
    """Return the file that keeps them."""
    return SavedState(home / FILE, ChartChoices(), _parse)


def _parse(found: dict[str, Any]) -> ChartChoices:
    coins = found.get("coins")
    return ChartChoices(
        coins=None if coins is None else tuple(map(str, coins))[:MOST_COINS],
        scales=texts(found.get("scales", {})),
        spans=texts(found.get("spans", {})),
    )


class ChartName(StrEnum):
    """The charts the page knows by name, in their order; those of other metrics follow."""

    PRICES = "prices"
    DOMINANCE = "dominance"
    RATIO = "ratio"
    MONEY = "money"
    FEAR = "fear"


CHARTS: tuple[str, ...] = tuple(dict.fromkeys((*ChartName, *(each.chart for each in METRICS if each.chart))))


def coingecko_credit() -> str:
    """Return the line CoinGecko asks for beside its data."""
    return tr("Data provided by {source}.", source=COINGECKO.link)


def chart_facts(name: str) -> ChartFacts:
    """Return everything about a chart but its lines."""
    return _worded_facts().get(name) or _facts_of(name)


def _facts_of(name: str) -> ChartFacts:
    metric = next(each for each in METRICS if each.chart == name)
    return ChartFacts(
        tr(metric.column.title),
        tr(metric.source.sentence, link=metric.source.link),
        tr("No values are stored yet."),
        tr("Collect crypto now"),
        value_format=lambda value: formats.formatted(value, metric.column.format),
    )


def _worded_facts() -> dict[str, ChartFacts]:
    collect, nothing = tr("Collect crypto now"), tr("No values are stored yet.")
    two = (Scale.LINEAR, Scale.LOG)
    return {
        ChartName.PRICES: ChartFacts(
            tr("Prices"),
            coingecko_credit(),
            tr("Choose the coins to draw."),
            value_format=lambda value: formats.price(value, "$"),
        ),
        ChartName.DOMINANCE: ChartFacts(
            tr("Bitcoin dominance"),
            coingecko_credit(),
            tr("CoinGecko offers no free history; the line grows day by day."),
            collect,
            (Scale.LINEAR,),
            lambda value: formats.percent(value, sign=False),
        ),
        ChartName.RATIO: ChartFacts(tr("ETH/BTC"), coingecko_credit(), nothing, collect, two),
        ChartName.MONEY: ChartFacts(
            tr("DeFi value locked and stablecoins"),
            tr("Source: {source}.", source=LLAMA.link),
            nothing,
            collect,
            value_format=lambda value: formats.compact(value, "$"),
        ),
    }


class ChartBook(QObject):
    """Makes the price chart at once and the others in turns of the event loop of their own."""

    collect_requested = Signal()
    view_changed = Signal(str, str, str)

    def __init__(self, style: Style, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._idle = IdleTasks(self)
        self._choices: ChartChoices | None = None
        self._shown: dict[str, Drawing] = {}
        self._charts: dict[str, TimeChart] = {}
        metrics = style.theme.metrics
        self.market = Columns(metrics.sentence + metrics.tile_width, metrics.medium)
        self.prices = self._make(ChartName.PRICES)

    def take_choices(self, choices: ChartChoices) -> None:
        """Look at each chart as remembered; to be called once, before anything is drawn."""
        self._choices = choices
        for name, chart in self._charts.items():
            self._look_as_chosen(name, chart)

    def show_drawings(self, drawings: dict[str, Drawing]) -> None:
        """Draw what has changed, one chart a turn."""
        for name in CHARTS:
            drawing = drawings[name]
            if drawing.looks_like(self._shown.get(name)):
                self._idle.drop(name)
            else:
                self._idle.add(name, partial(self._show, name, drawing))

    def chart(self, name: str) -> TimeChart | None:
        """Return a chart, once it was made."""
        return self._charts.get(name)

    @property
    def is_settled(self) -> bool:
        """Whether everything is drawn."""
        return self._idle.is_empty

    def _show(self, name: str, drawing: Drawing) -> None:
        self._shown[name] = drawing
        chart = self._charts.get(name) or self._make(name)
        chart.show_note(drawing.note)
        chart.show_series(drawing.lines)

    def _make(self, name: str) -> TimeChart:
        facts = replace(chart_facts(name), on_scrolled_page=True)
        is_banded = name == ChartName.FEAR
        chart = TimeChart(self._style, banded(facts, fear_and_greed_bands()) if is_banded else facts)
        chart.scales.chosen.connect(lambda key: self.view_changed.emit(name, "scales", key))
        chart.spans.chosen.connect(lambda key: self.view_changed.emit(name, "spans", key))
        chart.empty_action_triggered.connect(self.collect_requested)
        self._charts[name] = chart
        self._look_as_chosen(name, chart)
        if name != ChartName.PRICES:
            self.market.show_widgets([made for each, made in self._charts.items() if each != ChartName.PRICES])
        return chart

    def _look_as_chosen(self, name: str, chart: TimeChart) -> None:
        choices = self._choices
        span, scale = (choices.spans.get(name), choices.scales.get(name)) if choices else (None, None)
        chart.show_span(Span(span) if span in set(Span) else Span.YEAR)
        if scale in {each.value for each in chart_facts(name).scales}:
            chart.show_scale(Scale(scale))
        elif name == ChartName.PRICES:
            chart.show_scale(Scale.REBASED)
