"""How far a run is in words, and how long the rest will take at the pace so far."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from tray_app.core.words import tr
from tray_app.datasets.titles import collector_title, step_title
from tray_app.ui.parts.notice.progress import ProgressFacts

if TYPE_CHECKING:
    from tray_app.core.events import RunProgress

PARTS_BEFORE_GUESS = 3


@dataclass(frozen=True, slots=True)
class Pace:
    """The first part of a step that was seen, and the newest."""

    run_id: int = 0
    step: str = ""
    begun_at: datetime | None = None
    begun_done: int = 0
    at: datetime | None = None
    done: int = 0

    def after(self, event: RunProgress, now: datetime) -> Pace:
        """Return the pace when the run has come so far."""
        if not event.part_total:
            return Pace(event.run_id, event.step)
        if (event.run_id, event.step) != (self.run_id, self.step) or self.begun_at is None:
            return Pace(event.run_id, event.step, now, event.part_done, now, event.part_done)
        return replace(self, at=now, done=event.part_done)

    def seconds_left(self, total: int) -> float | None:
        """Return the time of the parts that are left; nothing while too few were seen."""
        made = self.done - self.begun_done
        if self.begun_at is None or self.at is None or made < PARTS_BEFORE_GUESS:
            return None
        return (self.at - self.begun_at).total_seconds() / made * (total - self.done)


def progress_facts(event: RunProgress, pace: Pace) -> ProgressFacts:
    """Return how far a run is: the step, and the day within it."""
    title = collector_title(event.collector)
    if not event.step:
        return ProgressFacts(tr("{title}: finishing", title=title), event.done, event.total)
    number, step = min(event.done + 1, event.total), step_title(event.step)
    what = tr("{title}: step {number} of {total}, {step}", title=title, number=number, total=event.total, step=step)
    if not event.part_total:
        return ProgressFacts(what, event.done, event.total, is_counted=False)
    day = event.note.partition(" ")[0]
    text = tr("{what}, {day}", what=what, day=day)
    return ProgressFacts(text, event.part_done, event.part_total, pace.seconds_left(event.part_total))
