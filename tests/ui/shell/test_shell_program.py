"""The tray app's life on the UI thread, with a real engine on a real file; this platform has no tray."""

from __future__ import annotations

import logging
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import present
import pytest
from patience import LIFTED, hold
from PySide6.QtCore import QUrl
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from support import COINGECKO

from tray_app.core.errors import AppError, DatabaseBusy
from tray_app.core.events import Notice
from tray_app.engine.launching import OpenedEngine
from tray_app.engine.opening import begin_empty, restore_store
from tray_app.paths import Home, resources
from tray_app.ui.shell import program as program_module
from tray_app.ui.shell.crash import CrashNet
from tray_app.ui.shell.geometry import WindowMemory, WindowState
from tray_app.ui.shell.opening import TrayParts
from tray_app.ui.shell.problem import ProblemPanel
from tray_app.ui.shell.program import Program
from tray_app.ui.shell.welcome import Welcome
from tray_app.ui.shell.window import MainWindow
from tray_app.ui.tray import host as tray_host
from tray_app.ui.tray.commands import PauseChoice
from tray_app.ui.tray.icon import Tray

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.demo.server import SampleServer

Start = Callable[..., "Living"]


class Living:
    """A program that has begun, and short ways to look at it."""

    def __init__(self, program: Program, qtbot: QtBot, left: list[int]) -> None:
        self.program = program
        self.exit_codes = left
        self._qtbot = qtbot

    def until(self, condition: Callable[[], object]) -> None:
        self._qtbot.waitUntil(lambda: bool(condition()))

    def texts(self) -> list[str]:
        return [each.text().replace("&", "") for each in self.program.menu.actions() if not each.isSeparator()]

    def open_menu(self) -> list[str]:
        self.program.menu.aboutToShow.emit()
        return self.texts()

    def window(self) -> MainWindow | None:
        return next((one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)), None)

    def shown(self) -> bool:
        window = self.window()
        return window is not None and window.isVisible()

    def said(self) -> list[str]:
        window = self.window()
        return [] if window is None else [one.text() for one in window.findChildren(QLabel) if one.isVisible()]

    def quit(self) -> None:
        self.program.quit()
        self.until(lambda: self.exit_codes)


@pytest.fixture
def parts(home: Home, launch: Callable[[], OpenedEngine]) -> TrayParts:
    def restore(file: Path) -> Path | None:

        return restore_store(home, file, present.now())

    return TrayParts(
        home, hidden=True, open_engine=launch, restore=restore, begin_empty=lambda: begin_empty(home, present.now())
    )


@pytest.fixture
def start(
    parts: TrayParts, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[..., Living]]:
    monkeypatch.setattr(tray_host, "WHILE_TRYING_MS", 10)
    qapp.setQuitOnLastWindowClosed(False)  # as the entry point does; it would end pytest's event loops
    hooks, style = (sys.excepthook, threading.excepthook), qapp.styleSheet()
    begun: list[Living] = []
    trays: list[Tray] = []

    def started(*, hidden: bool = True, open_engine: Callable[[], OpenedEngine] | None = None) -> Living:
        left: list[int] = []
        monkeypatch.setattr(qapp, "exit", left.append, raising=False)
        tray = Tray(resources())
        given = replace(parts, hidden=hidden, open_engine=open_engine or parts.open_engine)
        program = Program(qapp, given, tray, CrashNet(parts.home.logs))
        begun.append(Living(program, qtbot, left))
        trays.append(tray)
        program.begin()
        return begun[-1]

    yield started
    for living, tray in zip(begun, trays, strict=True):
        living.quit()
        assert living.program.leave()
        tray.leave()
    sys.excepthook, threading.excepthook = hooks
    qapp.setStyleSheet(style)
    qapp.setQuitOnLastWindowClosed(True)
    names = {"opening", "stopping", "worker", "ticker"}
    assert not [thread for thread in threading.enumerate() if thread.name in names]


def rows(home: Home, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home.database)) as connection:
        return connection.execute(question).fetchall()


def test_it_opens_collects_and_ends(start: Start, home: Home) -> None:
    living = start()
    assert living.open_menu() == ["Starting", "Open data folder", "About", "Quit"]
    living.until(lambda: "success" in living.open_menu()[0])
    assert "Collect now" in living.texts()
    living.quit()
    assert living.exit_codes == [0]
    assert living.open_menu()[0] == "Stopping"
    triggers = {trigger for (trigger,) in rows(home, "SELECT DISTINCT triggered_by FROM collection_runs")}
    assert triggers
    assert triggers <= {"catch-up", "scheduler"}


