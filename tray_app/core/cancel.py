"""How long work is asked to stop."""

from collections.abc import Callable
from typing import Protocol, TypeVar

Value = TypeVar("Value")


class OutOfTime(Exception):
    """Work was not done within the seconds it was given."""


class Cancellation(Protocol):
    """A flag the worker looks at between requests."""

    def raise_if_cancelled(self) -> None:
        """Raise Cancelled when the user asked to stop."""

    def wait(self, seconds: float) -> None:
        """Wait so long, or raise Cancelled as soon as the user asks to stop."""

    def within(self, seconds: float, work: Callable[[], Value]) -> Value:
        """Return what the work returns, or raise what it raises.

        Raises OutOfTime after so many seconds, Cancelled as soon as the user asks to stop; whatever the work hangs in
        then, it goes on by itself and nobody hears of its end: it must hold nothing that others wait for.
        """
