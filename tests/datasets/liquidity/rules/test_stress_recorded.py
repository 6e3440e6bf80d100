"""The index on real series: close to the published indices, tense when markets were, and calm when a source fails."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from datasets.liquidity.rules.agreement import agreement, peak, separation, values_of
from datasets.liquidity.rules.generated import Series, without
from datasets.liquidity.rules.recorded import recorded_series, recordings_root, reference
from datasets.liquidity.rules.test_stress_properties import excess
from tray_app.datasets.liquidity.rules.model import Category, StressDay
from tray_app.datasets.liquidity.rules.stress import stress_history

THROUGH = date(2025, 12, 31)


@pytest.fixture(scope="module")
def root() -> Path:
    found = recordings_root()
    if not found.exists():
        pytest.skip("the recordings of the liquidity collector are not beside this repository")
    return found


@pytest.fixture(scope="module")
def series(root: Path) -> Series:
    return dict(recorded_series(root, date(1990, 1, 1)))


@pytest.fixture(scope="module")
def days(series: Series) -> tuple[StressDay, ...]:
    return stress_history(series, THROUGH)


@pytest.mark.parametrize(
    ("name", "first", "bar"),
    [("STLFSI4", 2007, 0.93), ("NFCI", 2007, 0.955), ("STLFSI4", 2010, 0.77), ("NFCI", 2010, 0.84)],
)
def test_it_agrees_with_published_indices(
    root: Path, days: tuple[StressDay, ...], name: str, first: int, bar: float
) -> None:
    assert agreement(values_of(days), reference(root, name), first, 2025) >= bar


@pytest.mark.parametrize("since", [1986, 2000])
def test_its_start_does_not_decide(root: Path, since: int) -> None:
    values = values_of(stress_history(recorded_series(root, date(since, 1, 1)), THROUGH))
    found = [
        agreement(values, reference(root, name), first, 2025) for name in ("STLFSI4", "NFCI") for first in (2007, 2010)
    ]
    assert all(each >= bar for each, bar in zip(found, (0.90, 0.65, 0.94, 0.83), strict=True)), found


@pytest.mark.parametrize("name", ["STLFSI4", "NFCI"])
def test_it_tells_tense_weeks_from_others(root: Path, days: tuple[StressDay, ...], name: str) -> None:
    assert separation(values_of(days), reference(root, name), 2007, 2025) >= 0.98


@pytest.mark.parametrize(
    ("begin", "end", "category", "bar"),
    [
        ("2008-09-01", "2008-10-31", None, 95),
        ("2020-03-01", "2020-03-31", None, 95),
        ("2011-08-01", "2011-08-31", None, 80),
        ("2022-09-01", "2022-10-31", None, 80),
        ("2023-03-01", "2023-03-31", None, 80),
        ("2025-04-01", "2025-04-30", None, 80),
        ("2015-08-01", "2015-08-31", None, 70),
        ("2016-02-01", "2016-02-29", None, 70),
        ("2018-12-01", "2018-12-31", None, 70),
        ("2019-09-01", "2019-09-30", None, 70),
        ("2024-08-01", "2024-08-31", None, 70),
        ("2019-09-01", "2019-09-30", Category.FUNDING, 95),
    ],
)
def test_it_was_tense_when_markets_were(
    days: tuple[StressDay, ...], begin: str, end: str, category: Category | None, bar: float
) -> None:
    values = values_of(days, category)
    assert peak(values, date.fromisoformat(begin), date.fromisoformat(end), 2007, 2025) >= bar


def test_repo_was_tight_when_reserves_were_scarce(days: tuple[StressDay, ...]) -> None:
    flagged = [day.date for day in days if day.repo_flag]
    assert date(2019, 9, 19) in flagged
    assert {(day.year, day.month) for day in flagged if day.year >= 2020} <= {
        (2025, 1),
        *((2025, month) for month in range(9, 13)),
    }


@pytest.mark.parametrize(
    ("since", "begin"), [(2001, date(2008, 9, 15)), (2013, date(2020, 3, 9)), (2017, date(2025, 3, 31))]
)
def test_a_source_down_for_five_days_moves_the_index_by_no_more_than_the_truth(
    root: Path, since: int, begin: date
) -> None:
    series, last = dict(recorded_series(root, date(since, 1, 1))), begin + timedelta(days=14)
    true = stress_history(series, last)
    for name, rows in series.items():
        if rows[0].observed < begin <= rows[-1].observed:
            down = stress_history(without(series, name, begin, begin + timedelta(days=6)), last)
            assert excess(true, down, begin) <= 0.1, name
