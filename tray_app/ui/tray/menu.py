"""The menu of the tray icon, and of the window where there is no tray: built anew each time it opens."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
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
    from collections.abc import Callable

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


class TrayMenu(QMenu):
    """Tells what was chosen; every entry has a mnemonic of its own.

    collect_requested: names of collectors. pause_requested: a PauseChoice. page_requested: a page's name.
    """

    collect_requested = Signal(tuple)
    cancel_requested = Signal()
    pause_requested = Signal(object)
    resume_requested = Signal()
    page_requested = Signal(str)
    folder_requested = Signal()
    about_requested = Signal()
    quit_requested = Signal()

    def __init__(self, facts: Callable[[], MenuFacts]) -> None:
        super().__init__()
        self._facts = facts
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
            self._add_windows(facts)
        self._add(self, tr("Open &data folder"), self.folder_requested.emit)
        self._add(self, tr("&About"), self.about_requested.emit)
        self.addSeparator()
        self._add(self, tr("&Quit"), self.quit_requested.emit)

    def _empty(self) -> None:
        self.clear()
        for old in self.findChildren(QMenu, options=Qt.FindChildOption.FindDirectChildrenOnly):
            old.deleteLater()

    def _add_work(self, facts: MenuFacts) -> None:
        collect = self.addMenu(tr("&Collect now"))
        idle = tuple(entry.name for entry in facts.entries if not entry.is_active)
        self._add(collect, tr("&All"), partial(self.collect_requested.emit, idle)).setEnabled(bool(idle))
        collect.addSeparator()
        for entry in facts.entries:
            action = self._add(collect, f"&{entry.title}", partial(self.collect_requested.emit, (entry.name,)))
            action.setEnabled(not entry.is_active)
        if facts.is_working:
            self._add(self, tr("Ca&ncel"), self.cancel_requested.emit)
        self.addSeparator()

    def _add_windows(self, facts: MenuFacts) -> None:
        self._add(self, tr("&Status..."), partial(self.page_requested.emit, STATUS.name))
        self._add(self, tr("Cr&ypto charts..."), partial(self.page_requested.emit, CRYPTO.name))
        self._add(self, tr("L&iquidity charts..."), partial(self.page_requested.emit, LIQUIDITY.name))
        self._add(self, tr("&Manual collection..."), partial(self.page_requested.emit, COLLECT.name))
        self._add(self, tr("&Export to Parquet..."), partial(self.page_requested.emit, EXPORT.name))
        self.addSeparator()
        self._add_pause(facts)
        self._add(self, tr("Se&ttings..."), partial(self.page_requested.emit, SETTINGS.name))
        self._add(self, tr("&Log..."), partial(self.page_requested.emit, LOG.name))

    def _add_pause(self, facts: MenuFacts) -> None:
        if facts.is_paused:
            self._add(self, tr("&Resume"), self.resume_requested.emit)
            return
        pause = self.addMenu(tr("&Pause"))
        for choice, text in (
            (PauseChoice.ONE_HOUR, tr("1 &hour")),
            (PauseChoice.UNTIL_TOMORROW, tr("Until &tomorrow")),
            (PauseChoice.UNTIL_RESUMED, tr("Until &resumed")),
        ):
            self._add(pause, text, partial(self.pause_requested.emit, choice))

    def _add(self, menu: QMenu, text: str, order: Callable[[], None]) -> QAction:
        action = menu.addAction(text)
        # The signal's own argument must not fill the order's parameters.
        action.triggered.connect(lambda _checked: order())
        return action
