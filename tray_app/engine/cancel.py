"""The flag that asks running work to stop."""

from threading import Event

from tray_app.core.errors import Cancelled


class CancelFlag:
    """Set from any thread, looked at by the working one."""

    def __init__(self) -> None:
        self._event = Event()

    def set(self) -> None:
        """Ask to stop."""
        self._event.set()

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
