"""The lines of the Crypto page as numpy arrays; imported on reader threads, which wait for numpy instead of the UI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import tray_app.ui.charts.stack  # noqa: F401 - pyqtgraph too is loaded here, so that the first chart need not wait
from tray_app.core.words import tr
from tray_app.datasets.crypto.metrics import METRICS
from tray_app.datasets.crypto.rows import BITCOIN, ETHEREUM, CryptoSource
from tray_app.ui.charts.drawing import Drawing, daily
from tray_app.ui.pages.crypto.charts import CHARTS, MOST_COINS, ChartName

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.datasets.crypto.metrics import Metric
    from tray_app.datasets.crypto.reads import CryptoReads, MetricDay, PricePoint
    from tray_app.datasets.crypto.rows import CoinName
    from tray_app.ui.charts.series import Series

FEW_DAYS = 30
DEFAULT_COINS = (BITCOIN, ETHEREUM, "ripple", "binancecoin", "solana")


@dataclass(frozen=True, eq=False, slots=True)
class Drawings:
    """All charts, the coins in the price chart, and those that can be chosen: the day's first, then the others."""

    charts: dict[str, Drawing]
    coins: tuple[str, ...]
    names: tuple[CoinName, ...]
    of_the_day: frozenset[str]

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(len(line.days) for drawing in self.charts.values() for line in drawing.lines)


def take_drawings(reads: CryptoReads, wanted: Sequence[str] | None) -> Drawings:
    """Read everything that is drawn; not for the UI thread. None wants the coins shown to a newcomer."""
    names = {coin.coin_id: coin for coin in reads.coin_names()}
    newest = reads.newest_coin_date()
    today = [coin.coin_id for coin in reads.coins_of(newest)] if newest else []
    chosen = DEFAULT_COINS if wanted is None else wanted
    coins = tuple(coin for coin in chosen if coin in names)[:MOST_COINS]
    gone = sorted(names.keys() - set(today), key=lambda coin: names[coin].name.casefold())
    prices = {coin: reads.coin_prices(coin) for coin in {*coins, ETHEREUM}}
    charts = {
        ChartName.PRICES: _price_drawing([names[coin] for coin in coins], prices, newest),
        **_metric_drawings(reads.metrics(), prices[ETHEREUM]),
    }
    return Drawings(charts, coins, tuple(names[coin] for coin in (*today, *gone)), frozenset(today))


def _price_drawing(
    coins: Sequence[CoinName], prices: dict[str, tuple[PricePoint, ...]], newest: date | None
) -> Drawing:
    lines = []
    for coin in coins:
        points = prices[coin.coin_id]
        days = [point.date for point in points]
        lines.append(daily(coin.coin_id, _name(coin, days[-1], newest), days, [point.price_usd for point in points]))
    return Drawing(tuple(lines), _source_note([point for coin in coins for point in prices[coin.coin_id]]))


def _name(coin: CoinName, last: date, newest: date | None) -> str:
    if newest is None or last >= newest:
        return coin.name
    return tr("{name}, until {day}", name=coin.name, day=last)


def _metric_drawings(rows: Sequence[MetricDay], ether: Sequence[PricePoint]) -> dict[str, Drawing]:
    days = [row.date for row in rows]

    def line(metric: Metric) -> Series:
        return daily(metric.name, tr(metric.column.title), days, [_number(row, metric) for row in rows])

    lines = {chart: tuple(line(metric) for metric in METRICS if metric.chart == chart) for chart in CHARTS}
    growing = len(lines[ChartName.DOMINANCE][0].days) < FEW_DAYS
    notes: dict[str, str] = {
        ChartName.DOMINANCE: tr("No free history is offered: the line grows day by day.") if growing else "",
        ChartName.RATIO: _source_note(ether),
        ChartName.MONEY: tr("The newest day still moves at the source."),
    }
    return {chart: Drawing(each, notes.get(chart, "")) for chart, each in lines.items() if each}


def _number(row: MetricDay, metric: Metric) -> float | None:
    value = row.values[metric.name]
    return None if value is None else float(value)


def _source_note(points: Sequence[PricePoint]) -> str:
    """Say which instant of a day its price is of, and where that changes."""
    collected = [point.date for point in points if point.source_name == CryptoSource.SNAPSHOT]
    at_midnight = [point.date for point in points if point.source_name == CryptoSource.HISTORY]
    if not collected:
        return tr("Prices are of 00:00 UTC.") if at_midnight else ""
    first = min(collected)
    if not at_midnight:
        return tr("Prices are of the hour they were collected.")
    if max(at_midnight) < first:
        return tr("Prices before {day} are of 00:00 UTC, later ones of the hour they were collected.", day=first)
    return tr(
        "Prices before {day} are of 00:00 UTC, later ones of the hour they were collected or, where a day was filled"
        " in afterwards, of 00:00 UTC.",
        day=first,
    )
