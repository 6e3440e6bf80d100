"""The tray's menu: exactly the entries that the present state allows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QAction

from tray_app.ui.tray.commands import PauseChoice
from tray_app.ui.tray.menu import CollectEntry, MenuFacts, TrayMenu

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu
    from pytestqt.qtbot import QtBot

CRYPTO = CollectEntry("crypto", "Crypto", is_active=False)
LINE = "Last collected 2026-02-19 06:01 (scheduler) - success"
IDLE = MenuFacts(LINE, (CRYPTO,), is_ready=True)
BUSY = MenuFacts(
    "Collecting crypto: 3 of 5",
    (CollectEntry("crypto", "Crypto", is_active=True),),
    is_working=True,
    is_ready=True,
)


class Opened:
    """A menu, its facts and what it ordered."""

    def __init__(self) -> None:
        self.facts = IDLE
        self.heard: list[Any] = []
        self.menu = menu = TrayMenu(lambda: self.facts)
        menu.collect_requested.connect(lambda names: self.heard.append(("collect", names)))
        menu.pause_requested.connect(lambda choice: self.heard.append(("pause", choice)))
        menu.page_requested.connect(lambda name: self.heard.append(("page", name)))
        menu.cancel_requested.connect(lambda: self.heard.append("cancel"))
        menu.resume_requested.connect(lambda: self.heard.append("resume"))
        menu.folder_requested.connect(lambda: self.heard.append("folder"))
        menu.about_requested.connect(lambda: self.heard.append("about"))
        menu.quit_requested.connect(lambda: self.heard.append("quit"))

    def open(self, facts: MenuFacts) -> list[str]:
        self.facts = facts
        self.menu.aboutToShow.emit()
        return texts(self.menu)

    def act(self, *path: str) -> Any:
        menu: QMenu = self.menu
        for step in path[:-1]:
            below = action(menu, step).menu()
            assert below is not None
            menu = below  # type: ignore[assignment]
        action(menu, path[-1]).trigger()
        return self.heard.pop()


@pytest.fixture
def opened(qtbot: QtBot) -> Iterator[Opened]:
    made = Opened()
    yield made
    made.menu.deleteLater()


def texts(menu: QMenu) -> list[str]:
    return [each.text().replace("&", "") for each in menu.actions() if not each.isSeparator()]


def action(menu: QMenu, text: str) -> QAction:
    return next(each for each in menu.actions() if each.text().replace("&", "") == text)


def submenu(menu: QMenu, text: str) -> Any:
    return action(menu, text).menu()


def test_idle_menu_is_the_contract_word_for_word(opened: Opened) -> None:
    assert opened.open(IDLE) == [
        LINE,
        "Collect now",
        "Status...",
        "Crypto charts...",
        "Liquidity charts...",
        "Manual collection...",
        "Export to Parquet...",
        "Pause",
        "Settings...",
        "Log...",
        "Open data folder",
        "About",
        "Quit",
    ]
    assert texts(submenu(opened.menu, "Collect now")) == ["All", "Crypto"]
    assert texts(submenu(opened.menu, "Pause")) == ["1 hour", "Until tomorrow", "Until resumed"]


def test_only_work_can_be_cancelled(opened: Opened) -> None:
    assert "Cancel" not in opened.open(IDLE)
    assert opened.open(BUSY)[:3] == ["Collecting crypto: 3 of 5", "Collect now", "Cancel"]
    assert opened.act("Cancel") == "cancel"


def test_what_runs_already_cannot_be_asked_for_again(opened: Opened) -> None:
    opened.open(BUSY)
    collect = submenu(opened.menu, "Collect now")
    assert [each.isEnabled() for each in collect.actions() if not each.isSeparator()] == [False, False]


def test_a_pause_offers_its_end_instead_of_another(opened: Opened) -> None:
    shown = opened.open(MenuFacts(LINE, (CRYPTO,), is_paused=True, is_ready=True))
    assert "Resume" in shown
    assert "Pause" not in shown
    assert opened.act("Resume") == "resume"


def test_before_the_engine_is_open_there_is_little_to_do(opened: Opened) -> None:
    assert opened.open(MenuFacts("Starting")) == ["Starting", "Open data folder", "About", "Quit"]


def test_the_status_line_tells_and_does_nothing(opened: Opened) -> None:
    opened.open(MenuFacts("S&P 500"))
    first = opened.menu.actions()[0]
    assert first.text() == "S&&P 500"
    assert not first.isEnabled()


@pytest.mark.parametrize(
    ("path", "order"),
    [
        (("Collect now", "All"), ("collect", ("crypto",))),
        (("Collect now", "Crypto"), ("collect", ("crypto",))),
        (("Status...",), ("page", "status")),
        (("Crypto charts...",), ("page", "crypto")),
        (("Liquidity charts...",), ("page", "liquidity")),
        (("Pause", "1 hour"), ("pause", PauseChoice.ONE_HOUR)),
        (("Pause", "Until tomorrow"), ("pause", PauseChoice.UNTIL_TOMORROW)),
        (("Pause", "Until resumed"), ("pause", PauseChoice.UNTIL_RESUMED)),
        (("Manual collection...",), ("page", "collect")),
        (("Export to Parquet...",), ("page", "export")),
        (("Settings...",), ("page", "settings")),
        (("Log...",), ("page", "log")),
        (("Open data folder",), "folder"),
        (("About",), "about"),
        (("Quit",), "quit"),
    ],
)
def test_every_entry_orders_its_own(opened: Opened, path: tuple[str, ...], order: Any) -> None:
    opened.open(IDLE)
    assert opened.act(*path) == order


@pytest.mark.parametrize("facts", [IDLE, BUSY, MenuFacts(LINE, (CRYPTO,), is_paused=True, is_ready=True)])
def test_every_entry_has_a_key_of_its_own(opened: Opened, facts: MenuFacts) -> None:
    opened.open(facts)
    menus = [opened.menu, *(each.menu() for each in opened.menu.actions() if each.menu())]
    for menu in menus:
        keys = [each.text().lower().split("&")[1][0] for each in menu.actions() if each.isEnabled() and each.text()]  # type: ignore[attr-defined]
        assert len(keys) == len(set(keys)), keys


def test_reopening_leaves_no_old_submenus(opened: Opened, qtbot: QtBot) -> None:
    for _time in range(5):
        opened.open(IDLE)
    qtbot.waitUntil(lambda: len(opened.menu.findChildren(type(submenu(opened.menu, "Pause")))) == 2)
