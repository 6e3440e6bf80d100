"""Who else may end the program: signals of the system, and the end of the session."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

if TYPE_CHECKING:
    from types import FrameType


class SystemSignals(QObject):
    """Brings SIGINT and SIGTERM into the event loop, where Python alone would not see them until something happens."""

    end_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._reading, self._writing = socket.socketpair()
        self._reading.settimeout(0)
        self._writing.settimeout(0)
        self._before_wakeup = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._before = {number: signal.signal(number, _note) for number in (signal.SIGINT, signal.SIGTERM)}
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._hear)

    def close(self) -> None:
        """Give the signals back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._before_wakeup)
        self._notifier.setEnabled(False)
        self._reading.close()
        self._writing.close()

    def _hear(self) -> None:
        self._reading.recv(64)
        self.end_requested.emit()


def _note(_number: int, _frame: FrameType | None) -> None:
    """Do nothing: a handler must exist for the wake-up to be written."""
