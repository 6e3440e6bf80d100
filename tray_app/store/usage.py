"""How many calls each source got today, shared by every process."""

from dataclasses import dataclass
from datetime import date, datetime

from tray_app.core.times import kst_date
from tray_app.store.database import Database
from tray_app.store.models import ApiUsage
from tray_app.store.statements import Given, Prepared


@dataclass(frozen=True, slots=True)
class SourceUsage:
    """Calls sent to a source on a Korean day."""

    source: str
    calls: int


def _calls(row: ApiUsage) -> int:
    return row.calls


# Asked before every request.
_CALLS = Prepared(
    ApiUsage.select(ApiUsage.calls).where((ApiUsage.source == Given("source")) & (ApiUsage.day == Given("day"))), _calls
)


class UsageStore:
    """Counts calls per source and Korean day."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reserve(self, source: str, now: datetime, limit: int | None = None) -> bool:
        """Count one call before it is sent, so that a kill can overcount but never undercount.

        False, and nothing counted, when the day's calls have reached the limit.
        """
        with self._database.writing():
            if limit is not None and self.calls(source, now) >= limit:
                return False
            self._database.write(
                ApiUsage.insert(source=source, day=kst_date(now), calls=1).on_conflict(
                    conflict_target=[ApiUsage.source, ApiUsage.day], update={ApiUsage.calls: ApiUsage.calls + 1}
                )
            )
        return True

    def calls(self, source: str, now: datetime) -> int:
        """Return how many calls the source got on the Korean day."""
        return sum(self._database.look(_CALLS, source=source, day=kst_date(now)))

    def usage_of(self, day: date) -> tuple[SourceUsage, ...]:
        """Return the calls of a Korean day, by source."""
        query = ApiUsage.select(ApiUsage.source, ApiUsage.calls).where(ApiUsage.day == day).order_by(ApiUsage.source)
        return tuple(SourceUsage(*row) for row in self._database.rows(query))
