"""The menu of the tray icon, and of the window where there is no tray: built anew each time it opens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from tray_app.core.words import tr
from tray_app.ui.pages.collect import COLLECT
from tray_app.ui.pages.crypto import CRYPTO
from tray_app.ui.pages.export import EXPORT
from tray_app.ui.pages.liquidity import LIQUIDITY
from tray_app.ui.pages.log import LOG
from tray_app.ui.pages.settings import SETTINGS
from tray_app.ui.pages.status import STATUS
from tray_app.ui.tray.commands import PauseChoice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from PySide6.QtGui import QAction

    from tray_app.core.model import CollectorName


@dataclass(frozen=True, slots=True)
class CollectEntry:
    """One line under Collect now."""

    name: CollectorName
    title: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class MenuFacts:
    """What the menu depends on; before the engine is open there are no entries to collect."""

    status_line: str
    entries: tuple[CollectEntry, ...] = ()
    is_working: bool = False
    is_paused: bool = False
    is_ready: bool = False


class MenuOrders(Protocol):
    """Whoever carries out what the menu offers."""

    def collect(self, names: Iterable[CollectorName]) -> None:
        """Collect today's data."""

    def cancel(self) -> None:
        """Stop collecting."""

    def pause(self, choice: PauseChoice) -> None:
        """Hold automatic runs back."""

    def resume(self) -> None:
        """End the pause."""

    def show_page(self, name: str) -> None:
        """Open a page of the window."""

    def open_data_folder(self) -> None:
        """Open the home folder."""

    def show_about(self) -> None:
        """Tell the version."""

    def quit(self) -> None:
        """Stop everything."""


class TrayMenu(QMenu):
    """Every entry has a mnemonic of its own."""

    def __init__(self, facts: Callable[[], MenuFacts], orders: MenuOrders) -> None:
        super().__init__()
        self._facts = facts
        self._orders = orders
        self.setAccessibleName(tr("Market Tray"))
        self.aboutToShow.connect(self.build)
        self.build()

    def build(self) -> None:
        """Fill the menu for the present state."""
        self._empty()
        facts = self._facts()
        self.addAction(facts.status_line.replace("&", "&&")).setEnabled(False)
        self.addSeparator()
        if facts.is_ready:
            self._add_work(facts)
            self._add_windows()
        self._add(self, tr("Open &data folder"), self._orders.open_data_folder)
        self._add(self, tr("&About"), self._orders.show_about)
        self.addSeparator()
        self._add(self, tr("&Quit"), self._orders.quit)

    def _empty(self) -> None:
        self.clear()
        for old in self.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
            old.deleteLater()

    def _add_work(self, facts: MenuFacts) -> None:
        collect = self.addMenu(tr("&Collect now"))
        idle = tuple(entry.name for entry in facts.entries if not entry.is_active)
        self._add(collect, tr("&All"), partial(self._orders.collect, idle)).setEnabled(bool(idle))
        collect.addSeparator()
        for entry in facts.entries:
            action = self._add(collect, f"&{entry.title}", partial(self._orders.collect, (entry.name,)))
            action.setEnabled(not entry.is_active)
        if facts.is_working:
            self._add(self, tr("Ca&ncel"), self._orders.cancel)
        self.addSeparator()

    def _add_windows(self) -> None:
        self._add(self, tr("&Status..."), partial(self._orders.show_page, STATUS.name))
        self._add(self, tr("Cr&ypto charts..."), partial(self._orders.show_page, CRYPTO.name))
        self._add(self, tr("L&iquidity charts..."), partial(self._orders.show_page, LIQUIDITY.name))
        self._add(self, tr("&Manual collection..."), partial(self._orders.show_page, COLLECT.name))
        self._add(self, tr("&Export to Parquet..."), partial(self._orders.show_page, EXPORT.name))
        self.addSeparator()
        self._add_pause()
        self._add(self, tr("Se&ttings..."), partial(self._orders.show_page, SETTINGS.name))
        self._add(self, tr("&Log..."), partial(self._orders.show_page, LOG.name))

    def _add_pause(self) -> None:
        if self._facts().is_paused:
            self._add(self, tr("&Resume"), self._orders.resume)
            return
        pause = self.addMenu(tr("&Pause"))
        for choice, text in (
            (PauseChoice.ONE_HOUR, tr("1 &hour")),
            (PauseChoice.UNTIL_TOMORROW, tr("Until &tomorrow")),
            (PauseChoice.UNTIL_RESUMED, tr("Until &resumed")),
        ):
            self._add(pause, text, partial(self._orders.pause, choice))

    def _add(self, menu: QMenu, text: str, order: Callable[[], None]) -> QAction:
        action = menu.addAction(text)
        # The signal's own argument must not fill the order's parameters.
        action.triggered.connect(lambda _checked: order())
        return action
