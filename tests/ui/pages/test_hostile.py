"""Names, titles, notes, paths and errors that look like markup: no page renders them, and none opens what they name."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QLabel, QWidget
from shiboken6 import isValid
from support import ALL_NAMES

from tray_app.core.errors import AppError, DatabaseDamaged
from tray_app.core.events import RunFinished, RunProgress
from tray_app.ui.charts.plot import Plot
from tray_app.ui.dialogs.program import About, CrashReport
from tray_app.ui.links import InstrumentLink
from tray_app.ui.page_entry import PageEntry
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel
from tray_app.ui.parts.notice.message_bar import MessageBar
from tray_app.ui.registry import PAGES
from tray_app.ui.shell.problem import ProblemPanel
from ui.pages import hostile
from ui.pages.exchange import SAMSUNG

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tray_app.ui.page import Page
    from tray_app.ui.style.style import Style
    from ui.pages.world import World

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support (raise|grabbing)")
TODAY = datetime.now(UTC).date()
# The other pages show such texts when something has happened.
FILLED = frozenset(page.name for page in PAGES) - {"log", "settings"}
# These go on to another program or page, or write the store the next page reads.
LEFT_ALONE = ("&Delete", "Save", "Back up now", "Verify")


@pytest.fixture
def canary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[hostile.Canary]:
    laid = hostile.Canary(tmp_path / "canary.png")
    laid.lay()
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: True)
    yield laid
    assert not laid.openings()
    laid.path.read_bytes()
    assert laid.openings() or not laid.is_watched, "the watch sees nothing"


@pytest.fixture
def poisoned(world: World, canary: hostile.Canary) -> World:
    hostile.fill(world, canary, TODAY)
    return world


def look_at(*windows: QWidget) -> None:
    """Draw everything."""
    for window in windows:
        assert not hostile.markup_on_show(window)
        assert not hostile.shows_picture(window)


def hover_over(*windows: QWidget, seen: set[QWidget]) -> None:
    """Draw everything, and every tooltip of what was not seen before."""
    look_at(*windows)
    for window in windows:
        for tip in hostile.hover(window, seen):
            look_at(tip)


def settle(world: World, page: Page) -> None:
    world.qtbot.wait(10)
    world.until(lambda: getattr(page, "is_settled", True))
    world.qtbot.wait(10)


def others(page: Page) -> list[QWidget]:
    """Return the dialogs, menus and popups beside a page."""
    return [window for window in hostile.windows() if window is not page.window()]


def open_everything(world: World, page: Page) -> None:
    """Press every button, activate every row, turn every chart's crosshair on."""
    seen: set[QWidget] = set()
    hover_over(page, seen=seen)
    for view in page.findChildren(QAbstractItemView):
        if view.isVisible() and view.model().rowCount():
            view.setCurrentIndex(view.model().index(0, 0))
            QTest.keyClick(view, Qt.Key.Key_Return)
            settle(world, page)
            hover_over(*hostile.windows(), seen=seen)
    for button in page.findChildren(QAbstractButton):
        if isValid(button) and button.isVisible() and button.isEnabled() and not button.text().startswith(LEFT_ALONE):
            button.click()
            settle(world, page)
            hover_over(*hostile.windows(), seen=seen)
            for other in others(page):
                other.close()
    for plot in page.findChildren(Plot):
        plot.setFocus()
        QTest.mouseMove(plot.viewport(), QPoint(plot.width() // 2, plot.height() // 2))
        QTest.keyClick(plot, Qt.Key.Key_Left)
        assert not hostile.shows_picture(plot)


def tell(page: Page, text: str) -> None:
    """Say the text in every way a page says what has happened."""
    for panel in page.findChildren(ErrorPanel):
        panel.show_error(ErrorFacts(text, text, text, text))
        panel.unfold(unfolded=True)
    for bar in page.findChildren(MessageBar):
        bar.say(text, is_failure=True)
    run = hostile.failed(page.parts.engine.runs()[0], text)
    for name in ALL_NAMES:
        page.on_event(RunProgress(run.run_id, name, text, 1, 3, note=text, part_done=1, part_total=2))
    page.on_event(RunFinished(run))


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.name)
def test_no_page_takes_a_text_for_markup(poisoned: World, canary: hostile.Canary, entry: PageEntry) -> None:
    page = entry.make(poisoned.parts)
    poisoned.show(page)
    settle(poisoned, page)
    if entry.name == "instruments":
        page.open_link(InstrumentLink(SAMSUNG))
        settle(poisoned, page)
    shown = [each for each in page.findChildren(ErrorPanel) if each.isVisible()]
    assert [each.accessibleDescription() for each in shown] == []
    said = texts_of(page)
    assert ("hostile" in said) is (entry.name in FILLED), said
    open_everything(poisoned, page)
    tell(page, canary.text)
    hover_over(*hostile.windows(), seen=set())
    page.close()


def texts_of(page: Page) -> str:
    """Return everything a page's labels and tables say."""
    said = [label.text() for label in page.findChildren(QLabel)]
    for view in page.findChildren(QAbstractItemView):
        said += [str(cell.data()) for cell in hostile.cells(view)]
    return "\n".join(said)


def test_the_windows_beside_the_pages_are_plain_too(style: Style, canary: hostile.Canary, qtbot: QtBot) -> None:
    folder = canary.path.parent / canary.text
    shown = (
        About(style, folder),
        CrashReport(style, canary.text, folder),
        ProblemPanel(style, AppError(canary.text, canary.text, canary.text), folder),
        ProblemPanel(style, DatabaseDamaged(canary.text, canary.text), folder),
        ProblemPanel(style, RuntimeError(canary.text), folder),
    )
    for window in shown:
        qtbot.addWidget(window)
        window.show()
        hover_over(window, seen=set())
