"""How long work is asked to stop."""

from typing import Protocol


class Cancellation(Protocol):
    """A flag the worker looks at between requests."""

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled when the user asked to stop."""

    def wait(self, seconds: float) -> None:
        """Wait so long, or raise Cancelled as soon as the user asks to stop."""
