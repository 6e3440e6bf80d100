"""The flag that asks running work to stop."""

import os
import sys
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from threading import Event, Thread

from tray_app.core.cancel import OutOfTime, Value
from tray_app.core.errors import Cancelled

STANDARD_INPUT = 0
LOOK_SECONDS = 0.2


class CancelFlag:
    """Set from any thread, looked at by the working one."""

    def __init__(self) -> None:
        self._event = Event()
        self._leaving = False

    def set(self) -> None:
        """Ask to stop, because the user wants no more of this work."""
        self._event.set()

    def leave(self) -> None:
        """Ask to stop, because the program ends: the work is to be taken up again later."""
        self._leaving = not self._event.is_set() or self._leaving
        self._event.set()

    @property
    def is_leaving(self) -> bool:
        """Whether the end of the program was the reason."""
        return self._leaving

    @property
    def is_set(self) -> bool:
        """Whether the work was asked to stop."""
        return self._event.is_set()

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled when asked to stop."""
        if self._event.is_set():
            raise Cancelled

    def wait(self, seconds: float) -> None:
        """Wait so long, or raise Cancelled as soon as asked to stop."""
        if self._event.wait(seconds):
            raise Cancelled

    def within(self, seconds: float, work: Callable[[], Value]) -> Value:
        """Do work on a thread of its own; see core/cancel.py.

        A name lookup cannot be ended from outside, nor can a check of certificates by the system: only left behind.
        The thread is none that the end of the program waits for.
        """
        self.raise_if_cancelled()
        until = time.monotonic() + seconds
        outcome: Future[Value] = Future()
        Thread(target=_settle, args=(outcome, work), name="request", daemon=True).start()
        while not wait([outcome], min(LOOK_SECONDS, max(0.0, until - time.monotonic()))).done:
            self.raise_if_cancelled()
            if time.monotonic() >= until:
                raise OutOfTime
        return outcome.result()


def _settle(outcome: "Future[Value]", work: Callable[[], Value]) -> None:
    try:
        outcome.set_result(work())
    except BaseException as error:
        outcome.set_exception(error)


def read_line() -> str:
    """Return the line on standard input. Raises Cancelled when that ends before: the parent wants nothing any more.

    To be asked before stop_with_parent. Past the line nothing is expected.
    """
    found = b""
    while not found.endswith(b"\n"):
        part = os.read(STANDARD_INPUT, 1 << 16)
        if not part:
            raise Cancelled
        found += part
    return found.decode(errors="replace")


def stop_with_parent(cancel: CancelFlag) -> None:
    """Set the flag when standard input closes: the parent closes it to stop us, the system when the parent ends."""

    def wait() -> None:
        _wait_for_end_of_input()
        cancel.set()

    Thread(target=wait, name="parent", daemon=True).start()


if sys.platform == "win32":
    import _winapi
    import msvcrt

    def _wait_for_end_of_input() -> None:
        # A read that waits would hold up every library that asks at its start what standard input is.
        handle, never = msvcrt.get_osfhandle(STANDARD_INPUT), Event()
        try:
            while not never.wait(LOOK_SECONDS):
                _winapi.PeekNamedPipe(handle, 0)
        except BrokenPipeError:
            return

else:

    def _wait_for_end_of_input() -> None:
        # Not sys.stdin: its lock, held by a waiting thread, would be missed at the end of the process.
        while os.read(STANDARD_INPUT, 1):
            pass
