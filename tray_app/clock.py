"""The computer's clock, or one that was started on a past day so that it can be lived again."""

import time
from datetime import UTC, datetime, timedelta

from tray_app.core.errors import BadInput
from tray_app.core.times import parse_instant
from tray_app.core.words import tr

NOW_VARIABLE = "MARKET_TRAY_NOW"


class SystemClock:
    """The real time, moved by a fixed offset."""

    def __init__(self, offset: timedelta = timedelta()) -> None:
        self._offset = offset

    def now(self) -> datetime:
        """Return the present instant in UTC."""
        return datetime.now(UTC) + self._offset

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()


def clock_from(starts_at: str) -> SystemClock:
    """Return the clock that a value of MARKET_TRAY_NOW asks for (ISO with a zone); the real one when empty."""
    if not starts_at:
        return SystemClock()
    try:
        start = parse_instant(starts_at)
    except ValueError as error:
        raise BadInput(
            tr("MARKET_TRAY_NOW is not a time"),
            tr("MARKET_TRAY_NOW is {text}, which is not a time with a zone.", text=starts_at),
            tr("Write it like 2026-08-22T10:50:00Z."),
        ) from error
    return SystemClock(start - datetime.now(UTC))
