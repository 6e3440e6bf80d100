"""What must hold whatever the data: no look-ahead, additivity, independence of categories, and calm in an outage."""

from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from datasets.liquidity.rules.generated import Series, cut, generated_series, without
from tray_app.datasets.liquidity.rules.business_days import holidays as holidays_of
from tray_app.datasets.liquidity.rules.model import Category, CategoryDay, Observation, StressDay
from tray_app.datasets.liquidity.rules.stress import INPUT_SERIES, stress_history

FIRST, LAST = date(2018, 1, 1), date(2020, 12, 31)
LONG_FIRST, LONG_LAST = date(2000, 1, 3), date(2025, 12, 31)
COLUMBUS = date(2020, 10, 12)
SEEDS = st.integers(0, 10_000)
FEEDS: dict[Category, tuple[str, ...]] = {
    Category.FUNDING: ("TEDRATE", "DCPF3M", "DGS3MO", "SOFR", "EFFR", "DFF"),
    Category.RATES: ("^MOVE", "DGS10", "DGS2"),
    Category.CREDIT: ("BAA10Y",),
    Category.EQUITY: ("^VIX", "VIXCLS", "^GSPC"),
    Category.FINANCIALS: ("^GSPC", "XLF"),
    Category.DOLLAR: ("DTWEXBGS", "KRW=X", "DEXKOUS"),
}


@pytest.fixture(scope="module")
def long_series() -> Series:
    return generated_series(LONG_FIRST, LONG_LAST)


@pytest.fixture(scope="module")
def long_history(long_series: Series) -> tuple[StressDay, ...]:
    return stress_history(long_series, LONG_LAST)


@pytest.fixture(scope="module")
def short_series() -> Series:
    return generated_series(FIRST, LAST, 1)


@pytest.fixture(scope="module")
def short_history(short_series: Series) -> tuple[StressDay, ...]:
    return stress_history(short_series, LAST)


def same_bits(some: tuple[StressDay, ...], others: tuple[StressDay, ...]) -> bool:
    """Say whether days are equal to the last bit (repr writes a number's shortest exact form)."""
    return some == others and all(
        repr(each) == repr(other) for each, other in zip(some[-40:], others[-40:], strict=True)
    )


def by_category(days: tuple[StressDay, ...], left_out: set[Category]) -> dict[date, tuple[tuple[object, ...], ...]]:
    """Return each day's categories except some, without what depends on the others."""

    def alone(each: CategoryDay) -> tuple[object, ...]:
        return each.category, each.z, each.weight, each.inputs

    return {day.date: tuple(alone(each) for each in day.categories if each.category not in left_out) for day in days}


@given(seed=SEEDS, last=st.dates(date(2019, 3, 1), LAST))
@settings(max_examples=12)
def test_data_up_to_a_day_give_that_day(seed: int, last: date) -> None:
    series = generated_series(FIRST, LAST, seed, missing=0.05)
    known = tuple(day for day in stress_history(series, LAST) if day.date <= last)
    assert same_bits(stress_history(cut(series, last), last), known)
    assert same_bits(stress_history(series, last), known)


@pytest.mark.parametrize("last", [date(2001, 2, 1), date(2008, 9, 15), date(2014, 12, 26), date(2022, 1, 24)])
def test_decades_up_to_a_day_give_that_day(
    long_series: Series, long_history: tuple[StressDay, ...], last: date
) -> None:
    known = tuple(day for day in long_history if day.date <= last)
    assert known
    assert same_bits(stress_history(cut(long_series, last), last), known)


def test_contributions_add_up(long_history: tuple[StressDay, ...]) -> None:
    assert len(long_history) > 6200
    for day in long_history:
        assert abs(sum(day.contributions.values()) - day.z) < 1e-9
        assert abs(sum(each.weight * each.z for each in day.categories) / day.coverage - day.z) < 1e-9
        assert day.coverage >= 0.5
        assert 0.0 < day.score <= 100.0


