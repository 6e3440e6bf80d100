"""What a run would ask for, before anything is sent."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A step's calls and the seconds they take at least."""

    name: str
    calls: int
    seconds: float
    note: str
