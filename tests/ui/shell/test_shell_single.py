"""One tray app per home: locks, and what a second start says to the first."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLockFile
from PySide6.QtNetwork import QLocalSocket

from tray_app.paths import Home
from tray_app.ui.shell import handover
from tray_app.ui.shell.handover import SHOW, SHOWN, UNKNOWN, ShowServer, hand_over, server_name, take_or_hand_over
from tray_app.ui.shell.single import FILE, InstanceLock
from ui.patience import PATIENCE_MS

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

HOLD = """
import sys
from PySide6.QtCore import QLockFile
lock = QLockFile(sys.argv[1])
lock.setStaleLockTime(0)
print(lock.tryLock(0), flush=True)
sys.stdin.read()
if sys.argv[2] == "dies":
    import os
    os._exit(9)
"""

SECOND = """
import sys
from pathlib import Path
from tray_app.ui.shell import handover
handover.ANSWER_MS = handover.CONNECT_MS = int(sys.argv[3])
print(handover.hand_over(Path(sys.argv[1]), int(sys.argv[2])))
"""


@pytest.fixture
def listening(home: Home, qtbot: QtBot) -> Iterator[ShowServer]:
    made = ShowServer(home.root)
    yield made
    made.close()
    made.deleteLater()


def other_process(home: Home, end: str) -> subprocess.Popen[str]:
    home.locks.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-c", HOLD, str(home.locks / FILE), end]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "True\n"
    return process


def second_start(home: Home, qtbot: QtBot) -> str:
    """Hand over from a process of its own while this one serves it."""
    command = [sys.executable, "-c", SECOND, str(home.root), str(os.getpid()), str(PATIENCE_MS)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    qtbot.waitUntil(lambda: process.poll() is not None)
    return process.communicate()[0].strip()


def test_a_home_has_one_seat(home: Home) -> None:
    first, second = InstanceLock(home), InstanceLock(home)
    assert first.take()
    assert not second.take()
    assert not second.take_from_dead()
    assert second.holder() == os.getpid()
    first.leave()
    assert second.take()
    second.leave()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipe among the files of a folder")
def test_a_pipe_with_the_locks_name_is_not_waited_for(home: Home) -> None:
    home.locks.mkdir(parents=True)
    os.mkfifo(home.locks / FILE)
    # Opening the home then tells what is in the way.
    assert InstanceLock(home).take()


def test_two_homes_have_two(home: Home) -> None:
    first, second = InstanceLock(home), InstanceLock(Home(home.root.with_name("other")))
    assert first.take()
    assert second.take()
    first.leave()
    second.leave()


def test_the_lock_of_a_dead_process_is_healed(home: Home) -> None:
    process = other_process(home, "dies")
    seat = InstanceLock(home)
    assert not seat.take()
    assert seat.holder() == process.pid
    process.communicate("")
    assert (home.locks / FILE).exists()
    assert seat.take()
    seat.leave()


def test_a_lock_whose_process_number_was_given_anew_is_healed(home: Home) -> None:
    held = QLockFile(str(home.locks / FILE))
    home.locks.mkdir(parents=True)
    assert held.tryLock(0)
    text = (home.locks / FILE).read_bytes()
    held.unlock()
    (home.locks / FILE).write_bytes(text)  # says that we hold it, but nobody does
    os.utime(home.locks / FILE, (1_700_000_000, 1_700_000_000))
    seat = InstanceLock(home)
    assert not seat.take()
    assert seat.take_from_dead()
    seat.leave()


def test_a_home_that_cannot_be_written_does_not_keep_us_from_saying_so(home: Home) -> None:
    home.root.parent.mkdir(parents=True)
    home.root.write_text("a file in the folder's place", encoding="utf-8")
    seat = InstanceLock(home)
    assert seat.take()
    seat.leave()


def test_a_second_start_shows_the_first(home: Home, listening: ShowServer, qtbot: QtBot) -> None:
    with qtbot.waitSignal(listening.show_requested):
        assert second_start(home, qtbot) == "True"


@pytest.mark.skipif(sys.platform == "win32", reason="a named pipe leaves nothing behind")
def test_a_socket_left_by_a_dead_process_is_taken_over(home: Home, qtbot: QtBot) -> None:
    first, second = ShowServer(home.root), ShowServer(home.root)
    with qtbot.waitSignal(second.show_requested):
        assert second_start(home, qtbot) == "True"
    for one in (first, second):
        one.close()
        one.deleteLater()


def test_nobody_is_no_answer(home: Home, qtbot: QtBot) -> None:
    assert hand_over(home.root, os.getpid()) is False


def test_names_tell_homes_apart_and_tell_no_path(home: Home) -> None:
    name = server_name(home.root)
    assert name == server_name(home.root)
    assert name != server_name(home.root.parent)
    assert len(name) < 60
    assert home.root.name not in name


@pytest.mark.parametrize("line", [b"market-tray/2 show\n", b"GET / HTTP/1.1\n", b"\n", b"\xff\xfe\n"])
def test_an_unknown_word_is_answered_and_shows_nothing(
    home: Home, listening: ShowServer, qtbot: QtBot, line: bytes
) -> None:
    shown: list[bool] = []
    listening.show_requested.connect(lambda: shown.append(True))
    assert talk(home, qtbot, line) == UNKNOWN
    assert shown == []


def test_a_line_in_two_pieces_is_one_line(home: Home, listening: ShowServer, qtbot: QtBot) -> None:
    assert talk(home, qtbot, SHOW[:5], SHOW[5:]) == SHOWN


def test_a_line_without_end_is_cut_off(home: Home, listening: ShowServer, qtbot: QtBot) -> None:
    assert talk(home, qtbot, b"x" * 4096) == b""


def test_who_says_nothing_is_let_go(
    home: Home, listening: ShowServer, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handover, "ANSWER_MS", 1)
    assert talk(home, qtbot) == b""


def talk(home: Home, qtbot: QtBot, *pieces: bytes) -> bytes:
    """Send pieces and return what came back until the server hung up."""
    socket = QLocalSocket()
    with qtbot.waitSignal(socket.connected):
        socket.connectToServer(server_name(home.root))
    for piece in pieces:
        socket.write(piece)
        socket.flush()
    qtbot.waitUntil(lambda: socket.state() is QLocalSocket.LocalSocketState.UnconnectedState)
    return bytes(socket.readAll().data())


def test_a_second_start_waits_for_a_first_that_is_quitting(home: Home, qtbot: QtBot) -> None:
    process = other_process(home, "leaves")
    seat = InstanceLock(home)
    paused: list[int] = []

    def pause(milliseconds: int) -> None:
        paused.append(milliseconds)
        process.communicate("")

    assert not seat.take()
    assert take_or_hand_over(seat, home.root, pause) is True
    assert len(paused) == 1
    seat.leave()


def test_a_first_that_hangs_is_told_of(home: Home, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handover, "PATIENCE_MS", 50)
    process = other_process(home, "leaves")
    seat = InstanceLock(home)
    assert take_or_hand_over(seat, home.root) is None
    process.communicate("")
