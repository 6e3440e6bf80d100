"""Numbers and times as people read them; never scientific notation."""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal

from tray_app.core.table import Format
from tray_app.core.times import KST
from tray_app.core.words import tr

NOTHING = "–"
MINUS = "-"


# Words for powers of ten, the largest of a language first.
UNITS = {"T": 12, "B": 9, "M": 6, "k": 3, "조": 12, "억": 8, "만": 4}


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def plain(value: float, decimals: int, *, sign: bool = False) -> str:
    """Return a number with thousands separators; a value that rounds to zero has no sign."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    rounded = exact.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    if not rounded:
        rounded = abs(rounded)
    return f"{rounded:+,f}" if sign and rounded else f"{rounded:,f}"


def number(value: float | None, decimals: int = 0) -> str:
    """Return a count or an amount."""
    return plain(value, decimals) if value is not None and _is_number(value) else NOTHING


def percent(value: float | None, *, sign: bool = True) -> str:
    """Return a percentage, with its sign and two decimals."""
    if value is None or not _is_number(value):
        return NOTHING
    return f"{plain(value, 2, sign=sign)}%"


def share(part: float | None) -> str:
    """Return a part of one as a percentage; whole where it is, else with one decimal."""
    if part is None or not _is_number(part):
        return NOTHING
    return f"{plain(part * 100, 1).removesuffix('.0')}%"


def compact(value: float | None, prefix: str = "") -> str:
    """Return a large amount in the units of the language, such as 2.31T or 2.31조."""
    if value is None or not _is_number(value):
        return NOTHING
    sign = MINUS if value < 0 else ""
    size = abs(value)
    for word in tr("T B M k").split():  # the catalogue names the language's own words; Korean names 조 억 만 here
        if size >= 10 ** UNITS[word]:
            return f"{sign}{prefix}{_three_digits(size / 10 ** UNITS[word])}{word}"
    return f"{sign}{prefix}{_three_digits(size)}"


def price(value: float | None, prefix: str = "") -> str:
    """Return a price with enough decimals to tell one from the next, also below a cent."""
    if value is None or not _is_number(value):
        return NOTHING
    sign = MINUS if value < 0 else ""
    return f"{sign}{prefix}{plain(abs(value), price_decimals(value))}"


def formatted(value: float | None, form: Format) -> str:
    """Return a value in the format of its column; money is dollars."""
    if form is Format.MONEY:
        return compact(value, "$")
    return percent(value, sign=False) if form is Format.SHARE else price(value)


def price_decimals(value: float) -> int:
    """Return how many decimals a price of this size needs: four digits that count below one."""
    size = abs(value)
    if size == 0 or size >= 1:
        return 2
    return min(3 - math.floor(math.log10(size)), 12)


def exact(value: object) -> str:
    """Return a value for a machine to read: every digit, no separators, ISO dates, nothing for a gap."""
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        text = f"{Decimal(repr(value)):f}"
        return text.removesuffix(".0")
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return " ".join(str(value).split())


def relative(moment: datetime, now: datetime) -> str:
    """Return how long ago or ahead a moment lies."""
    seconds = round((now - moment).total_seconds())
    span = _span(abs(seconds))
    if not span:
        return tr("just now")
    return tr("{span} ago", span=span) if seconds > 0 else tr("in {span}", span=span)


def absolute(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return a moment in the user's zone (the system's unless given), with KST named."""
    local = moment.astimezone(zone)
    korean = moment.astimezone(KST)
    if local.utcoffset() == korean.utcoffset():
        return f"{korean:%Y-%m-%d %H:%M} KST"
    return f"{local:%Y-%m-%d %H:%M} {_offset(local)} ({korean:%Y-%m-%d %H:%M} KST)"


def day(value: date | None) -> str:
    """Return a date."""
    return value.isoformat()[:10] if value else NOTHING


def day_and_month(value: date) -> str:
    """Return a date of the past year, as one says it."""
    months = (
        *(tr("Jan"), tr("Feb"), tr("Mar"), tr("Apr"), tr("May"), tr("Jun")),
        *(tr("Jul"), tr("Aug"), tr("Sep"), tr("Oct"), tr("Nov"), tr("Dec")),
    )
    return tr("{day} {month}", day=value.day, month=months[value.month - 1])


def duration(seconds: float) -> str:
    """Return how long something took or will take."""
    if seconds < 1:
        return tr("under 1 s")
    if seconds < 60:
        return tr("{count} s", count=round(seconds))
    if seconds < 3600:
        return tr("{minutes} min {seconds} s", minutes=int(seconds // 60), seconds=int(seconds % 60))
    return tr("{hours} h {minutes} min", hours=int(seconds // 3600), minutes=int(seconds % 3600 // 60))


def _three_digits(size: float) -> str:
    return plain(size, 2 if size < 10 or size % 1 else 0) if size < 1000 else plain(size, 0)


def _span(seconds: int) -> str:
    if seconds < 45:
        return ""
    if seconds < 3570:
        return tr("{count} min", count=max(1, round(seconds / 60)))
    if seconds < 86400:
        return tr("{count} h", count=max(1, round(seconds / 3600)))
    days = round(seconds / 86400)
    if days < 60:
        return tr("{count} d", count=days)
    return tr("{count} months", count=round(days / 30.44)) if days < 730 else tr("{count} y", count=days // 365)


def _offset(moment: datetime) -> str:
    minutes = round((moment.utcoffset() or timedelta()).total_seconds() / 60)
    if not minutes:
        return "UTC"
    sign = "+" if minutes > 0 else MINUS
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")
