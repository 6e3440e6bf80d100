"""When the sample Federal Reserve publishes what: meetings, minutes, speeches, testimony and orders to banks."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

from tray_app.datasets.news.sample.fed_texts import pick
from tray_app.demo.series import date_of, day_of, dice

WASHINGTON = ZoneInfo("America/New_York")
# A Wednesday with a meeting; eight meetings a year are six and seven weeks apart in turn.
A_MEETING = day_of("2026-07-29")
TWO_MEETINGS = 91
FIRST_GAP = 42
MINUTES_AFTER = 21
BLACKOUT_DAYS = 10
RELEASED_AT = time(14)
SPEAKS_AT = time(10)
SPEAKERS = (
    "Chair Elena M. Harlow",
    "Vice Chair Samuel R. Whitfield",
    "Governor Ruth A. Okafor",
    "Governor Ivan Lindqvist",
)


class Publication(Enum):
    """What is published."""

    STATEMENT = "statement"
    MINUTES = "minutes"
    SPEECH = "speech"
    TESTIMONY = "testimony"
    ORDER = "order"

    @property
    def category(self) -> str:
        """The category of its items in feeds."""
        named = {
            Publication.SPEECH: "Speech",
            Publication.TESTIMONY: "Testimony",
            Publication.ORDER: "Enforcement Actions",
        }
        return named.get(self, "Monetary Policy")


@dataclass(frozen=True)
class Release:
    """Something published on a day in Washington; about is the day it tells of, a meeting's for its minutes."""

    publication: Publication
    day: int
    about: int
    speaker: str = ""

    @property
    def is_spoken(self) -> bool:
        """Whether somebody says it."""
        return self.publication in {Publication.SPEECH, Publication.TESTIMONY}

    @property
    def second(self) -> int:
        """The instant of publication, in seconds since 1970 UTC."""
        at = SPEAKS_AT if self.is_spoken else RELEASED_AT
        return int(datetime.combine(date_of(self.day), at, tzinfo=WASHINGTON).timestamp())

    @property
    def path(self) -> str:
        """The page's path."""
        kind, name = "pressreleases", "enforcement" if self.publication is Publication.ORDER else "monetary"
        if self.is_spoken:
            kind, name = self.publication.value, self.speaker.split()[-1].lower()
        return f"/newsevents/{kind}/{name}{date_of(self.day):%Y%m%d}a.htm"


def releases(first: int, last: int) -> Iterator[Release]:
    """Yield what is published on each day from first to last, oldest first."""
    for day in range(first, last + 1):
        yield from on(day)


def on(day: int) -> tuple[Release, ...]:
    """Return what is published on a day."""
    found: list[Release] = []
    if is_meeting(day):
        found.append(Release(Publication.STATEMENT, day, day))
    if is_meeting(day - MINUTES_AFTER):
        found.append(Release(Publication.MINUTES, day, day - MINUTES_AFTER))
    if (day + 3) % 7 in {1, 3} and not any(is_meeting(later) for later in range(day, day + BLACKOUT_DAYS)):
        found.append(Release(Publication.SPEECH, day, day, pick(SPEAKERS, "speaker", day)))
    if _is_testimony(day):
        found.append(Release(Publication.TESTIMONY, day, day, SPEAKERS[0]))
    if (day + 3) % 7 < 5 and dice("order", day, 3) == 0:
        found.append(Release(Publication.ORDER, day, day))
    return tuple(found)


def is_meeting(day: int) -> bool:
    """Whether the committee's statement comes out on a day."""
    return (day - A_MEETING) % TWO_MEETINGS in {0, FIRST_GAP}


def meeting_before(day: int) -> int:
    """Return the last day with a statement before a day."""
    return next(each for each in range(day - 1, day - TWO_MEETINGS, -1) if is_meeting(each))


def _is_testimony(day: int) -> bool:
    """Whether the chair reports to Congress: the second Tuesday of February and of July."""
    at = date_of(day)
    return at.month in {2, 7} and at.weekday() == 1 and 8 <= at.day <= 14