def test_collect_and_pause_from_the_menu(start: Start, home: Home) -> None:
    living = start()
    living.until(lambda: "success" in living.open_menu()[0])
    living.program.menu.collect_requested.emit(("crypto",))
    living.until(lambda: ("tray",) in rows(home, "SELECT triggered_by FROM collection_runs"))
    living.program.menu.pause_requested.emit(PauseChoice.ONE_HOUR)
    living.until(lambda: "Resume" in living.open_menu())
    living.program.menu.resume_requested.emit()
    living.until(lambda: "Pause" in living.open_menu())
    for choice in PauseChoice:
        living.program.menu.pause_requested.emit(choice)
        living.until(lambda: "Resume" in living.open_menu())
        living.program.menu.resume_requested.emit()
        living.until(lambda: "Pause" in living.open_menu())


def test_a_run_can_be_cancelled(start: Start, server: SampleServer, home: Home) -> None:
    hold(server, COINGECKO)
    living = start()
    living.until(lambda: "Cancel" in living.open_menu())
    living.program.menu.cancel_requested.emit()
    server.misbehave.clear()
    living.until(lambda: ("cancelled",) in rows(home, "SELECT status FROM collection_runs"))
    living.until(lambda: "Cancel" not in living.open_menu())


def test_hidden_without_a_tray_opens_the_window_with_the_menu(start: Start) -> None:
    living = start()
    living.until(living.shown)
    window = living.window()
    assert window is not None
    button = next(one for one in window.findChildren(QPushButton) if one.text() == "&Menu")
    living.until(button.isVisible)
    assert button.menu() is living.program.menu
    window.close()
    living.until(lambda: living.exit_codes)


