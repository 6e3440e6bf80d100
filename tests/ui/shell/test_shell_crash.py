"""The crash net: what is written, how often, and that it is shown once."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit

from tray_app import __version__
from tray_app.crashes import UNREAD
from tray_app.engine.launching import hear_thread_faults
from tray_app.ui.dialogs.program import CrashReport
from tray_app.ui.shell.crash import FILE, READ, CrashNet

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style

SEGFAULT = """
import ctypes, sys
from pathlib import Path
from tray_app.ui.shell.crash import CrashNet
CrashNet(Path(sys.argv[1])).arm()
ctypes.string_at(0)
"""
SECRET = "a-secret-that-must-not-stay"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "로그"


@pytest.fixture
def net(folder: Path) -> Iterator[CrashNet]:
    hooks = sys.excepthook, threading.excepthook
    made = CrashNet(folder)
    made.arm()
    yield made
    made.disarm()
    sys.excepthook, threading.excepthook = hooks


def break_down(text: str) -> None:
    raise RuntimeError(text)


def fail(net: CrashNet, text: str = "boom") -> None:
    try:
        break_down(text)
    except RuntimeError as error:
        net.catch(type(error), error, error.__traceback__)


def written(folder: Path) -> str:
    return (folder / FILE).read_text(encoding="utf-8")


def test_a_quiet_run_leaves_no_file(folder: Path) -> None:
    net = CrashNet(folder)
    net.arm()
    net.disarm()
    assert list(folder.iterdir()) == []
    assert net.unread() == ""


def test_an_error_is_logged_and_written_once_for_its_place(
    net: CrashNet, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for number in range(3):
        fail(net, f"값 {number}")
    assert written(folder).count("Traceback") == 1
    assert "RuntimeError: 값 0" in written(folder)
    assert len(caplog.records) == 1


def test_secrets_are_struck_out(net: CrashNet, folder: Path) -> None:
    net.know_secrets(lambda: (SECRET,))
    fail(net, f"refused key {SECRET}")
    assert SECRET not in written(folder)
    assert "refused key ***" in written(folder)


def test_neither_another_form_of_a_secret_nor_an_order_to_a_terminal_is_written(net: CrashNet, folder: Path) -> None:
    net.know_secrets(lambda: ("a/secret&that=stays",))
    fail(net, "GET /?key=a%2Fsecret%26that%3Dstays\x1b[2J\u202egnp")
    assert "GET /?key=***gnp" in written(folder)


def test_the_next_start_finds_it_and_shows_it_once(net: CrashNet, folder: Path) -> None:
    fail(net)
    net.disarm()
    second = CrashNet(folder)
    second.arm()
    assert "RuntimeError: boom" in second.unread()
    second.mark_read()
    second.mark_read()
    assert second.unread() == ""
    second.disarm()
    assert [file.name for file in folder.iterdir()] == [READ]


def test_what_was_not_shown_waits_for_the_start_that_shows_it(net: CrashNet, folder: Path) -> None:
    fail(net)
    net.disarm()
    for _start in range(2):
        quiet = CrashNet(folder)
        quiet.arm()
        quiet.disarm()
    assert "boom" in quiet.unread()
    assert (folder / UNREAD).exists()


def test_a_native_crash_is_written(folder: Path) -> None:
    done = subprocess.run([sys.executable, "-c", SEGFAULT, str(folder)], capture_output=True, check=False)
    assert done.returncode != 0
    net = CrashNet(folder)
    net.arm()
    assert "string_at" in net.unread()
    net.disarm()


def test_a_folder_that_cannot_be_written_stops_nothing(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "logs").write_text("a file in the folder's place", encoding="utf-8")
    net = CrashNet(tmp_path / "logs")
    net.arm()
    fail(net)
    net.disarm()
    assert len(caplog.records) == 1
    assert net.unread() == ""


def test_threads_are_heard_too(net: CrashNet, folder: Path) -> None:
    hear_thread_faults(net.catch)

    def raise_error() -> None:
        raise KeyError("in a thread")

    thread = threading.Thread(target=raise_error)
    thread.start()
    thread.join()
    assert "KeyError: 'in a thread'" in written(folder)


class Bell(QObject):
    rung = Signal()


@pytest.mark.qt_no_exception_capture
def test_an_error_in_a_slot_does_not_end_the_program(net: CrashNet, folder: Path, qtbot: QtBot) -> None:
    def raise_error() -> None:
        raise ValueError("in a slot")

    bell = Bell()
    heard: list[bool] = []
    bell.rung.connect(raise_error)
    bell.rung.connect(lambda: heard.append(True))
    bell.rung.emit()
    assert heard == [True]
    assert "ValueError: in a slot" in written(folder)


def test_the_report_can_be_copied_with_the_version(style: Style, qtbot: QtBot, tmp_path: Path) -> None:
    report = CrashReport(style, "Fatal Python error: 세그먼트", tmp_path)
    qtbot.addWidget(report)
    report.show()
    box = report.findChild(QPlainTextEdit)
    assert isinstance(box, QPlainTextEdit)
    assert "세그먼트" in box.toPlainText()
    report.copy()
    copied = QGuiApplication.clipboard().text()
    assert __version__ in copied
    assert "세그먼트" in copied
