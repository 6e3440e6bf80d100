"""Adjustment factors that a collection has not worked out yet, though adjusted prices of a set depend on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tray_app.core.words import tr
from tray_app.export.errors import ExportBlocked
from tray_app.export.files.accepted import AcceptedSessions
from tray_app.export.files.missing import Days, said
from tray_app.export.files.tables import iso_days


class FactorsUnfinished(ExportBlocked):
    """Prices were to be adjusted by factors that nobody knows yet."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__(problems)
        self.hint = tr(
            "Let the collection finish (market-tray collect krx), then export again, or export anyway with "
            "--allow-errors."
        )


@dataclass(frozen=True, slots=True)
class UnfinishedFactors:
    """Stored sessions whose factors and quality are still to be worked out.

    Without the sessions missing after the set nobody can say what the factors of the sessions behind them are, nor
    where open errors put sessions in doubt; and of rows that a person has accepted sessions without, no factor can be
    known. All three count for the basis `latest` only.
    """

    unchecked: Sequence[date]
    missing_after: Days
    errors_after: Sequence[str]
    accepted_after: AcceptedSessions

    @property
    def problems(self) -> list[str]:
        """Return what is wrong with prices adjusted by the factors of now, one text each."""
        unchecked = tr("adjustment factors not worked out yet for {days}")
        missing = tr("adjustment factors unknown for want of {name} {days}")
        return [
            *([unchecked.format(days=said(self.unchecked))] if self.unchecked else []),
            *(missing.format(name=name, days=said(days)) for name, days in self.missing_after.items()),
            *(tr("adjustment factors in doubt by {error}", error=error) for error in self.errors_after),
        ]

    @property
    def notes(self) -> list[str]:
        """Return sentences for who gets the set all the same."""
        text = tr("In this set: {problem}. Let the collection finish, then export again.")
        waiting = [text.format(problem=problem) for problem in self.problems]
        return [*waiting, *self.accepted_after.notes("unfinished_factors")]

    def shape(self) -> dict[str, Any]:
        """Return what the manifest says."""
        return {
            "unfinished_factors": {
                "unchecked_days": iso_days(self.unchecked),
                "missing_after": {name: iso_days(days) for name, days in self.missing_after.items()},
                "errors_after": list(self.errors_after),
                "accepted_after": self.accepted_after.shape(),
            }
        }