@given(seed=SEEDS)
@settings(max_examples=8)
def test_order_is_irrelevant_and_so_is_doing_it_again(seed: int) -> None:
    series = generated_series(FIRST, date(2019, 9, 30), seed)
    random, names = Random(seed), list(series)
    random.shuffle(names)
    shuffled = {name: random.sample(series[name], len(series[name])) for name in names}
    days = stress_history(series, date(2019, 9, 30))
    assert same_bits(stress_history(shuffled, date(2019, 9, 30)), days)
    assert same_bits(stress_history(series, date(2019, 9, 30)), days)


@pytest.mark.parametrize("name", INPUT_SERIES)
def test_a_removed_source_changes_only_what_it_feeds(
    short_series: Series, short_history: tuple[StressDay, ...], name: str
) -> None:
    fed = {category for category, names in FEEDS.items() if name in names}
    less = stress_history({**short_series, name: ()}, LAST)
    whole, rest = by_category(short_history, fed), by_category(less, fed)
    common = whole.keys() & rest.keys()
    assert len(common) > 250
    assert all(rest[day] == whole[day] for day in common)
    assert less != short_history


CLOSES = ("^VIX", "^MOVE", "^GSPC", "XLF", "KRW=X")


@given(day=st.dates(date(2020, 1, 6), date(2020, 12, 18)).filter(lambda day: day.weekday() < 5))
@settings(max_examples=25, deadline=None)
@example(day=COLUMBUS)  # Columbus: the exchange is open, the Federal Reserve is not
@example(day=date(2020, 11, 26))  # Thanksgiving: only currencies trade
def test_a_shock_to_a_days_closes_moves_that_day_and_none_before(
    closing_series: Series, closing_history: tuple[StressDay, ...], day: date
) -> None:
    shocked = {
        name: [Observation(each.observed, 1.2 * each.value if each.observed == day else each.value) for each in rows]
        if name in CLOSES
        else rows
        for name, rows in closing_series.items()
    }
    found = stress_history(shocked, LAST)
    assert tuple(each for each in found if each.date < day) == tuple(
        each for each in closing_history if each.date < day
    )
    (ours,), (theirs,) = ([each for each in days if each.date == day] for days in (found, closing_history))
    assert ours.z != theirs.z


@pytest.fixture(scope="module")
def closing_series() -> Series:
    """Return series with closes on every weekday: currencies trade on New York's holidays, too."""
    series = generated_series(FIRST, LAST, 5, missing=0.0)
    holidays = [day for year in (2018, 2019, 2020) for day in holidays_of(year) if day.weekday() < 5]
    won = {each.observed: each for each in series["KRW=X"]}
    for day in holidays:
        won[day] = Observation(day, 1100.0)
    exchange = {**{each.observed: each for each in series["^GSPC"]}, COLUMBUS: Observation(COLUMBUS, 900.0)}
    return {
        **series,
        "KRW=X": [won[day] for day in sorted(won)],
        "^GSPC": [exchange[day] for day in sorted(exchange)],
    }


@pytest.fixture(scope="module")
def closing_history(closing_series: Series) -> tuple[StressDay, ...]:
    return stress_history(closing_series, LAST)


@pytest.mark.parametrize("begin", [date(2020, 6, 15), date(2020, 11, 23)])
def test_a_source_down_for_five_days_moves_the_index_by_no_more_than_the_truth(begin: date) -> None:
    series = generated_series(date(2017, 1, 2), LAST, 11, missing=0.0, crises=0.0)
    end, last = begin + timedelta(days=6), begin + timedelta(days=20)  # a week, without a holiday or with one
    true = stress_history(series, last)
    for name in INPUT_SERIES:
        down = stress_history(without(series, name, begin, end), last)
        assert [day.coverage for day in down] == [day.coverage for day in true]
        assert excess(true, down, begin) <= 0.1, name


def excess(true: tuple[StressDay, ...], down: tuple[StressDay, ...], begin: date) -> float:
    """Return by how much a day's move exceeds the largest true move from any day of the outage to that day."""
    assert [day.date for day in true] == [day.date for day in down]
    start = next(place for place, day in enumerate(true) if day.date >= begin) - 1
    return max(
        abs(down[place].z - down[place - 1].z)
        - max(abs(true[place].z - true[earlier].z) for earlier in range(start, place))
        for place in range(start + 1, len(true))
    )
