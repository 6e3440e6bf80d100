"""Whether this computer's clock is right, by the dates that the sources' answers bear."""

from collections.abc import Callable
from datetime import datetime, timedelta

from tray_app.core.errors import WrongClock
from tray_app.core.words import tr

# Off by more, the clock is named beside whatever else a run has to tell.
OFF = timedelta(hours=1)
# Off by more, everything that is told by today's date would be wrong: what is due, what is old, what was seen when.
FAR_OFF = timedelta(days=30)


class ClockCheck:
    """Hears the dates of a run's answers: one that agrees is enough to take others for a fault of their hosts."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._is_confirmed = False
        self._doubt: WrongClock | None = None

    def hear(self, host: str, sent_at: datetime) -> None:
        """Take when a host sent an answer, by its clock. Raises WrongClock when ours is far off and nobody agrees."""
        here = self._now()
        off = abs(here - sent_at)
        if off <= OFF:
            self._is_confirmed, self._doubt = True, None
        if off <= OFF or self._is_confirmed:
            return
        self._doubt = WrongClock(host, here, sent_at)
        if off > FAR_OFF:
            raise self._doubt

    @property
    def is_far_off(self) -> bool:
        """Whether answers were refused because of the clock, and none agreed with it since."""
        return self._doubt is not None and self._doubt.off > FAR_OFF

    @property
    def said(self) -> str:
        """Return what both clocks show, where nobody agreed with ours and the answers were used all the same."""
        return "" if self._doubt is None or self.is_far_off else self._doubt.message


def beside(clock: str, note: str) -> str:
    """Return what there is to tell, with what is said of the clock before it, once."""
    if not clock or clock in note:
        return note
    return tr("{clock} {note}", clock=clock, note=note) if note else clock


def is_right(now: datetime, ahead: datetime, sent_at: datetime) -> bool:
    """Whether a host's date speaks for now, and not for the clock that a run ahead of now was logged by."""
    return abs(sent_at - now) < abs(sent_at - ahead)
