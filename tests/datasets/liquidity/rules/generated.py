"""Generated series of the stress index: long, with gaps, quiet years and crises. Nothing in them is market data."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from math import exp
from random import Random

from tray_app.datasets.liquidity.rules.business_days import BusinessDays
from tray_app.datasets.liquidity.rules.model import Observation
from tray_app.datasets.liquidity.rules.stress import INPUT_SERIES

Series = dict[str, Sequence[Observation]]
PRICES = {"^GSPC": 1000.0, "XLF": 20.0, "DTWEXBGS": 100.0, "KRW=X": 1100.0, "DEXKOUS": 1100.0}
YIELDS = {
    "DGS3MO": 2.0,
    "DGS2": 2.5,
    "DGS10": 3.5,
    "EFFR": 2.0,
    "DFF": 2.0,
    "IORB": 2.0,
    "SOFR": 2.0,
    "SOFR99": 2.1,
    "DCPF3M": 2.4,
}
SPREADS = {"TEDRATE": 0.4, "BAA10Y": 2.2}
ENDS = {"TEDRATE": date(2022, 1, 21)}


def generated_series(first: date, last: date, seed: int = 1, missing: float = 0.02, crises: float = 0.001) -> Series:
    """Return every input from first to last.

    missing is the share of days without a value, crises how likely one begins on a day.
    """
    random = Random(seed)
    days = BusinessDays(first, last)
    dates = [date.fromordinal(days.ordinal(number)) for number in range(len(days))]
    tension = _tension(random, len(dates), crises)
    return {
        name: tuple(
            Observation(day, value)
            for day, value in zip(dates, _path(random, name, tension), strict=True)
            if random.random() >= missing and day <= ENDS.get(name, date.max)
        )
        for name in INPUT_SERIES
    }


def business_dates(first: date, count: int) -> list[date]:
    """Return so many business days from first."""
    days = BusinessDays(first, first + timedelta(days=2 * count + 30))
    return [date.fromordinal(days.ordinal(number)) for number in range(count)]


def cut(series: Mapping[str, Sequence[Observation]], last: date) -> Series:
    """Return what is dated up to a day."""
    return {name: tuple(each for each in rows if each.observed <= last) for name, rows in series.items()}


def without(series: Mapping[str, Sequence[Observation]], name: str, first: date, last: date) -> Series:
    """Return the series with a hole from first to last in one of them."""
    rows = tuple(each for each in series[name] if not first <= each.observed <= last)
    return {**series, name: rows}


def _tension(random: Random, count: int, crises: float) -> list[float]:
    level, result = 0.0, []
    for _day in range(count):
        level = 0.998 * level + 0.02 * random.gauss(0.0, 1.0) + (1.5 if random.random() < crises else 0.0)
        result.append(level)
    return result


def _path(random: Random, name: str, tension: Sequence[float]) -> list[float]:
    shocks = [random.gauss(0.0, 1.0) for _day in tension]
    if name in PRICES:
        result, price = [], PRICES[name]
        for level, shock in zip(tension, shocks, strict=True):
            price *= exp(0.008 * exp(0.5 * level) * shock)
            result.append(price)
        return result
    if name in YIELDS:
        moved = 0.0
        result = []
        for level, shock in zip(tension, shocks, strict=True):
            moved = 0.995 * moved + 0.02 * exp(0.3 * level) * shock
            result.append(YIELDS[name] + moved)
        return result
    base = SPREADS.get(name, 20.0)
    return [base * exp(0.4 * level + 0.004 * shock) for level, shock in zip(tension, shocks, strict=True)]
