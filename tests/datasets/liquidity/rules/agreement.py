"""How well the index agrees with a published one: the measures the index is held to."""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from datetime import date
from statistics import correlation, quantiles

from tray_app.datasets.liquidity.rules.model import Category, StressDay


def values_of(days: Sequence[StressDay], category: Category | None = None) -> dict[date, float]:
    """Return the index by day, or one category's z."""
    if category is None:
        return {day.date: day.z for day in days}
    return {day.date: each.z for day in days for each in day.categories if each.category is category}


def agreement(ours: Mapping[date, float], theirs: Mapping[date, float], first: int, last: int) -> float:
    """Return the correlation on the published index's own days (Fridays) in the years from first to last."""
    days = [day for day in theirs if first <= day.year <= last and day in ours]
    return correlation([ours[day] for day in days], [theirs[day] for day in days])


def separation(ours: Mapping[date, float], theirs: Mapping[date, float], first: int, last: int) -> float:
    """Return the AUC: how often ours is higher on a day above theirs' 90th percentile than on another day."""
    days = [day for day in theirs if first <= day.year <= last and day in ours]
    border = quantiles([theirs[day] for day in days], n=10, method="inclusive")[-1]
    calm = sorted(ours[day] for day in days if theirs[day] <= border)
    tense = [ours[day] for day in days if theirs[day] > border]
    wins = sum(bisect_left(calm, value) + bisect_right(calm, value) for value in tense)
    return wins / (2 * len(calm) * len(tense))


def peak(ours: Mapping[date, float], begin: date, end: date, first: int, last: int) -> float:
    """Return the percentile of the highest value between two days among all days of the years from first to last."""
    every = sorted(value for day, value in ours.items() if first <= day.year <= last)
    highest = max(value for day, value in ours.items() if begin <= day <= end)
    return 100.0 * bisect_right(every, highest) / len(every)
