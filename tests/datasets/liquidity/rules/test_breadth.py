from bisect import bisect_right
from math import sqrt
from random import Random

import pytest

from tray_app.datasets.liquidity.rules.breadth import Breadth, ExpandingRank

Row = tuple[float | None, ...]


def rows(count: int, together: float, late: int = 0, seed: int = 5) -> list[Row]:
    """Return days of three categories, the last of which starts late."""
    random = Random(seed)
    result: list[Row] = []
    for day in range(count):
        common = random.gauss(0.0, 1.0)
        scores = [together * common + (1.0 - together) * random.gauss(0.0, 1.0) for _each in range(3)]
        result.append((scores[0], scores[1], scores[2] if day >= late else None))
    return result


def aggregated(days: list[Row]) -> float:
    """Return the last day's breadth by the formula as it is written."""
    ranks: list[list[float | None]] = []
    for place, day in enumerate(days):
        known = [sorted(x for other in days[: place + 1] if (x := other[each]) is not None) for each in range(3)]
        ranks.append([None if s is None else bisect_right(known[i], s) / len(known[i]) for i, s in enumerate(day)])
    decay: float = 0.93 ** (1 / 5)
    counted = [i for i in range(3) if sum(1 for day in days if day[i] is not None) >= 252 and days[-1][i] is not None]

    def moment(i: int, j: int) -> float:
        pairs = [(place, row[i], row[j]) for place, row in enumerate(ranks)]
        return sum(float(decay ** (len(days) - 1 - p)) * (a - 0.5) * (b - 0.5) for p, a, b in pairs if a and b)

    total = 0.0
    for i in counted:
        for j in counted:
            first, second = ranks[-1][i], ranks[-1][j]
            assert first is not None
            assert second is not None
            total += first * second * moment(i, j) / sqrt(moment(i, i) * moment(j, j)) / len(counted) ** 2
    return total


def newest(days: list[Row]) -> float | None:
    breadth = Breadth(3)
    return [breadth.breadth(day) for day in days][-1]


@pytest.mark.parametrize("late", [0, 40, 100])
def test_ranks_are_aggregated_by_their_correlations(late: int) -> None:
    days = rows(320, 0.4, late)
    assert newest(days) == pytest.approx(aggregated(days))


def test_a_category_that_says_nothing_counts_for_nothing() -> None:
    days = rows(320, 0.4)
    days[-1] = (days[-1][0], None, days[-1][2])
    assert newest(days) == pytest.approx(aggregated(days))


def test_nothing_is_said_in_the_first_year() -> None:
    breadth = Breadth(3)
    found = [breadth.breadth(day) for day in rows(300, 0.5)]
    assert found[:251] == [None] * 251
    assert all(each is not None and 0.0 <= each <= 1.0 for each in found[251:])
    assert breadth.breadth((None, None, None)) is None


def test_what_is_tense_together_is_broader() -> None:
    alarm: list[Row] = [(3.0, 3.0, 3.0)] * 60
    alone: list[Row] = [(3.0, -1.0 - day / 100, -1.0 - day / 50) for day in range(60)]
    together, apart = newest(rows(300, 0.2) + alarm), newest(rows(300, 0.2) + alone)
    assert together is not None
    assert apart is not None
    assert together > 0.8
    assert apart < 0.3


def test_one_category_among_those_never_seen_is_its_rank_squared() -> None:
    breadth = Breadth(3)
    assert [breadth.breadth((None, -float(day), None)) for day in range(252)][-1] == pytest.approx(1 / 252**2)


def test_a_rank_is_the_share_not_above() -> None:
    rank = ExpandingRank()
    assert [rank.rank(value) for value in (5.0, 1.0, 5.0, 3.0)] == [1.0, 0.5, 1.0, 0.5]
    assert len(rank) == 4
