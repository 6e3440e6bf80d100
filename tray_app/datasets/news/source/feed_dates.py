"""Dates of feeds as UTC instants. The whole of a date is understood, or none of it is believed.

Forms: RFC 822 and what is made of it (Sat, 22 Aug 2026 09:00:00 +0900), RFC 3339 and ISO 8601, asctime, compact digits
(20260822090000), dotted and Korean ones (2026년 8월 22일 오전 9:00). What stands behind the time is its zone, an offset
or a name of time_zones.py beside this; a zone that is not known makes the date unreadable, never one of another zone.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from tray_app.datasets.news.feeds import UTC_ZONE
from tray_app.datasets.news.source.time_zones import named_zone, zone_of_offset

LONGEST_DATE = 100
# A year of two figures is of this century below 69, as RFC 822's readers have it.
OLDEST_SHORT_YEAR = 69

_MINUS = re.compile("[\u2010-\u2015\u2212]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_KOREAN_DATE = re.compile(r"(\d{4})년\s*(\d{1,2})월\s*(\d{1,2})일")
_KOREAN_CLOCK = re.compile(r"(\d{1,2})시(?:\s*(\d{1,2})분)?(?:\s*(\d{1,2})초)?")

_WEEKDAY = (
    r"(?:(?:mon|tue|tues|wed|wednes|thu|thur|thurs|fri|sat|satur|sun)(?:day)?\b\.?"
    r"|[월화수목금토일](?:요일)?\b|\([월화수목금토일](?:요일)?\))"
)
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR, _NUMBER, _DAY = r"(?P<year>\d{4})", r"(?P<month>\d{1,2})", r"(?P<day>\d{1,2})"
_COMPACT_DATE = r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})"
_CLOCK = (
    r"(?P<before>오전|오후|[ap]\.?m\b\.?)?\s*(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d+)?)?)?"
    r"(?:\s*(?P<after>[ap]\.?m\b\.?|오전|오후))?"
)
_COMPACT_CLOCK = r"(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?(?:[.,]\d+)?"
# An offset may be explained in brackets or by a name behind it.
_OFFSET = r"(?:gmt|utc)?\s?(?P<offset>[+-]\d{1,2}(?::?\d{2}(?::?00)?)?)(?:\s*\([^()]*\)|\[[^\[\]]*\]|\s[a-z]{2,5})?"
_NAME = r"\(?(?P<name>[a-z]+(?:/[a-z_]+){0,2})\)?"
_ZONE = rf"(?:\s*(?:{_OFFSET}|{_NAME}))?"
_BETWEEN = r"(?:\s*,\s*|\s*t\s*|\s+(?:at\s+)?|\s*-\s+)"

_DATES = (
    rf"{_YEAR}\s?(?P<mark>[-./])\s?{_NUMBER}\s?(?P=mark)\s?{_DAY}\.?",
    rf"{_DAY}(?:st|nd|rd|th)?[\s-]+{_MONTH},?[\s-]*(?P<year>\d{{4}}|\d{{2}})",
    rf"{_MONTH}\s*{_DAY}(?:st|nd|rd|th)?,?\s+{_YEAR}",
    # Mail's order with the month as a number; with slashes or dashes it might as well be the American one.
    rf"{_DAY}(?P<mark>[ .])\s?{_NUMBER}(?P=mark)\s?{_YEAR}",
)
_FORMS = tuple(
    re.compile(rf"(?:{_WEEKDAY}\s*,?\s*)?{form}", re.IGNORECASE)
    for form in (
        *(rf"{date}(?:\s*{_WEEKDAY})?(?:{_BETWEEN}{_CLOCK})?{_ZONE}" for date in _DATES),
        *(rf"{_CLOCK}{_ZONE}\s*,?\s+(?:{_WEEKDAY}\s*,?\s*)?{date}" for date in _DATES),
        rf"{_COMPACT_DATE}(?:[t ]?{_COMPACT_CLOCK})?{_ZONE}",
        rf"{_COMPACT_DATE}{_BETWEEN}{_CLOCK}{_ZONE}",
        rf"{_YEAR}-{_NUMBER}-{_DAY}[t ]{_COMPACT_CLOCK}{_ZONE}",
        # As C and Java print it.
        rf"{_MONTH}\s+{_DAY}\s+{_CLOCK}(?:\s+(?:{_OFFSET}|{_NAME}))?\s+{_YEAR}",
    )
)


def feed_instant(sent: str, default_zone: str) -> datetime | None:
    """Return the UTC instant of a feed's date, or nothing when it cannot be read whole.

    default_zone is the IANA name of the zone of the feed's dates that name none; a date without a time is its midnight.
    """
    if len(sent) > LONGEST_DATE:
        return None
    text = _in_figures(unicodedata.normalize("NFKC", sent))
    found = next((parts for parts in (form.fullmatch(text) for form in _FORMS) if parts is not None), None)
    if found is None:
        return None
    parts = {name: value or "" for name, value in found.groupdict().items()}
    try:
        return (_day(parts) + _time_of_day(parts)).replace(tzinfo=_zone(parts, default_zone)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _in_figures(text: str) -> str:
    """Return a date with its Korean year, month, day, hour and minute between dashes and colons."""
    dashed = _KOREAN_DATE.sub(r"\1-\2-\3 ", _MINUS.sub("-", text))
    return " ".join(_KOREAN_CLOCK.sub(_with_colons, dashed).split())


def _with_colons(found: re.Match[str]) -> str:
    return f"{found[1]}:{found[2] or '0':0>2}:{found[3] or '0':0>2}"


def _day(parts: Mapping[str, str]) -> datetime:
    year, month = int(parts["year"]), parts["month"].lower()
    if len(parts["year"]) == 2:
        year += 2000 if year < OLDEST_SHORT_YEAR else 1900
    number = int(month) if month.isdecimal() else _MONTHS.index(month[:3]) + 1
    return datetime(year, number, int(parts["day"]))  # noqa: DTZ001 - the zone comes next


def _time_of_day(parts: Mapping[str, str]) -> timedelta:
    """Return the time since midnight; ValueError when there is no such time. Midnight may be hour 24 of the day."""
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    said = (parts.get("before", "") + parts.get("after", "")).lower().replace(".", "")
    if said:
        hour = _hour_of_half_day(hour, said)
    elif parts.get("hour") and not parts["minute"]:
        raise ValueError(parts["hour"])
    if minute > 59 or second > 60 or hour > 24 or (hour == 24 and minute + second):
        raise ValueError(hour, minute, second)
    return timedelta(hours=hour, minutes=minute, seconds=second)


def _hour_of_half_day(hour: int, said: str) -> int:
    """Return the hour of 오전 and am, 오후 and pm; 오후 14:00, which says it twice, is 14."""
    if said in {"pm", "오후"}:
        return hour if hour >= 12 else hour + 12
    if said in {"am", "오전"} and hour <= 12:
        return hour % 12
    raise ValueError(said)


def _zone(parts: Mapping[str, str], default_zone: str) -> tzinfo:
    if parts["offset"]:
        return zone_of_offset(parts["offset"])
    if parts["name"]:
        return named_zone(parts["name"])
    return UTC if default_zone == UTC_ZONE else ZoneInfo(default_zone)
