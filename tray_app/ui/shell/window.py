"""The one window: navigation at the left, a page beside it; or, before there is an engine, what holds it up."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeySequence, QShortcut
from PySide6.QtWidgets import QMainWindow, QPushButton, QStackedWidget, QWidget

from tray_app.core.words import tr
from tray_app.ui.pages.status import STATUS
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import aligned, column, fill, row
from tray_app.ui.parts.notice.message_bar import MessageBar
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, label
from tray_app.ui.registry import PAGES
from tray_app.ui.shell.geometry import WindowMemory, clamped
from tray_app.ui.shell.navigation import Navigation
from tray_app.ui.shell.page_stack import PageStack

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tray_app.ui.links import Link
    from tray_app.ui.page import PageParts
    from tray_app.ui.page_entry import PageEntry
    from tray_app.ui.style.style import Style


class MainWindow(QMainWindow):
    """Closing hides it; whoever owns it decides what that means."""

    closed = Signal()
    opened = Signal()

    def __init__(self, style: Style, memory: WindowMemory, entries: tuple[PageEntry, ...] | None = None) -> None:
        super().__init__()
        self._style = style
        self._memory = memory
        self._entries = PAGES if entries is None else entries
        self._pages: PageStack | None = None
        self.messages = MessageBar(style)
        self._menu_button = _menu_button(style)
        self._navigation = Navigation(style, self._entries)
        self._navigation.currentRowChanged.connect(self._open_chosen)
        self._body = QStackedWidget()
        self.setWindowTitle(tr("Market Tray"))
        self.setWindowIcon(style.icons.application())
        self._arrange()
        self._add_shortcuts()
        self._restore_place()

    # --- what it shows ----------------------------------------------------------------------------------------

    def show_pages(self, parts: PageParts) -> None:
        """Show the pages from now on."""
        self._pages = PageStack(parts, self._entries)
        self._pages.link_requested.connect(self._open_link)
        self._body.addWidget(self._pages)
        self._body.setCurrentWidget(self._pages)
        self._navigation.setEnabled(True)
        self.open_page(self._memory.read().page or STATUS.name)

    def show_instead(self, panel: QWidget) -> None:
        """Show something in place of the pages."""
        self._body.addWidget(panel)
        self._body.setCurrentWidget(panel)
        self._navigation.setEnabled(False)

    def show_waiting(self, text: str) -> None:
        """Say in place of the pages what is being waited for."""
        made = label(self._style, text, tone=SECONDARY)
        made.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_instead(made)

    def open_page(self, name: str) -> None:
        """Show a page by its name; an unknown one counts as the first."""
        names = [entry.name for entry in self._entries]
        place = names.index(name) if name in names else 0
        if self._navigation.currentRow() == place:
            self._open_chosen(place)
        self._navigation.setCurrentRow(place)

    def come_forward(self) -> None:
        """Show the window above the others."""
        if self.isMinimized():
            self.setWindowState(self.windowState() & ~Qt.WindowState.WindowMinimized)
        is_new = not self.isVisible()
        self.show()
        self.raise_()
        self.activateWindow()
        if is_new:
            self.opened.emit()

    def offer_menu(self, menu: QMenu | None) -> None:
        """Carry the tray's menu while there is no tray."""
        self._menu_button.setMenu(menu)  # type: ignore[arg-type]
        self._menu_button.setVisible(menu is not None)

    # --- what it remembers ------------------------------------------------------------------------------------

    def remember(self) -> None:
        """Write down place and page."""
        place = self.normalGeometry() if self.isMaximized() else self.geometry()
        row = self._navigation.currentRow()
        kept = replace(
            self._memory.read(),
            place=(place.x(), place.y(), place.width(), place.height()),
            is_maximized=self.isMaximized(),
            page=self._entries[row].name if row >= 0 else "",
        )
        self._memory.write(kept)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Hide, and remember."""
        self.remember()
        super().closeEvent(event)
        self.closed.emit()

    # --- inner ------------------------------------------------------------------------------------------------

    def _open_chosen(self, place: int) -> None:
        if self._pages is not None and place >= 0:
            self._pages.open(place)

    def _open_link(self, link: Link) -> None:
        self.open_page(link.page)
        if self._pages is not None:
            self._pages.open_link(link)

    def _refresh(self) -> None:
        if self._pages is not None:
            self._pages.refresh()

    def _arrange(self) -> None:
        metrics = self._style.theme.metrics
        box = row(
            column(
                fill(self._navigation),
                aligned(self._menu_button, Qt.AlignmentFlag.AlignHCenter),
                margins=(0, 0, 0, metrics.small),
            ),
            fill(column(self.messages, fill(self._body), gap=0)),
            gap=0,
        )
        whole = QWidget()
        whole.setLayout(box)
        self.setCentralWidget(whole)
        self._navigation.setEnabled(False)
        self._menu_button.hide()

    def _add_shortcuts(self) -> None:
        for place, entry in enumerate(self._entries, start=1):
            shortcut = QShortcut(QKeySequence(f"Alt+{place}"), self)
            shortcut.activated.connect(lambda name=entry.name: self.open_page(name))
        QShortcut(QKeySequence(QKeySequence.StandardKey.Refresh), self).activated.connect(self._refresh)
        QShortcut(QKeySequence(QKeySequence.StandardKey.Cancel), self).activated.connect(self.close)

    def _restore_place(self) -> None:
        metrics = self._style.theme.metrics
        self.setMinimumSize(QSize(metrics.window_least, metrics.window_least))
        kept = self._memory.read()
        screens = [screen.availableGeometry() for screen in QGuiApplication.screens()]
        if kept.place is None:
            self.resize(clamped(QRect(0, 0, metrics.window_width, metrics.window_height), screens).size())
            return
        self.setGeometry(clamped(QRect(*kept.place), screens))
        if kept.is_maximized:
            self.setWindowState(Qt.WindowState.WindowMaximized)


def _menu_button(style: Style) -> QPushButton:
    made = button(style, tr("&Menu"))
    set_tip(made, tr("What the tray icon would offer; this desktop has no tray."))
    return made
