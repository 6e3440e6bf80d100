"""Which days the index has, and by the end of which of them an observation is published."""

from datetime import date, timedelta

import pytest

from tray_app.datasets.liquidity.catalogue import MacroSeries, catalogue
from tray_app.datasets.liquidity.rules.index_days import IndexDays

FIRST, LAST = date(2025, 11, 5), date(2025, 12, 31)
DAYS = IndexDays(FIRST, LAST)
SERIES = {each.series_id: each for each in catalogue()}


def known(series: MacroSeries, day: str) -> str:
    (number,) = DAYS.known([date.fromisoformat(day).toordinal()], series)
    return str(date.fromordinal(DAYS.ordinal(number)))


def test_every_weekday_of_the_span_is_a_day_and_holidays_are_told_apart() -> None:
    days = [date.fromordinal(DAYS.ordinal(number)) for number in range(len(DAYS))]
    monday = FIRST - timedelta(days=2)
    assert days == [day for step in range(59) if (day := monday + timedelta(days=step)).weekday() < 5]
    holidays = [str(days[number]) for number in range(len(DAYS)) if DAYS.is_holiday(number)]
    assert holidays == ["2025-11-11", "2025-11-27", "2025-12-25"]
    assert [DAYS.business_numbers[number + 1] - DAYS.business_numbers[number] for number in range(5, 8)] == [0, 1, 1]


@pytest.mark.parametrize("last", [date(2025, 12, 26), date(2025, 12, 27), date(2025, 12, 28)])
def test_a_span_ends_with_its_last_weekday(last: date) -> None:
    days = IndexDays(FIRST, last)
    assert date.fromordinal(days.ordinal(len(days) - 1)) == date(2025, 12, 26)


@pytest.mark.parametrize(
    ("series_id", "observed", "published"),
    [
        ("^GSPC", "2025-11-26", "2025-11-26"),
        ("^GSPC", "2025-11-11", "2025-11-11"),  # Veterans Day: the exchange is open
        ("KRW=X", "2025-11-27", "2025-11-27"),  # Thanksgiving: currencies trade
        ("KRW=X", "2025-11-29", "2025-12-01"),  # a weekend has no day of its own
        ("IORB", "2025-11-28", "2025-11-28"),
        ("RRPONTSYD", "2025-11-28", "2025-11-28"),
        ("T10Y2Y", "2025-11-28", "2025-11-28"),
        ("SOFR", "2025-11-26", "2025-11-28"),  # Thanksgiving lies between
        ("EFFR", "2025-11-28", "2025-12-01"),
        ("DFF", "2025-11-29", "2025-12-01"),  # a Saturday's rate is Friday's
        ("DGS10", "2025-12-01", "2025-12-02"),
        ("BAA10Y", "2025-12-01", "2025-12-02"),
        ("AAA10Y", "2025-12-01", "2025-12-02"),
        ("VIXCLS", "2025-12-01", "2025-12-02"),
        ("DCPF3M", "2025-12-01", "2025-12-03"),
        ("WALCL", "2025-11-26", "2025-11-28"),
        ("DTWEXBGS", "2025-11-24", "2025-12-01"),
        ("DTWEXBGS", "2025-11-28", "2025-12-01"),
        ("DEXKOUS", "2025-12-01", "2025-12-08"),
    ],
)
def test_a_value_counts_from_the_day_it_is_published(series_id: str, observed: str, published: str) -> None:
    assert known(SERIES[series_id], observed) == published


def test_a_weekly_batch_due_on_a_holiday_comes_the_day_after() -> None:
    days = IndexDays(date(2026, 5, 4), date(2026, 6, 30))
    (number,) = days.known([date(2026, 5, 22).toordinal()], SERIES["DEXKOUS"])
    assert date.fromordinal(days.ordinal(number)) == date(2026, 5, 26)  # Memorial Day was the 25th


@pytest.mark.parametrize("series", catalogue(), ids=lambda each: each.series_id)
def test_nothing_is_known_before_its_date_or_after_its_lag(series: MacroSeries) -> None:
    dates = [FIRST.toordinal() + step for step in range((LAST - FIRST).days + 1)]
    published = [DAYS.ordinal(number) for number in DAYS.known(dates, series)]
    assert published == sorted(published)
    assert all(known >= day for known, day in zip(published, dates, strict=True))
    business = DAYS.business
    lags = [
        business.at_or_before(known) - business.at_or_before(day) for known, day in zip(published, dates, strict=True)
    ]
    assert max(lags) <= max(series.lag, 1)
