"""The Crypto page: the market today, its history, and the button that collects both."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.datasets.crypto.dataset import CRYPTO
from tray_app.ui.dataset_page.page import DatasetPage
from tray_app.ui.page import PageParts
from tray_app.ui.pages.crypto.charts import MOST_COINS, ChartBook, ChartChoices, saved_choices
from tray_app.ui.pages.crypto.table import CoinTable, coin_text
from tray_app.ui.pages.crypto.tiles import CryptoFacts, MarketTiles, take_facts
from tray_app.ui.parts.form.chooser import Choice, Chooser, ChooserWords
from tray_app.ui.parts.layout.boxes import column

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from PySide6.QtCore import QObject

    from tray_app.datasets.crypto.reads import CryptoReads
    from tray_app.datasets.crypto.rows import CoinName
    from tray_app.ui.pages.crypto.series import Drawings
    from tray_app.ui.style.style import Style


@dataclass(frozen=True, eq=False)
class Picture:
    """What is drawn, and as what was remembered."""

    choices: ChartChoices
    drawings: Drawings


class CryptoPage(DatasetPage):
    """Shows what the crypto collector has stored."""

    tables = CRYPTO.tables
    collector = CRYPTO.name

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts, tr("Collect crypto"), tr("The crypto data could not be read"))
        style = self._style
        self._choices: ChartChoices | None = None
        self._coins_shown: tuple[str, ...] = ()
        self.empty.show_sentence(
            tr("No crypto data is stored yet; after the first run its history follows by itself."),
            tr("Collect crypto now"),
        )
        self.tiles = MarketTiles(style)
        self.charts = ChartBook(style, self)
        self.chooser = coin_chooser(style, self)
        self.coins = CoinTable(style)
        self._facts = self.query(self._show_facts)
        self._picture = self.query(self._show_picture)
        self.charts.prices.add_control(self.chooser.button)
        shown = (self.tiles, self.charts.prices, self.coins, self.charts.market)
        column(*shown, gap=style.theme.metrics.medium, inside=self.body)
        self.lay_out()
        for requested in (self.charts.collect_requested, self.coins.collect_requested, self.empty.action_triggered):
            requested.connect(self.collect)
        self.coins.coin_chosen.connect(self.add_coin)
        self.chooser.keys_changed.connect(self.choose_coins)
        self.charts.view_changed.connect(self._remember_view)

    @property
    def is_settled(self) -> bool:
        """Whether everything queried is shown."""
        return self.charts.is_settled and super().is_settled

    def refresh(self) -> None:
        """Read everything anew."""
        self.error.hide()
        engine = self.parts.engine
        self._facts.ask(lambda: take_facts(engine))
        self._ask_picture()

    def choose_coins(self, coins: tuple[str, ...]) -> None:
        """Draw other coins from now on."""
        if self._choices is not None and coins != self._choices.coins:
            self._coins_shown = coins
            self._remember(replace(self._choices, coins=coins))
            self._ask_picture()

    def add_coin(self, coin: str) -> None:
        """Draw one more coin; when there are many already, in place of the first."""
        shown = self._coins_shown
        if coin not in shown:
            self.choose_coins((*shown, coin)[-MOST_COINS:])

    def _ask_picture(self) -> None:
        reads, home, choices = self.parts.engine.reads(CRYPTO), self.parts.engine.home, self._choices
        self._picture.ask(lambda: _take_picture(reads, home, choices), choices.coins if choices else None)

    def _show_facts(self, facts: CryptoFacts) -> None:
        self.show_standing(facts.collector, is_empty=facts.is_empty)
        if not facts.is_empty:
            self.tiles.show_readings(facts.readings)
            self.coins.show_coins(facts.day, facts.coins)

    def _show_picture(self, picture: Picture) -> None:
        drawings = picture.drawings
        if self._choices is None:
            self._choices = picture.choices
            self.charts.take_choices(picture.choices)
        # What was chosen since the query was sent stays chosen.
        wanted = self._choices.coins
        stored = {coin.coin_id for coin in drawings.names}
        self._coins_shown = drawings.coins if wanted is None else tuple(coin for coin in wanted if coin in stored)
        self.chooser.show_choices(coin_choices(drawings.names, drawings.of_the_day), self._coins_shown)
        if not drawings.is_empty:
            self.charts.show_drawings(drawings.charts)

    def _remember_view(self, chart: str, what: str, key: str) -> None:
        if self._choices is None:
            return
        if what == "scales":
            self._remember(replace(self._choices, scales={**self._choices.scales, chart: key}))
        else:
            self._remember(replace(self._choices, spans={**self._choices.spans, chart: key}))

    def _remember(self, choices: ChartChoices) -> None:
        self._choices = choices
        home = self.parts.engine.home
        self.memory.ask(lambda: saved_choices(home).write(choices))


def _take_picture(reads: CryptoReads, home: Path, choices: ChartChoices | None) -> Picture:
    from tray_app.ui.pages.crypto.series import take_drawings  # noqa: PLC0415 - numpy and pyqtgraph come with it

    known = saved_choices(home).read() if choices is None else choices
    return Picture(known, take_drawings(reads, known.coins))


def coin_chooser(style: Style, parent: QObject) -> Chooser:
    """Return the button that opens the list of coins."""
    words = ChooserWords(
        things=tr("Coins"),
        tooltip=tr("Choose up to {count} coins", count=MOST_COINS),
        button=lambda count: tr("Coins ({count})", count=count),
        spoken=lambda count: tr("Choose coins, {count} chosen", count=count),
        title=tr("Coins in the chart"),
        hint=tr("Search by name or symbol"),
        search=tr("Search coins"),
    )
    return Chooser(style, words, MOST_COINS, parent)


def coin_choices(coins: Sequence[CoinName], of_the_day: frozenset[str]) -> list[Choice]:
    """Return the coins to choose from; one that is not among the day's says so."""
    return [
        Choice(
            coin.coin_id,
            coin_text(
                coin.name if coin.coin_id in of_the_day else tr("{name}, left the top", name=coin.name), coin.symbol
            ),
            coin.coin_id,
        )
        for coin in coins
    ]
