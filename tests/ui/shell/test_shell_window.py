"""The main window: pages made when first opened, keys, messages, and what it remembers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QListWidget, QMenu, QPushButton, QWidget

from tray_app.logs import LogTail
from tray_app.paths import Home
from tray_app.ui.links import Link
from tray_app.ui.page import Page, PageParts
from tray_app.ui.page_entry import PageEntry
from tray_app.ui.parts.notice.error_panel import ErrorPanel
from tray_app.ui.registry import PAGES
from tray_app.ui.shell.geometry import WindowMemory, WindowState
from tray_app.ui.shell.page_stack import PageStack
from tray_app.ui.shell.window import MainWindow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.engine.facade import Engine
    from tray_app.ui.style.style import Style


Part = TypeVar("Part", bound=QWidget)


class NotedPage(Page):
    """Counts its refreshes."""

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        self.refreshes = 0

    def refresh(self) -> None:
        self.refreshes += 1


class CryptoLink(Link):
    """Leads to the second page."""

    page = "crypto"


def broken(_parts: PageParts) -> Page:
    raise RuntimeError("no such page yet")


ENTRIES = (
    PageEntry("status", "상태", "status", NotedPage),
    PageEntry("crypto", "Crypto", "crypto", NotedPage),
    PageEntry("log", "Log", "log", broken),
)


@pytest.fixture
def parts(engine: Engine, style: Style, qtbot: QtBot) -> Iterator[PageParts]:
    from tray_app.ui.queries.bridge import Bridge

    bridge = Bridge(engine)
    yield PageParts(engine, bridge, style, LogTail())
    bridge.close()
    bridge.deleteLater()


@pytest.fixture
def memory(home: Home) -> WindowMemory:
    home.root.mkdir(parents=True, exist_ok=True)
    return WindowMemory(home.root)


@pytest.fixture
def make(style: Style, memory: WindowMemory, qtbot: QtBot) -> Callable[[], MainWindow]:
    def made() -> MainWindow:
        window = MainWindow(style, memory, ENTRIES)
        qtbot.addWidget(window)
        window.come_forward()
        qtbot.waitExposed(window)
        return window

    return made


@pytest.fixture
def window(make: Callable[[], MainWindow], parts: PageParts) -> MainWindow:
    window = make()
    window.show_pages(parts)
    return window


def stack(window: MainWindow) -> PageStack:
    return child(window, PageStack)


def child(window: MainWindow, kind: type[Part]) -> Part:
    found = window.findChild(kind)
    assert isinstance(found, kind)
    return found


def shown(window: MainWindow) -> QWidget:
    page = stack(window).currentWidget()
    assert page is not None
    return page


def test_pages_are_made_when_first_opened(window: MainWindow) -> None:
    assert stack(window).count() == 1
    window.open_page("crypto")
    window.open_page("status")
    window.open_page("crypto")
    assert stack(window).count() == 2


def test_the_first_page_shows_unless_another_is_remembered(
    make: Callable[[], MainWindow], parts: PageParts, memory: WindowMemory
) -> None:
    for remembered, row in (("", 0), ("crypto", 1), ("gone", 0)):
        memory.write(WindowState(page=remembered))
        window = make()
        window.show_pages(parts)
        assert child(window, QListWidget).currentRow() == row
        assert stack(window).count() == 1


def test_alt_and_a_number_open_a_page(window: MainWindow, qtbot: QtBot) -> None:
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    assert child(window, QListWidget).currentRow() == 1
    QTest.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.AltModifier)
    assert child(window, QListWidget).currentRow() == 0


def test_arrows_walk_through_the_pages(window: MainWindow, qtbot: QtBot) -> None:
    pages = child(window, QListWidget)
    pages.setFocus()
    QTest.keyClick(pages, Qt.Key.Key_Down)
    assert shown(window).accessibleName() == "Crypto"


def test_f5_refreshes_the_shown_page(window: MainWindow, qtbot: QtBot) -> None:
    page = shown(window)
    assert isinstance(page, NotedPage)
    before = page.refreshes
    QTest.keyClick(window, Qt.Key.Key_F5)
    assert page.refreshes == before + 1


def test_a_page_that_cannot_be_made_says_so_and_harms_no_other(
    window: MainWindow, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    window.open_page("log")
    panel = shown(window)
    assert isinstance(panel, ErrorPanel)
    panel.copy()
    assert "no such page yet" in QGuiApplication.clipboard().text()
    assert "the page log could not be made" in caplog.text
    QTest.keyClick(window, Qt.Key.Key_F5)
    window.open_page("status")
    assert isinstance(shown(window), NotedPage)


def test_one_page_leads_to_another(window: MainWindow) -> None:
    page = shown(window)
    assert isinstance(page, Page)
    page.link_requested.emit(CryptoLink())
    assert child(window, QListWidget).currentRow() == 1


def test_escape_closes_and_the_window_comes_back_as_it_was(
    window: MainWindow, make: Callable[[], MainWindow], parts: PageParts, memory: WindowMemory, qtbot: QtBot
) -> None:
    window.setGeometry(40, 60, 640, 500)
    window.open_page("crypto")
    with qtbot.waitSignal(window.closed):
        QTest.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    assert memory.read() == WindowState((40, 60, 640, 500), is_maximized=False, page="crypto")
    again = make()
    again.show_pages(parts)
    assert again.geometry() == window.geometry()
    assert child(again, QListWidget).currentRow() == 1


def test_remembering_keeps_what_others_wrote(window: MainWindow, memory: WindowMemory) -> None:
    memory.write(WindowState(is_welcomed=True))
    window.close()
    assert memory.read().is_welcomed


def test_a_window_left_on_a_screen_that_is_gone_comes_back(
    make: Callable[[], MainWindow], memory: WindowMemory
) -> None:
    memory.write(WindowState(place=(90_000, 90_000, 640, 500)))
    assert QGuiApplication.primaryScreen().availableGeometry().contains(make().geometry())


def test_before_the_engine_is_open_the_window_says_what_it_waits_for(make: Callable[[], MainWindow]) -> None:
    window = make()
    window.show_waiting("Opening the database")
    assert "Opening the database" in [label.text() for label in window.findChildren(QLabel) if label.isVisible()]
    assert not child(window, QListWidget).isEnabled()


def test_a_message_is_said_until_closed(window: MainWindow, qtbot: QtBot) -> None:
    assert window.messages.isHidden()
    window.messages.say("settings.toml을 읽을 수 없습니다.", is_failure=True)
    assert window.messages.isVisible()
    assert window.messages.accessibleName() == "settings.toml을 읽을 수 없습니다."
    close = window.messages.findChild(QPushButton)
    assert close is not None
    QTest.mouseClick(close, Qt.MouseButton.LeftButton)
    assert window.messages.isHidden()


def test_the_menu_is_offered_only_without_a_tray(window: MainWindow) -> None:
    button = next(one for one in window.findChildren(QPushButton) if one.text() == "&Menu")
    assert not button.isVisible()
    menu = QMenu()
    window.offer_menu(menu)
    assert button.isVisible()
    assert button.menu() is menu
    window.offer_menu(None)
    assert not button.isVisible()
    menu.deleteLater()


def test_every_page_has_a_name_an_icon_and_a_title() -> None:
    names = ["status", "crypto", "liquidity", "instruments", "collect", "export", "log", "settings"]
    assert [page.name for page in PAGES] == names
    assert len({page.title for page in PAGES}) == len(PAGES)


def test_every_link_leads_to_a_page() -> None:
    assert {link.page for link in Link.__subclasses__()} <= {page.name for page in PAGES}


def test_the_navigation_reads_well_aloud(window: MainWindow) -> None:
    pages = child(window, QListWidget)
    assert pages.accessibleName() == "Pages"
    assert [pages.item(row).text() for row in range(pages.count())] == ["상태", "Crypto", "Log"]
    assert pages.item(1).toolTip() == "Crypto (Alt+2)"