def test_a_tray_that_comes_takes_the_menu_back(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    there: list[bool] = []
    monkeypatch.setattr(program_module, "tray_is_there", lambda: bool(there))
    monkeypatch.setattr(tray_host, "WHILE_ABSENT_MS", 10)
    living = start()
    living.until(living.shown)
    window = living.window()
    assert window is not None
    button = next(one for one in window.findChildren(QPushButton) if one.text() == "&Menu")
    living.until(button.isVisible)
    there.append(True)
    living.until(lambda: not button.isVisible())
    window.close()
    assert living.exit_codes == []


def test_a_hidden_start_with_a_tray_opens_no_window(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program_module, "tray_is_there", lambda: True)
    living = start()
    living.until(lambda: "success" in living.open_menu()[0])
    assert living.window() is None
    living.program.show_page("status")
    assert living.shown()


def test_a_first_start_welcomes_once_and_can_fetch_the_history(start: Start, home: Home, parts: TrayParts) -> None:
    living = start(hidden=False)
    living.until(lambda: welcome() is not None)
    assert WindowMemory(home.root).read().is_welcomed
    dialog = welcome()
    assert dialog is not None
    next(one for one in dialog.findChildren(QPushButton) if "history" in one.text()).click()
    living.until(lambda: ("tray", "history") in rows(home, "SELECT triggered_by, kind FROM collection_runs"))
    living.until(lambda: welcome() is None)
    living.quit()


def test_a_welcome_is_not_shown_twice(start: Start, home: Home, qtbot: QtBot) -> None:
    home.root.mkdir(parents=True)
    WindowMemory(home.root).write(WindowState(is_welcomed=True))
    living = start(hidden=False)
    living.until(lambda: "success" in living.open_menu()[0])
    assert welcome() is None


def welcome() -> Welcome | None:
    found = [one for one in QApplication.topLevelWidgets() if isinstance(one, Welcome) and one.isVisible()]
    return found[0] if found else None


def test_settings_that_cannot_be_read_are_told_in_the_window(start: Start, home: Home) -> None:
    home.root.mkdir(parents=True)
    home.settings.write_text("theme = [", encoding="utf-8")
    living = start(hidden=False)
    living.until(lambda: any("settings.toml could not be read" in text for text in living.said()))


def test_theme_and_prices_follow_the_settings(start: Start, home: Home, qapp: QApplication) -> None:
    home.root.mkdir(parents=True)
    home.settings.write_text('theme = "dark"', encoding="utf-8")
    living = start(hidden=False)
    living.until(lambda: qapp.palette().window().color().lightnessF() < 0.5)


@pytest.mark.parametrize(
    ("error", "title"),
    [
        (DatabaseBusy(), "The database is in use"),
        (AppError("Newer", "Too new.", "Update."), "Newer"),
        (ZeroDivisionError("ours"), "A fault in Market Tray"),
    ],
)
def test_an_engine_that_cannot_be_opened_is_told_and_tried_again(
    start: Start, parts: TrayParts, caplog: pytest.LogCaptureFixture, error: Exception, title: str
) -> None:
    answers: list[Exception] = [error]

    def open_engine() -> OpenedEngine:
        if answers:
            raise answers.pop()
        return parts.open_engine()

    living = start(open_engine=open_engine)
    living.until(lambda: title in living.said())
    assert living.open_menu() == ["Not running", "Open data folder", "About", "Quit"]
    assert [record.levelno for record in caplog.records if record.name.endswith("opening")] == [logging.ERROR]
    press(living, "Try again")
    living.until(lambda: "success" in living.open_menu()[0])
    assert title not in living.said()


def test_quitting_before_the_engine_could_be_opened_is_a_failure(
    start: Start, caplog: pytest.LogCaptureFixture
) -> None:
    def open_engine() -> OpenedEngine:
        raise DatabaseBusy

    living = start(open_engine=open_engine)
    living.until(lambda: "The database is in use" in living.said())
    press(living, "Quit")
    assert living.exit_codes == [1]


def test_a_damaged_database_is_set_aside_and_a_backup_restored(
    start: Start, home: Home, launch: Callable[[], OpenedEngine], monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = launch().engine
    backup = engine.backup()
    assert engine.stop()
    home.database.write_bytes(b"no database at all" * 1000)
    living = start()
    living.until(lambda: "The database is damaged" in living.said())
    assert list(home.root.glob("market-damaged-*.db"))
    chosen = [home.root / "missing.db", backup]
    monkeypatch.setattr(
        "tray_app.ui.shell.problem.QFileDialog.getOpenFileName", lambda *_words: (str(chosen.pop(0)), "Backups")
    )
    press(living, "Restore a backup...")
    living.until(lambda: "No such backup" in living.said())
    press(living, "Restore a backup...")
    living.until(lambda: "success" in living.open_menu()[0])


def test_a_damaged_database_can_be_left_for_an_empty_one(start: Start, home: Home) -> None:
    home.root.mkdir(parents=True)
    home.database.write_bytes(b"no database at all" * 1000)
    living = start()
    living.until(lambda: "The database is damaged" in living.said())
    press(living, "Start with an empty database")
    living.until(lambda: "success" in living.open_menu()[0])


def test_a_home_with_backups_but_without_its_database_asks(
    start: Start, home: Home, launch: Callable[[], OpenedEngine]
) -> None:
    engine = launch().engine
    engine.backup()
    assert engine.stop()
    home.database.unlink()
    living = start()
    living.until(lambda: "The database is missing" in living.said())
    assert not home.database.exists()
    press(living, "Start with an empty database")
    living.until(lambda: "success" in living.open_menu()[0])


def press(living: Living, text: str) -> None:
    window = living.window()
    assert window is not None
    panel = window.findChild(ProblemPanel)
    assert isinstance(panel, ProblemPanel)
    next(one for one in panel.ways if one.text().replace("&", "") == text).click()


def test_without_a_tray_notices_are_said_in_the_window(start: Start) -> None:
    living = start()
    living.until(living.shown)
    living.until(lambda: "success" in living.open_menu()[0])
    living.program.notify(Notice("Crypto failed", "CoinGecko이 응답하지 않습니다.", is_failure=True))
    assert "Crypto failed. CoinGecko이 응답하지 않습니다." in living.said()


def test_quitting_while_the_database_is_being_opened_waits_for_it(start: Start, parts: TrayParts) -> None:
    gate = threading.Event()

    def open_engine() -> OpenedEngine:
        gate.wait(LIFTED)
        return parts.open_engine()

    living = start(open_engine=open_engine)
    living.program.quit()
    assert living.exit_codes == []
    gate.set()
    living.until(lambda: living.exit_codes == [0])


def test_the_end_of_the_session_ends_the_engine_at_once(start: Start, qapp: QApplication) -> None:
    living = start()
    living.until(lambda: "success" in living.open_menu()[0])
    qapp.aboutToQuit.emit()
    assert not [thread for thread in threading.enumerate() if thread.name in {"worker", "ticker"}]


def test_the_data_folder_opens_or_is_named(start: Start, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []

    def refuse(url: QUrl) -> bool:
        opened.append(url.toLocalFile())
        return False

    monkeypatch.setattr("tray_app.ui.desktop.QDesktopServices.openUrl", refuse)
    living = start()
    living.program.open_data_folder()
    assert [Path(folder) for folder in opened] == [home.root]
    living.until(lambda: f"The data folder is {home.root}" in living.said())
