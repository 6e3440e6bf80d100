"""Hears that the taskbar has turned light or dark, which Qt does not tell."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, Signal

from tray_app.windows.key_watch import watch_key
from tray_app.windows.taskbar import THEME_KEY

if sys.platform == "win32":
    from PySide6.QtCore import QWinEventNotifier
    from shiboken6 import VoidPtr


class TaskbarWatch(QObject):
    """Silent on systems that do not tell."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._watch = watch_key(THEME_KEY)
        self._notifier: QObject | None = None
        if sys.platform == "win32" and self._watch is not None:
            # A handle given as a number is refused.
            notifier = QWinEventNotifier(VoidPtr(self._watch.event), self)
            notifier.activated.connect(self._hear)
            notifier.setEnabled(True)
            self._notifier = notifier

    def close(self) -> None:
        """Hear no more."""
        if self._notifier is not None:
            self._notifier.deleteLater()
            self._notifier = None
        if self._watch is not None:
            self._watch.close()
            self._watch = None

    def _hear(self) -> None:
        if self._watch is not None:
            self._watch.arm()
            self.changed.emit()
