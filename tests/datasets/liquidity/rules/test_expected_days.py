"""On which days a series should have a value."""

from datetime import date

import pytest

from tray_app.datasets.liquidity.catalogue import catalogue
from tray_app.datasets.liquidity.rules.expected_days import ExpectedDays

SERIES = {each.series_id: each for each in catalogue()}
# 2026: Columbus Day is 12 October, Good Friday 3 April, Memorial Day 25 May.
FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)


def expected(series: str, first: date = FIRST, last: date = LAST) -> list[date]:
    return ExpectedDays().of(SERIES[series], first, last)


@pytest.mark.parametrize(
    ("series", "day", "is_expected"),
    [
        ("DGS10", date(2026, 4, 2), True),
        ("DGS10", date(2026, 4, 3), False),
        ("DGS10", date(2026, 4, 4), False),
        ("DGS10", date(2026, 10, 12), False),
        ("^GSPC", date(2026, 10, 12), True),
        ("^GSPC", date(2026, 4, 3), False),
        ("^GSPC", date(2026, 5, 25), False),
        ("DFF", date(2026, 4, 4), True),
        ("DFF", date(2026, 12, 25), True),
        ("NFCI", date(2026, 4, 3), True),
        ("NFCI", date(2026, 4, 2), False),
        ("WALCL", date(2026, 4, 1), True),
        ("DRTSCILM", date(2026, 4, 1), True),
        ("DRTSCILM", date(2026, 5, 1), False),
    ],
)
def test_each_by_its_own_calendar(series: str, day: date, *, is_expected: bool) -> None:
    assert (day in expected(series)) is is_expected


@pytest.mark.parametrize("series", SERIES)
def test_the_days_of_a_span_ascend_and_a_part_is_cut_from_the_whole(series: str) -> None:
    days = expected(series)
    assert days == sorted(set(days))
    assert all(FIRST <= day <= LAST for day in days)
    first, last = date(2026, 3, 31), date(2026, 10, 13)
    assert expected(series, first, last) == [day for day in days if first <= day <= last]
    assert expected(series, last, first) == []


def test_so_many_a_year() -> None:
    counts = {series: len(expected(series)) for series in ("DGS10", "^GSPC", "DFF", "NFCI", "DRTSCILM")}
    assert counts == {"DGS10": 249, "^GSPC": 251, "DFF": 365, "NFCI": 52, "DRTSCILM": 4}
