"""Under which name Windows groups our windows and notifications."""

import sys

if sys.platform == "win32":
    import ctypes

APPLICATION_ID = "MarketTray.MarketTray"


def set_application_id() -> None:
    """Name this process to the shell, so that notifications show Market Tray instead of the interpreter."""
    if sys.platform == "win32":
        ctypes.windll.shell32.SetCurrentProcessExplicitAppUserModelID(APPLICATION_ID)
