from datetime import date

import holidays as published
import pytest

from tray_app.datasets.liquidity.rules.business_days import BusinessDays, holidays

# Kept by the Federal Reserve while the exchange is open.
RESERVE_ONLY = {"Martin Luther King Jr. Day", "Columbus Day", "Veterans Day", "Veterans Day (observed)"}


@pytest.mark.parametrize("year", range(1986, 2036))
def test_holidays_are_those_of_the_exchange_and_the_federal_reserve(year: int) -> None:
    exchange = published.financial_holidays("NYSE", years=year)
    country = published.country_holidays("US", years=year)
    ours = {day for day in holidays(year) if day.weekday() < 5}
    single = ("Closed", "Day of Mourning", "Funeral", "Hurricane")
    theirs = {day for day, name in exchange.items() if day.weekday() < 5 and not any(each in name for each in single)}
    assert theirs <= ours
    assert {country[day] for day in ours - theirs} <= RESERVE_ONLY


def test_numbers_skip_weekends_and_holidays() -> None:
    days = BusinessDays(date(2025, 12, 20), date(2026, 1, 5))  # a Saturday to a Monday
    ordinals = [date(2025, 12, 20).toordinal() + step for step in range(17)]
    open_days = [22, 23, 24, 26, 29, 30, 31, 33, 36]  # of December, on into January
    assert [days.ordinal(number) - date(2025, 11, 30).toordinal() for number in range(len(days))] == open_days
    assert days.numbers(ordinals) == [-1, -1, 0, 1, 2, 2, 3, 3, 3, 4, 5, 6, 6, 7, 7, 7, 8]
    assert [days.at_or_before(ordinal) for ordinal in ordinals] == days.numbers(ordinals)
    assert [days.at_or_after(ordinal) for ordinal in ordinals] == [0, 0, 0, 1, 2, 3, 3, 4, 4, 4, 5, 6, 7, 7, 8, 8, 8]
