"""Which process may bring its window to the front."""

import sys


def let_come_forward(process: int) -> None:
    """Let another process raise its window; only the one the user has just started may give that right."""
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 - slow to load, for Windows only

        ctypes.windll.user32.AllowSetForegroundWindow(process)
