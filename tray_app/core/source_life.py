"""When a source's rows can be dated: from its first possible day to its tomorrow. One rule for every source and row."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")


@dataclass(frozen=True, slots=True)
class SourceLife:
    """The days a source's rows may carry: from its first one to the day after today in its own zone.

    Exchanges and agencies date by their own calendar, the others by UTC.
    """

    first: date
    zone: tzinfo

    def last(self, now: datetime, zone: tzinfo | None = None) -> date:
        """Return the source's tomorrow; zone is that of a symbol with a calendar of its own."""
        return now.astimezone(zone or self.zone).date() + timedelta(days=1)

    def holds(self, day: date, now: datetime, zone: tzinfo | None = None) -> bool:
        """Whether a row of the source can be of a day."""
        return self.first <= day <= self.last(now, zone)
