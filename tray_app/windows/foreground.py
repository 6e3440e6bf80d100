"""Which process may bring its window to the front."""

import sys

if sys.platform == "win32":
    import ctypes


def let_come_forward(process: int) -> None:
    """Let another process raise its window; only the one the user has just started may give that right."""
    if sys.platform == "win32":
        ctypes.windll.user32.AllowSetForegroundWindow(process)
