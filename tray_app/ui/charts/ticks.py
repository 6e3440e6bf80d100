"""Round numbers and dates for the axes."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from tray_app.ui.charts.series import Scale
from tray_app.ui.labels import formats

EPOCH = date(1970, 1, 1).toordinal()
FIRST_DAY, LAST_DAY = date.min.toordinal() - EPOCH, date.max.toordinal() - EPOCH
DAYS_IN_MONTH = 30.44
DAY_STEPS = (1, 2, 7, 14)
MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60, 120, 240, 600)
MOST_TICKS = 200


@dataclass(frozen=True)
class Tick:
    """A place on an axis and its label."""

    place: float
    text: str


def value_ticks(low: float, high: float, count: int, scale: Scale) -> list[Tick]:
    """Return about this many round values between two heights."""
    if not (math.isfinite(low) and math.isfinite(high)) or high <= low or count < 1:
        return []
    if scale is Scale.LOG:
        return _log_ticks(low, high, count)
    step = round_step((high - low) / count)
    values = _multiples(low, high, step)
    # Between neighbouring numbers of a computer a multiple may come to lie just outside.
    return [Tick(min(max(value, low), high), value_label(value, step)) for value in values]


def round_step(least: float) -> float:
    """Return the next 1, 2 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= least * (1 - 1e-9))


def value_label(value: float, step: float) -> str:
    """Return the label of an axis value, with the decimals that the step needs."""
    if abs(value) >= 1e6 or step >= 1e5:
        return formats.compact(value) if value else "0"
    return formats.plain(value, max(0, -math.floor(math.log10(step) + 1e-9)))


def date_ticks(left: float, right: float, count: int) -> list[Tick]:
    """Return about this many round dates between two days."""
    left, right = max(left, FIRST_DAY), min(right, LAST_DAY)
    if not right > left or count < 1:
        return []
    wanted = (right - left) / count
    if wanted <= DAY_STEPS[-1]:
        step = next(step for step in DAY_STEPS if step >= wanted or step == DAY_STEPS[-1])
        first = math.ceil(left / step) * step
        return [_day_tick(day) for day in range(first, math.floor(right) + 1, step)]
    step = next((step for step in MONTH_STEPS if step * DAYS_IN_MONTH >= wanted), MONTH_STEPS[-1])
    return _month_ticks(left, right, step)


def day_of(number: float) -> date:
    """Return the date of a day number."""
    return date.fromordinal(EPOCH + round(min(max(number, FIRST_DAY), LAST_DAY)))


def number_of(day: date) -> int:
    """Return the number of a day."""
    return day.toordinal() - EPOCH


def _day_tick(number: int) -> Tick:
    return Tick(number, f"{day_of(number):%m-%d}")


def _month_ticks(left: float, right: float, step: int) -> list[Tick]:
    start = day_of(left)
    month = -(-(start.year * 12 + start.month - 1) // step) * step
    ticks = []
    while month < date.max.year * 12:
        first = date(month // 12, month % 12 + 1, 1)
        place = first.toordinal() - EPOCH
        if place > right:
            break
        if place >= left:
            ticks.append(Tick(place, str(first.year) if step >= 12 else f"{first:%Y-%m}"))
        month += step
    return ticks


def _multiples(low: float, high: float, step: float) -> list[float]:
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [index * step for index in range(first, min(last, first + MOST_TICKS) + 1)]


def _log_ticks(low: float, high: float, count: int) -> list[Tick]:
    decades = high - low
    if decades < 1:
        bottom, top = 10.0**low, 10.0**high
        step = round_step((top - bottom) / count)
        values = [value for value in _multiples(bottom, top, step) if value > 0]
        return [Tick(math.log10(value), value_label(value, step)) for value in values]
    factors = (1, 2, 5) if decades * 3 <= count * 1.5 else (1, 3) if decades * 2 <= count * 1.5 else (1,)
    every = max(1, round(decades / count)) if factors == (1,) else 1
    powers = range(math.floor(low), math.ceil(high) + 1)
    values = [factor * 10.0**power for power in powers if power % every == 0 for factor in factors]
    inside = [value for value in values if low <= math.log10(value) <= high]
    return [Tick(math.log10(value), formats.compact(value) if value >= 1e6 else _short(value)) for value in inside]


def _short(value: float) -> str:
    return formats.plain(value, max(0, -math.floor(math.log10(value) + 1e-9)))
