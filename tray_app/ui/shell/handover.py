"""A second start asks the first one to show itself, over a local socket that only the same user may use.

The talk is one line each way; both begin with the version, so that a newer program can tell an older one.
"""

from __future__ import annotations

import getpass
import hashlib
import logging
import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QElapsedTimer, QObject, QThread, QTimer, Signal
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QMessageBox

from tray_app.core.words import tr
from tray_app.ui.parts.text.plain import message_box
from tray_app.windows.foreground import let_come_forward

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tray_app.ui.shell.single import InstanceLock

logger = logging.getLogger(__name__)

SHOW = b"market-tray/1 show\n"
SHOWN = b"market-tray/1 shown\n"
UNKNOWN = b"market-tray/1 unknown\n"
LONGEST_LINE = 128
ANSWER_MS = 3000
CONNECT_MS = 500
PAUSE_MS = 100
PATIENCE_MS = 10_000


def server_name(root: Path) -> str:
    """Return the name of a user's and a home's socket; it tells neither.

    It is short, because POSIX takes 107 letters of a socket's path and a user's folder of temporary files may be long.
    """
    whole = f"{getpass.getuser()}\0{root}".encode()
    return f"market-tray-{hashlib.sha256(whole).hexdigest()[:12]}"


class ShowServer(QObject):
    """Hears second starts."""

    show_requested = Signal()

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._meet)
        name = server_name(root)
        if not self._server.listen(name):
            # We hold the lock, so a socket of this name was left by a process that died.
            QLocalServer.removeServer(name)
            if not self._server.listen(name):
                logger.warning("a second start will not find this one: %s", self._server.errorString())

    def close(self) -> None:
        """Stop hearing."""
        self._server.close()

    def _meet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.setReadBufferSize(LONGEST_LINE)
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._hear)
            QTimer.singleShot(ANSWER_MS, socket, socket.abort)
            if socket.bytesAvailable():
                self._answer(socket)

    def _hear(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._answer(socket)

    def _answer(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() >= LONGEST_LINE:
                socket.abort()
            return
        known = bytes(socket.readLine(LONGEST_LINE).data()) == SHOW
        socket.write(QByteArray(SHOWN if known else UNKNOWN))
        socket.flush()
        socket.disconnectFromServer()
        if known:
            self.show_requested.emit()


def hand_over(root: Path, holder: int) -> bool:
    """Ask the first start to show itself; False when it does not answer."""
    let_come_forward(holder)
    socket = QLocalSocket()
    socket.connectToServer(server_name(root))
    if not socket.waitForConnected(CONNECT_MS):
        return False
    socket.write(QByteArray(SHOW))
    answer = b""
    while not answer.endswith(b"\n") and len(answer) < LONGEST_LINE and socket.waitForReadyRead(ANSWER_MS):
        answer += bytes(socket.readAll().data())
    socket.abort()
    return answer == SHOWN


def take_or_hand_over(seat: InstanceLock, root: Path, pause: Callable[[int], None] = QThread.msleep) -> bool | None:
    """Settle who is first: True when the place is ours now, False when handed over, None when nobody answered.

    The other one may be starting (no socket yet) or quitting (no socket any more): both end within the patience.
    """
    waited = QElapsedTimer()
    waited.start()
    while waited.elapsed() < PATIENCE_MS:
        if hand_over(root, seat.holder()):
            return False
        if seat.take():
            return True
        pause(PAUSE_MS)
    return True if seat.take_from_dead() else None


def say_stuck(holder: int, *, in_window: bool) -> None:
    """Tell that the first start is there but does not answer."""
    title = tr("Market Tray does not answer")
    text = tr("It runs already (process {number}) but does not answer. End it in the task manager.", number=holder)
    if sys.stderr is not None:
        sys.stderr.write(f"{title}. {text}\n")
    if in_window:
        message_box(QMessageBox.Icon.Warning, title, text).exec()
