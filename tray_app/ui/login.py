"""Starting at login: the command that brings back this home's tray app, without a window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tray_app.paths import Home, find_home, is_frozen
from tray_app.windows.autostart import Autostart, autostart

if TYPE_CHECKING:
    from collections.abc import Sequence


def login_start(home: Home) -> Autostart:
    """Return what starts this home's tray app at login."""
    named = () if home == find_home(None, {}) else ("--home", str(home.root))
    return autostart(login_command(_program(), named))


def login_command(program: Sequence[str], named: Sequence[str]) -> str:
    """Return the command line for the next login, its path quoted."""
    executable, *rest = (*program, *named, "run", "--hidden")
    return f'"{executable}" {subprocess.list2cmdline(rest)}'


def _program() -> tuple[str, ...]:
    if is_frozen():
        return (sys.executable,)
    # The interpreter that opens no console, where there is one.
    windowed = Path(sys.executable).with_name("pythonw.exe")
    return (str(windowed if windowed.exists() else sys.executable), "-m", "tray_app")
