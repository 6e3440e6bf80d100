"""Hearing of changes under a registry key, by a Windows event instead of looking again and again."""

import sys
from typing import Any, Protocol

if sys.platform == "win32":
    import ctypes
    import winreg

RESETS_ITSELF = NOT_SET = WITHOUT_SUBKEYS = 0
AT_ONCE = 1


class KeyWatch(Protocol):
    """An event handle that Windows signals when a value of the key changes."""

    event: int

    def arm(self) -> None:
        """Ask to be told of the next change."""

    def close(self) -> None:
        """Ask no more."""


class WindowsKeyWatch:
    """One key under HKEY_CURRENT_USER."""

    def __init__(self, ctypes: Any, winreg: Any, key: str) -> None:
        self._handle = ctypes.c_void_p
        self._kernel = ctypes.WinDLL("kernel32")
        self._registry = ctypes.WinDLL("advapi32")
        self._kernel.CreateEventW.restype = ctypes.c_void_p
        self._kinds = winreg.REG_NOTIFY_CHANGE_LAST_SET
        self._key = winreg.OpenKey(winreg.HKEY_CURRENT_USER, key, 0, winreg.KEY_NOTIFY)
        self.event: int = self._kernel.CreateEventW(None, RESETS_ITSELF, NOT_SET, None)
        self.arm()

    def arm(self) -> None:
        """Ask to be told of the next change; Windows tells once for each time it is asked."""
        self._registry.RegNotifyChangeKeyValue(
            self._handle(int(self._key)), WITHOUT_SUBKEYS, self._kinds, self._handle(self.event), AT_ONCE
        )

    def close(self) -> None:
        """Give key and event back."""
        self._key.Close()
        self._kernel.CloseHandle(self._handle(self.event))


def watch_key(key: str) -> KeyWatch | None:
    """Return a watch of a key of the user's registry; nothing when it is not there, or on other systems."""
    if sys.platform == "win32":
        try:
            return WindowsKeyWatch(ctypes, winreg, key)
        except OSError:
            pass
    return None
