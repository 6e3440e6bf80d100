"""The taskbar's brightness is heard of when it changes, on a real registry where there is one."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from tray_app.ui.tray.taskbar_watch import TaskbarWatch
from tray_app.windows.taskbar import THEME_KEY

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

on_windows = pytest.mark.skipif(sys.platform != "win32", reason="the taskbar's brightness is in the Windows registry")


@pytest.fixture
def theme_key() -> None:
    """Make the key, which a fresh user may lack."""
    if sys.platform == "win32":
        import winreg

        winreg.CreateKey(winreg.HKEY_CURRENT_USER, THEME_KEY).Close()


@on_windows
def test_every_change_is_heard(qtbot: QtBot, theme_key: None) -> None:
    if sys.platform == "win32":
        import winreg

        watch = TaskbarWatch()
        for value in (1, 0, 1):
            with (
                qtbot.waitSignal(watch.changed),
                winreg.OpenKey(winreg.HKEY_CURRENT_USER, THEME_KEY, 0, winreg.KEY_SET_VALUE) as key,
            ):
                winreg.SetValueEx(key, "SystemUsesLightTheme", 0, winreg.REG_DWORD, value)
        watch.close()


def test_a_watch_can_be_closed_twice(qtbot: QtBot) -> None:
    watch = TaskbarWatch()
    watch.close()
    watch.close()
    watch.deleteLater()
