"""The current user's part of the Windows registry; elsewhere there is none."""

import sys
from typing import Any

if sys.platform == "win32":
    import winreg


class Registry:
    """Reads and writes single values under HKEY_CURRENT_USER."""

    def __init__(self, winreg: Any) -> None:
        self._winreg = winreg

    def read(self, key: str, name: str) -> str | int | bytes | None:
        """Return a value; nothing when it or its key is not there."""
        try:
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, key) as opened:
                value, _kind = self._winreg.QueryValueEx(opened, name)
        except OSError:
            return None
        return value if isinstance(value, str | int | bytes) else None

    def write(self, key: str, name: str, text: str) -> None:
        """Set a text. Raises OSError when a policy forbids it."""
        with self._winreg.CreateKeyEx(self._winreg.HKEY_CURRENT_USER, key, 0, self._winreg.KEY_SET_VALUE) as opened:
            self._winreg.SetValueEx(opened, name, 0, self._winreg.REG_SZ, text)

    def delete(self, key: str, name: str) -> None:
        """Remove a value; one that is not there is no error."""
        try:
            with self._winreg.OpenKey(self._winreg.HKEY_CURRENT_USER, key, 0, self._winreg.KEY_SET_VALUE) as opened:
                self._winreg.DeleteValue(opened, name)
        except FileNotFoundError:
            return


def user_registry() -> Registry | None:
    """Return the registry of the user who runs us; nothing on other systems."""
    found = None
    if sys.platform == "win32":
        found = Registry(winreg)
    return found
