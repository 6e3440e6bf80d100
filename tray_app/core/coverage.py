"""Which days of a series are stored without a hole."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from tray_app.core.model import Window


@dataclass(frozen=True, slots=True)
class Coverage:
    """A run of days without a hole, both ends included."""

    first: date
    last: date

    @property
    def days(self) -> list[date]:
        """Return every day of the run."""
        return [date.fromordinal(each) for each in range(self.first.toordinal(), self.last.toordinal() + 1)]

    def touches(self, other: "Coverage") -> bool:
        """Whether both together have no hole between them."""
        day = timedelta(days=1)
        return self.first <= other.last + day and other.first <= self.last + day


def joined(known: Coverage | None, added: Coverage) -> Coverage:
    """Return the coverage after days were added; of two that do not touch, the later one counts."""
    if known is None:
        return added
    if known.touches(added):
        return Coverage(min(known.first, added.first), max(known.last, added.last))
    return max(known, added, key=lambda coverage: coverage.last)


def again_from(window: Window, starts: date, last: date, done: Iterable[Coverage]) -> date | None:
    """Return the first day to ask for again of a series that starts on a day; nothing when it is done.

    last: the last day wanted. done: what was asked for again since the window was asked for.
    """
    first = max(window.date_from, starts)
    if last < first or any(each.first <= first and each.last >= last for each in done):
        return None
    return first
