"""The tray app's start: who is first, then the icon, and only then everything that takes time to load."""

from __future__ import annotations

import gc
import logging
import os
import sys
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QApplication

from tray_app.memory import keep_one_arena
from tray_app.paths import resources
from tray_app.ui.shell.crash import CrashNet
from tray_app.ui.shell.single import InstanceLock
from tray_app.ui.tray.icon import Tray
from tray_app.windows.identity import set_application_id

if TYPE_CHECKING:
    from tray_app.ui.shell.opening import TrayParts

logger = logging.getLogger(__name__)

SWITCH_SECONDS = 0.001
CODE_ALREADY_RUNNING = 4


def start(parts: TrayParts) -> int:
    """Run the tray app until it has quit; returns the exit code."""
    keep_one_arena()
    seat = InstanceLock(parts.home)
    if not seat.take():
        code = _settle(seat, parts)
        if code is not None:
            return code
    crash = CrashNet(parts.home.logs)
    crash.arm()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        code, in_time = _run(parts, crash)
    finally:
        crash.disarm()
        seat.leave()
    return _end(code, in_time=in_time)


def _run(parts: TrayParts, crash: CrashNet) -> tuple[int, bool]:
    """Return the exit code, and whether every thread has ended."""
    set_application_id()
    application = _application()
    application.setQuitOnLastWindowClosed(False)
    tray = Tray(resources())
    from tray_app.ui.shell.program import Program  # noqa: PLC0415 - after the icon

    program = Program(application, parts, tray, crash)
    program.begin()
    code = application.exec()
    in_time = program.leave()
    tray.leave()
    del program, tray
    gc.collect()
    application.shutdown()
    return code, in_time


def _application() -> QApplication:
    present = QApplication.instance()
    application = present if isinstance(present, QApplication) else QApplication(sys.argv[:1])
    application.setApplicationName("Market Tray")
    return application


def _end(code: int, *, in_time: bool) -> int:
    """Return the exit code; a thread that does not end must not keep the process."""
    if not in_time:
        logger.error("a thread did not end in time; leaving without it")
        logging.shutdown()
        os._exit(code)
    return code


def _settle(seat: InstanceLock, parts: TrayParts) -> int | None:
    """Hand over to the first start and return the exit code; nothing when the place became ours meanwhile."""
    from tray_app.ui.shell.handover import say_stuck, take_or_hand_over  # noqa: PLC0415 - loads Qt's network

    application = _application()
    ours = take_or_hand_over(seat, parts.home.root)
    if ours:
        return None
    if ours is None:
        say_stuck(seat.holder(), in_window=not parts.hidden)
    application.shutdown()
    return 0 if ours is False else CODE_ALREADY_RUNNING
