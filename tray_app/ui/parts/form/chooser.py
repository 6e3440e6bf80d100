"""The chooser of what a chart draws: a list that is searched by typing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPixmap
from PySide6.QtWidgets import QFrame, QLineEdit, QListWidget, QListWidgetItem, QPushButton, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import column
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, label
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from tray_app.ui.style.style import Style

KEY = Qt.ItemDataRole.UserRole
WORDS = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Choice:
    """Something that can be drawn: its key, how it is named, and what else finds it."""

    key: str
    text: str
    words: str = ""


@dataclass(frozen=True, slots=True)
class ChooserWords:
    """How the chooser speaks of what it offers."""

    things: str
    tooltip: str
    button: Callable[[int], str]
    spoken: Callable[[int], str]
    title: str
    hint: str
    search: str


class Chooser(QObject):
    """A button and the list it opens."""

    keys_changed = Signal(tuple)

    def __init__(self, style: Style, words: ChooserWords, most: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.button: QPushButton = button(style, words.things, "chevron-down")
        set_tip(self.button, words.tooltip)
        self.button.setFixedHeight(style.theme.metrics.control + 2 * style.theme.metrics.hairline)
        self.button.setEnabled(False)
        self.panel = ChooserPanel(style, words, most, self.button)
        self.button.clicked.connect(self._open)
        self.panel.keys_changed.connect(self.keys_changed)

    def show_choices(self, choices: Sequence[Choice], chosen: Sequence[str]) -> None:
        """Offer these, some of them taken."""
        self.panel.show_choices(choices, chosen)
        self.button.setEnabled(bool(choices))
        self.button.setText(self._words.button(len(chosen)))
        self.button.setAccessibleName(self._words.spoken(len(chosen)))

    def _open(self) -> None:
        self.panel.open_below(self.button)


class ChooserPanel(QFrame):
    """A search field over things to check; Enter takes the first match, Escape closes."""

    keys_changed = Signal(tuple)

    def __init__(self, style: Style, words: ChooserWords, most: int, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._style = style
        self._words, self._most = words, most
        self._taken, self._free = style.icons.icon("check", Token.ACCENT), _no_icon(style)
        self._chosen: list[str] = []
        self._choices: tuple[Choice, ...] = ()
        self.setProperty("role", "card")
        self.setAccessibleName(words.title)
        self.search, self.list = QLineEdit(), QListWidget()
        self._count = label(style, tone=SECONDARY)
        self._arrange()
        for part in (self.search, self.list):
            part.installEventFilter(self)
        self.search.textChanged.connect(self._filter)
        self.search.returnPressed.connect(self._take_first)
        self.list.itemChanged.connect(self._hear_item)
        self.list.itemClicked.connect(turn)

    def show_choices(self, choices: Sequence[Choice], chosen: Sequence[str]) -> None:
        """Offer these, some of them taken."""
        is_same = tuple(choices) == self._choices
        if is_same and list(chosen) == self._chosen:
            return
        self._chosen = list(chosen)
        if not is_same:
            self._choices = tuple(choices)
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

    def _arrange(self) -> None:
        metrics = self._style.theme.metrics
        self.search.setPlaceholderText(self._words.hint)
        self.search.setAccessibleName(self._words.search)
        self.search.setClearButtonEnabled(True)
        self.list.setAccessibleName(self._words.things)
        self.list.setProperty("role", "choices")
        self.list.setIconSize(QSize(metrics.icon, metrics.icon))
        column(self.search, self.list, self._count, gap=metrics.small, margins=metrics.small, inside=self)
        self.resize(metrics.card_width + metrics.wide, metrics.chart_height + 2 * metrics.row)

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
        for choice in self._choices:
            item = QListWidgetItem(choice.text)
            item.setSizeHint(QSize(0, self._style.theme.metrics.row))
            item.setData(KEY, choice.key)
            item.setData(WORDS, f"{choice.text} {choice.words}".casefold())
            self.list.addItem(item)
        self.list.blockSignals(False)  # noqa: FBT003

    def _show_chosen(self) -> None:
        """Check what is chosen; when nothing more may be, the rest cannot be checked."""
        is_full = len(self._chosen) >= self._most
        self.list.blockSignals(True)  # noqa: FBT003
        for item in self._items():
            is_chosen = item.data(KEY) in self._chosen
            item.setCheckState(Qt.CheckState.Checked if is_chosen else Qt.CheckState.Unchecked)
            item.setIcon(self._taken if is_chosen else self._free)
            flags = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable
            item.setFlags(flags if is_full and not is_chosen else flags | Qt.ItemFlag.ItemIsEnabled)
        self.list.blockSignals(False)  # noqa: FBT003
        self.list.viewport().update()
        counts = tr("{count} of {most} chosen", count=len(self._chosen), most=self._most)
        self._count.setText(tr("{counts}; take one away first", counts=counts) if is_full else counts)

    def _hear_item(self, item: QListWidgetItem) -> None:
        key = str(item.data(KEY))
        is_wanted = item.checkState() is Qt.CheckState.Checked
        if is_wanted == (key in self._chosen):
            return
        if is_wanted:
            self._chosen.append(key)
        else:
            self._chosen.remove(key)
        self._show_chosen()
        self.keys_changed.emit(tuple(self._chosen))

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


def _no_icon(style: Style) -> QIcon:
    """Return the room of an icon."""
    room = QPixmap(style.theme.metrics.icon, style.theme.metrics.icon)
    room.fill(Qt.GlobalColor.transparent)
    return QIcon(room)


def turn(item: QListWidgetItem) -> None:
    """Choose something, or leave it out."""
    if item.flags() & Qt.ItemFlag.ItemIsEnabled:
        is_chosen = item.checkState() is Qt.CheckState.Checked
        item.setCheckState(Qt.CheckState.Unchecked if is_chosen else Qt.CheckState.Checked)
