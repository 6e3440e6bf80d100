"""The engine without a window: runs until the system or the user asks it to stop."""

import logging
import signal
from threading import Event
from types import FrameType

from tray_app.engine.facade import Engine

logger = logging.getLogger(__name__)

LOOK_SECONDS = 0.5


def serve(engine: Engine) -> None:
    """Collect by the schedule until SIGINT or SIGTERM."""
    stopping = Event()

    def stop(number: int, _frame: FrameType | None) -> None:
        logger.info("stopping on signal %d", number)
        stopping.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    engine.start()
    # A bare wait() would not let Windows deliver Ctrl+C.
    while not stopping.wait(LOOK_SECONDS):
        pass
