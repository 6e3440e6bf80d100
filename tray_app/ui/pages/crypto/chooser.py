"""The chooser of the coins in the price chart."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.ui.pages.crypto.memory import MOST_COINS
from tray_app.ui.pages.crypto.table import coin_text
from tray_app.ui.parts.form.chooser import Choice, Chooser, ChooserWords

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QObject

    from tray_app.datasets.crypto.reads import CoinName
    from tray_app.ui.style.style import Style


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
