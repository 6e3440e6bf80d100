"""What a run would ask for and what a backfill costs, before anything is sent."""

from dataclasses import dataclass
from datetime import date

from tray_app.core.errors import QuotaTooSmall
from tray_app.core.model import CollectorName


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step's calls and the seconds they take at least."""

    name: str
    calls: int
    seconds: float
    note: str


@dataclass(frozen=True, slots=True)
class PlannedDay:
    """The calls to be made on one Korean calendar day."""

    day: date
    calls: int


@dataclass(frozen=True, slots=True)
class BackfillPlan:
    """What a backfill would do.

    sessions are days missing on any track; calls include the expected ones for base info. Without days nothing is
    missing, or the quota leaves nothing on any day, as the refusal says.
    """

    sessions: int
    calls: int
    base_info_calls: int
    calls_left_today: int
    days: tuple[PlannedDay, ...]
    today: date
    requests_per_second: float
    refusal: QuotaTooSmall | None = None

    @property
    def seconds(self) -> float:
        """Return the time all calls take at least."""
        return self.calls / self.requests_per_second

    @property
    def continues_on(self) -> date | None:
        """Return the next day it goes on, when today's quota does not do."""
        return next((planned.day for planned in self.days if planned.day > self.today), None)

    @property
    def finishes_on(self) -> date | None:
        """Return the day it is complete; nothing when there is nothing to do or no quota to do it with."""
        return self.days[-1].day if self.days else None


@dataclass(frozen=True, slots=True)
class RunPlan:
    """What a run of a dataset would ask for; backfill: of a range; calls_left: today, where its source counts them."""

    name: CollectorName
    steps: tuple[PlannedStep, ...]
    backfill: BackfillPlan | None
    calls_left: int | None

    @property
    def calls(self) -> int:
        """Return how many calls it takes."""
        return self.backfill.calls if self.backfill else sum(step.calls for step in self.steps)

    @property
    def seconds(self) -> float:
        """Return the time they take at least."""
        return self.backfill.seconds if self.backfill else sum(step.seconds for step in self.steps)
