"""What every sample host offers; a new host is one file with such a class and a line of its dataset's sample hosts."""

from abc import ABC, abstractmethod
from datetime import datetime

from tray_app.demo.misbehave import Mode
from tray_app.demo.wire import Reply, Request


class Upstream(ABC):
    """One host's behaviour. Called from many threads at once; answers depend on the request and its time only."""

    @abstractmethod
    def answer(self, request: Request) -> Reply:
        """Return what the real host would, with made-up values."""

    def prepare(self, now: datetime) -> None:
        """Make what the first answer at about this instant takes long to make, so that nobody waits for it."""
        del now

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return this host's own body for an error mode, or None for the usual one."""
        del mode, request
        return None
