"""Instants are UTC; decisions are made in Korean time, which has kept +09:00 without summer time since 1988."""

from datetime import UTC, date, datetime, time, timedelta, timezone

KST = timezone(timedelta(hours=9), "KST")


def to_kst(instant: datetime) -> datetime:
    """Return the same instant in Korean time."""
    return instant.astimezone(KST)


def kst_date(instant: datetime) -> date:
    """Return the Korean calendar date of an instant."""
    return to_kst(instant).date()


def utc_date(instant: datetime) -> date:
    """Return the UTC calendar date of an instant."""
    return instant.astimezone(UTC).date()


def kst_instant(day: date, at: time) -> datetime:
    """Return the UTC instant of a Korean date and time."""
    return datetime.combine(day, at, tzinfo=KST).astimezone(UTC)


def iso_instant(instant: datetime) -> str:
    """Return an instant as stored: 2026-08-22T10:50:00Z, to the second, so that text order is time order."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_instant(text: str) -> datetime:
    """Return the UTC instant of an ISO text with a zone; ValueError without one or outside the calendar."""
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        raise ValueError(f"no time zone in {text!r}")
    try:
        return instant.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(f"{text!r} lies outside the calendar") from error


def maybe_instant(text: str | None) -> datetime | None:
    """Return the UTC instant of a stored text, if there is one; see `parse_instant`."""
    return parse_instant(text) if text else None


def maybe_date(text: str | None) -> date | None:
    """Return the date of a stored text, if there is one."""
    return date.fromisoformat(text) if text else None


def epoch_date(seconds: float) -> date:
    """Return the UTC date of a Unix time in seconds; ValueError or OverflowError outside the calendar."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).date()
