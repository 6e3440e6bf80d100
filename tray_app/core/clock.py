"""What the engine asks the time of; the real one lives at the edge, tests pass their own."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present instant in UTC."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards, for durations."""
