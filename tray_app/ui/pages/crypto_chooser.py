"""The chooser of the coins in the price chart: a list that is searched by typing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from tray_app.core.words import tr
from tray_app.ui.pages.crypto_memory import MOST_COINS
from tray_app.ui.pages.crypto_table import coin_text
from tray_app.ui.parts.buttons import button
from tray_app.ui.parts.texts import SECONDARY, label
from tray_app.ui.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.store.queries import CoinName
    from tray_app.ui.parts.look import Look

COIN = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1


class CoinChooser(QObject):
    """A button and the list it opens."""

    coins_changed = Signal(tuple)

    def __init__(self, look: Look, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.button: QPushButton = button(look, tr("Coins"), "chevron-down")
        self.button.setToolTip(tr("Choose up to {count} coins", count=MOST_COINS))
        self.button.setFixedHeight(look.theme.metrics.control + 2 * look.theme.metrics.hairline)
        self.button.setEnabled(False)
        self.panel = ChooserPanel(look, self.button)
        self.button.clicked.connect(self._open)
        self.panel.coins_changed.connect(self.coins_changed)

    def show_coins(self, names: Sequence[CoinName], of_the_day: frozenset[str], chosen: Sequence[str]) -> None:
        """Offer these coins, some of them taken."""
        self.panel.show_coins(names, of_the_day, chosen)
        self.button.setEnabled(bool(names))
        self.button.setText(tr("Coins ({count})", count=len(chosen)))
        self.button.setAccessibleName(tr("Choose coins, {count} chosen", count=len(chosen)))

    def _open(self) -> None:
        self.panel.open_below(self.button)


class ChooserPanel(QFrame):
    """A search field over coins to check; Enter takes the first match, Escape closes."""

    coins_changed = Signal(tuple)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._look = look
        self._taken, self._free = look.icons.icon("check", Token.ACCENT), _no_icon(look)
        self._chosen: list[str] = []
        self._names: tuple[CoinName, ...] = ()
        self._of_the_day: frozenset[str] = frozenset()
        self.setProperty("role", "card")
        self.setAccessibleName(tr("Coins in the chart"))
        self.search = QLineEdit()
        self.search.setPlaceholderText(tr("Search by name or symbol"))
        self.search.setAccessibleName(tr("Search coins"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Coins"))
        self.list.setProperty("role", "choices")
        self._count = label(look, tone=SECONDARY)
        metrics = look.theme.metrics
        column = QVBoxLayout(self)
        column.setContentsMargins(metrics.small, metrics.small, metrics.small, metrics.small)
        column.setSpacing(metrics.small)
        for part in (self.search, self.list, self._count):
            column.addWidget(part)
        self.resize(metrics.card_width + metrics.wide, metrics.chart_height + 2 * metrics.row)
        for part in (self.search, self.list):
            part.installEventFilter(self)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._take_first)
        self.list.itemChanged.connect(self._hear_item)
        self.list.itemClicked.connect(turn)

    def show_coins(self, names: Sequence[CoinName], of_the_day: frozenset[str], chosen: Sequence[str]) -> None:
        """Offer these coins, some of them taken."""
        is_same = (tuple(names), of_the_day) == (self._names, self._of_the_day)
        if is_same and list(chosen) == self._chosen:
            return
        self._chosen = list(chosen)
        if not is_same:
            self._names, self._of_the_day = tuple(names), of_the_day
            self._fill()
        self._show_chosen()

    def open_below(self, anchor: QWidget) -> None:
        """Open under a button, inside its screen."""
        self.search.clear()
        self._filter("")
        room = anchor.screen().availableGeometry()
        corner = anchor.mapToGlobal(QPoint(anchor.width() - self.width(), anchor.height()))
        left = min(max(corner.x(), room.left()), room.right() - self.width())
        top = min(max(corner.y(), room.top()), room.bottom() - self.height())
        self.move(left, top)
        self.show()
        self.search.setFocus()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Lead from the search field into the list and back."""
        if isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            handled = self._search_key(event.key()) if watched is self.search else self._list_key(event.key())
            if handled:
                return True
        return super().eventFilter(watched, event)

    def _search_key(self, key: int) -> bool:
        shown = self._shown()
        if key != Qt.Key.Key_Down or not shown:
            return False
        self.list.setCurrentItem(shown[0])
        self.list.setFocus()
        return True

    def _list_key(self, key: int) -> bool:
        current = self.list.currentItem()
        if key in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and current is not None:
            turn(current)
            return True
        if key == Qt.Key.Key_Up and current is not None and current is self._shown()[0]:
            self.search.setFocus()
            return True
        return False

    def _fill(self) -> None:
        self.list.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.list.clear()
        for coin in self._names:
            name = coin.name if coin.coin_id in self._of_the_day else tr("{name}, left the top", name=coin.name)
            item = QListWidgetItem(coin_text(name, coin.symbol))
            item.setSizeHint(QSize(0, self._look.theme.metrics.row))
            item.setData(COIN, coin.coin_id)
            item.setData(WORDS, f"{coin.name} {coin.symbol} {coin.coin_id}".casefold())
            self.list.addItem(item)
        self.list.blockSignals(False)  # noqa: FBT003

    def _show_chosen(self) -> None:
        """Check what is chosen; when nothing more may be, the rest cannot be checked."""
        is_full = len(self._chosen) >= MOST_COINS
        self.list.blockSignals(True)  # noqa: FBT003
        for item in self._items():
            is_chosen = item.data(COIN) in self._chosen
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
            item.setIcon(self._taken if is_chosen else self._free)
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags if is_full and not is_chosen else flags | Qt.ItemFlag.ItemIsEnabled)
        self.list.blockSignals(False)  # noqa: FBT003
        self.list.viewport().update()
        counts = tr("{count} of {most} chosen", count=len(self._chosen), most=MOST_COINS)
        self._count.setText(tr("{counts}; take one away first", counts=counts) if is_full else counts)

    def _hear_item(self, item: QListWidgetItem) -> None:
        coin = str(item.data(COIN))
        is_wanted = item.checkState() is Qt.CheckState.Checked
        if is_wanted == (coin in self._chosen):
            return
        if is_wanted:
            self._chosen.append(coin)
        else:
            self._chosen.remove(coin)
        self._show_chosen()
        self.coins_changed.emit(tuple(self._chosen))

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        for item in self._items():
            item.setHidden(not all(word in item.data(WORDS) for word in words))

    def _take_first(self) -> None:
        shown = self._shown()
        if shown:
            turn(shown[0])
            self.search.selectAll()

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(place) for place in range(self.list.count())]

    def _shown(self) -> list[QListWidgetItem]:
        return [item for item in self._items() if not item.isHidden()]


def _no_icon(look: Look) -> QIcon:
    """Return the room of an icon."""
    room = QPixmap(look.theme.metrics.icon, look.theme.metrics.icon)
    room.fill(Qt.GlobalColor.transparent)
    return QIcon(room)


def turn(item: QListWidgetItem) -> None:
    """Choose a coin, or leave it out."""
    if item.flags() & Qt.ItemFlag.ItemIsEnabled:
        is_chosen = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_chosen else Qt.CheckState.Checked)
