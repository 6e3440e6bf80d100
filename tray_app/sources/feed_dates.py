"""Dates of feeds as UTC instants; those without a zone are of the feed's own."""

import email.utils
import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from tray_app.core.news.feed import UTC_ZONE
from tray_app.core.times import KST

_MAIL_ZONE = re.compile(r"(?:\b(?:GMT|UTC|UT|Z|[ECMP][SD]T)|[+-]\d{2}:?\d{2})(?:\s*\([^()]*\))?\s*$")
_MAIL = re.compile(r"\d{1,2}[\s-]+[A-Za-z]{3,9}\.?,?[\s-]+\d{2,4}\b|\b[A-Za-z]{3,9}\.?\s+\d{1,2},?\s+\d{4}\b")
_DOTTED = re.compile(r"(\d{4})\s*[-./]\s*(\d{1,2})\s*[-./]\s*(\d{1,2})\.?")
_KOREAN = re.compile(r"\s*\bKST\s*$")
_CLOCK = re.compile(r"^(\d{4}-\d\d-\d\d)[T ]+(\d):")


def feed_instant(sent: str, default_zone: str) -> datetime | None:
    """Return the UTC instant of a feed's date, or nothing when it cannot be read.

    default_zone is the IANA name of the zone of dates that name none or an unknown one; KST is known.
    """
    korean = _KOREAN.search(sent) is not None
    text = _KOREAN.sub("", sent).strip()
    zone: tzinfo = KST if korean else UTC if default_zone == UTC_ZONE else ZoneInfo(default_zone)
    try:
        read = _mail_date(text) if _MAIL.search(text) else _iso_date(text)
        return (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC)
    except (ValueError, OverflowError, TypeError):
        return None


def _iso_date(text: str) -> datetime:
    """Return 2026-08-22T09:00:00Z and its like, as 2026.08.22 9:00 too; ValueError when it is none."""
    dashed = _DOTTED.sub(lambda parts: f"{parts[1]}-{int(parts[2]):02d}-{int(parts[3]):02d}", text, count=1)
    return datetime.fromisoformat(_CLOCK.sub(r"\1 0\2:", dashed))


def _mail_date(text: str) -> datetime:
    """Return Sat, 22 Aug 2026 09:00:00 GMT and its like; ValueError when it is none."""
    parts = email.utils.parsedate_tz(text)
    if parts is None:
        raise ValueError(text)
    read = datetime(*parts[:6])  # noqa: DTZ001 - the zone comes next
    if not _MAIL_ZONE.search(text):
        return read
    return read.replace(tzinfo=timezone(timedelta(seconds=parts[9] or 0)))
