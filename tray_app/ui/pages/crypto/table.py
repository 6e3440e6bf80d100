"""The table of the day's coins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.core.words import tr
from tray_app.ui.labels import formats
from tray_app.ui.pages.crypto.charts import coingecko_credit
from tray_app.ui.parts.form.buttons import quiet_button
from tray_app.ui.parts.layout.boxes import SPACE, column, row
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.parts.text.links import LinkText
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, heading, label
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.datasets.crypto.rows import CoinDay
    from tray_app.ui.style.style import Style

UNRANKED = math.inf
MARKET_CAP = 5


@dataclass(frozen=True, order=True)
class Rank:
    """A coin's place, which tells rows apart also when two coins have none."""

    number: float
    coin_id: str

    def __str__(self) -> str:
        """Return the place for a machine to read."""
        return "" if self.number == UNRANKED else f"{self.number:.0f}"

    def shown(self) -> str:
        """Return the place for people."""
        return str(self) or formats.NOTHING


class CoinTable(QWidget):
    """Shows the coins of one day under its date."""

    coin_chosen = Signal(str)
    collect_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._coins: tuple[CoinDay, ...] = ()
        self._title = heading(style, tr("Coins"))
        self._hint = label(style, tr("Double click or Enter draws a coin above."), tone=SECONDARY)
        self._copy = quiet_button(style, tr("Copy"), "copy")
        set_tip(self._copy, tr("Copy the selected coins, or all of them, as tab-separated text"))
        self.table = PageTable(style, tr("Coins of the day"), _columns())
        self.table.set_empty(tr("No day of the market is stored yet."), tr("Collect crypto now"))
        self._source = LinkText(style, coingecko_credit(), FontSize.ATTRIBUTION)
        self._copy.clicked.connect(self.table.copy)
        self.table.sort_by(MARKET_CAP, descending=True)
        self.table.row_activated.connect(lambda place: self.coin_chosen.emit(self._coins[place].coin_id))
        self.table.empty_action_triggered.connect(self.collect_requested)
        self._arrange(style)

    def show_coins(self, day: date | None, coins: Sequence[CoinDay]) -> None:
        """Show the coins of another day."""
        self._title.setText(tr("Coins of {day} (UTC)", day=day) if day else tr("Coins"))
        self._copy.setEnabled(bool(coins))
        if tuple(coins) == self._coins:
            return
        self._coins = tuple(coins)
        self.table.set_rows([_row(coin) for coin in coins], [coin.coin_id for coin in coins])

    def _arrange(self, style: Style) -> None:
        metrics = style.theme.metrics
        column(
            row(self._title, self._hint, SPACE, self._copy, gap=metrics.small),
            self.table,
            self._source,
            gap=metrics.tight,
            inside=self,
        )


def _columns() -> tuple[ViewColumn, ...]:
    change = tr("As CoinGecko served it")
    return (
        ViewColumn(tr("Rank"), Kind.NUMBER, Rank.shown),
        ViewColumn(tr("Coin"), stretch=True),
        ViewColumn(tr("Price"), Kind.NUMBER, lambda value: formats.price(value, "$")),
        ViewColumn(tr("24 h"), Kind.CHANGE, tooltip=change),
        ViewColumn(tr("7 d"), Kind.CHANGE, tooltip=change),
        ViewColumn(tr("Market cap"), Kind.NUMBER, _money),
        ViewColumn(tr("Volume, 24 h"), Kind.NUMBER, _money),
    )


def _row(coin: CoinDay) -> Row:
    return (
        Rank(UNRANKED if coin.rank is None else coin.rank, coin.coin_id),
        coin_text(coin.name, coin.symbol),
        coin.price_usd,
        coin.change_24h,
        coin.change_7d,
        coin.market_cap,
        coin.volume_24h,
    )


def coin_text(name: str, symbol: str) -> str:
    """Return a coin's name with its symbol, once when both are the same."""
    short = symbol.upper()
    return name if name.upper() == short else f"{name} {short}"


def _money(value: float | None) -> str:
    return formats.compact(value, "$")
