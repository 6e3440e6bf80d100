from datetime import date
from math import isnan, log, nan, sqrt
from random import Random

import pytest

from tray_app.datasets.liquidity.rules.tracks import Track
from tray_app.datasets.liquidity.rules.volatility import change_over, drawdown, logarithms, mean_of_last, volatility

START = date(2020, 1, 6).toordinal()


def track(values: list[float], numbers: list[int] | None = None) -> Track:
    size = len(values)
    numbers = numbers or list(range(size))
    return Track([START + number for number in numbers], numbers, values, numbers, [5] * size, ["X"] * size)


def random_walk(count: int, seed: int = 3) -> list[float]:
    random, prices = Random(seed), [100.0]
    for _day in range(count - 1):
        prices.append(prices[-1] * (1.0 + random.gauss(0.0, 0.01)))
    return prices


def test_volatility_weighs_changes_by_half_every_twenty_days() -> None:
    levels = logarithms(track(random_walk(60))).values
    found = volatility(track(list(levels))).values
    assert all(map(isnan, found[:20]))
    for place in range(20, 60):
        weights = [0.5 ** ((place - each) / 20) for each in range(1, place + 1)]
        squares = [(levels[each] - levels[each - 1]) ** 2 for each in range(1, place + 1)]
        mean = sum(weight * square for weight, square in zip(weights, squares, strict=True)) / sum(weights)
        assert found[place] == pytest.approx(100.0 * sqrt(252 * mean))


def test_a_change_over_closed_days_counts_whole() -> None:
    levels = [0.01 * (place % 3) for place in range(30)]
    without = volatility(track([*levels, 0.07])).values
    assert volatility(track([*levels, 0.07], [*range(30), 34])).values == without
    changes = [later - level for level, later in zip(levels, [*levels[1:], 0.07], strict=True)]
    weights = [0.5 ** (age / 20) for age in range(len(changes))]
    mean = sum(weight * change**2 for weight, change in zip(weights, reversed(changes), strict=True)) / sum(weights)
    assert without[-1] == pytest.approx(100.0 * sqrt(252 * mean))


def test_a_missing_level_breaks_no_change() -> None:
    levels, days = random_walk(40), list(range(40))
    without = volatility(track([*levels[:30], *levels[31:]], [*days[:30], *days[31:]])).values
    assert volatility(track([*levels[:30], nan, *levels[31:]], days)).values[31:] == without[30:]


def test_only_prices_above_zero_have_a_logarithm() -> None:
    found = logarithms(track([2.0, 0.0, -1.0])).values
    assert found[0] == log(2.0)
    assert all(map(isnan, found[1:]))


def test_drawdown_looks_back_two_years() -> None:
    prices = random_walk(1500)
    found = drawdown(track([*prices, 0.0])).values
    for place in range(1500):
        highest = max(prices[max(0, place - 503) : place + 1])
        assert found[place] == pytest.approx(100.0 * (1.0 - prices[place] / highest))
    assert isnan(found[-1])


def test_a_change_reaches_back_business_days_not_observations() -> None:
    levels = track([float(place) for place in range(10)], [0, 1, 2, 3, 4, 10, 11, 12, 13, 14])
    assert list(map(isnan, change_over(levels, 5).values)) == [True] * 5 + [False] * 5
    assert list(change_over(levels, 5).values[5:]) == [100.0, 200.0, 300.0, 400.0, 500.0]


def test_a_mean_of_the_last_days() -> None:
    found = mean_of_last(track([1.0, 2.0, 3.0, 5.0]), 3).values
    assert list(map(isnan, found)) == [True, True, False, False]
    assert list(found[2:]) == [2.0, 10.0 / 3.0]
