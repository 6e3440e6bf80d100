from datetime import date

import pytest

from tray_app.datasets.liquidity.rules.business_days import BusinessDays
from tray_app.datasets.liquidity.rules.model import InputReading
from tray_app.datasets.liquidity.rules.readings import CarriedValue
from tray_app.datasets.liquidity.rules.repo import RepoLabel, repo_is_tight, repo_label

DAYS = BusinessDays(date(2025, 3, 3), date(2025, 7, 31))


def spread(z: float, observed: date = date(2025, 3, 12)) -> InputReading:
    return InputReading("repo_spread", "SOFR", 0.1, z, observed, 0)


def tail(value: float, observed: date = date(2025, 3, 12)) -> CarriedValue:
    return CarriedValue(value, DAYS.at_or_before(observed.toordinal()))


@pytest.mark.parametrize(
    ("z", "points", "is_tight"),
    [
        (None, None, False),
        (2.0, 0.25, False),
        (2.01, None, True),
        (None, 0.26, True),
        (-1.0, 4.65 - 4.40, False),  # 25 basis points, whatever binary fractions say
    ],
)
def test_dear_money_raises_the_flag(z: float | None, points: float | None, is_tight: bool) -> None:
    assert repo_is_tight(spread(z) if z is not None else None, tail(points) if points is not None else None) is is_tight


@pytest.mark.parametrize(
    ("observed", "label"),
    [
        (date(2025, 3, 28), RepoLabel.NONE),
        (date(2025, 3, 31), RepoLabel.QUARTER_END),
        (date(2025, 4, 4), RepoLabel.QUARTER_END),  # still in the five days' mean
        (date(2025, 4, 7), RepoLabel.NONE),
        (date(2025, 5, 30), RepoLabel.MONTH_END),
        (date(2025, 6, 2), RepoLabel.MONTH_END),
        (date(2025, 3, 4), RepoLabel.NONE),  # at the start of what is stored
    ],
)
def test_a_flag_around_a_reporting_date_carries_its_name(observed: date, label: RepoLabel) -> None:
    assert repo_label(spread(3.0, observed), None, DAYS) is label
    assert repo_label(None, tail(0.5, observed), DAYS) is label
    assert repo_label(spread(3.0, date(2025, 3, 3)), tail(0.5, observed), DAYS) is label


def test_labels_have_texts() -> None:
    assert [each.text for each in RepoLabel] == ["", "month-end", "quarter-end"]
