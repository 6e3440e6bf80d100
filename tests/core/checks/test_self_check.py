"""The monthly self-check: when it is due, and which old days it asks for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import NOW

from tray_app.core.checks.self_check import EVERY, MOST_CALLS, Checkable, due_on, sample
from tray_app.datasets import DATASETS
from tray_app.datasets.dataset import Dataset

TODAY = NOW.date()
DAYS = [TODAY - timedelta(days=number) for number in range(400, 30, -1)]


def test_it_is_due_a_month_after_the_last_one() -> None:
    assert due_on(None, TODAY) is None
    assert due_on(TODAY - EVERY + timedelta(days=1), TODAY) is None
    assert due_on(TODAY - EVERY, TODAY) == TODAY
    assert due_on(TODAY - timedelta(days=100), TODAY) == TODAY - timedelta(days=100) + EVERY
    assert due_on(TODAY + timedelta(days=300), TODAY) is None


def test_all_datasets_together_stay_within_the_calls_of_a_check() -> None:
    assert sum(each.self_check.days * each.self_check.calls for each in DATASETS) <= MOST_CALLS == 20


@given(
    dataset=st.sampled_from(DATASETS),
    checkable=st.lists(
        st.builds(
            Checkable,
            st.text("abc", min_size=1),
            st.lists(st.sampled_from(DAYS), unique=True, max_size=9).map(sorted),
            st.booleans(),
        ),
        unique_by=lambda each: each.subject,
    ),
    due=st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_a_sample_is_of_stored_days_and_follows_from_the_day_it_is_due(
    dataset: Dataset[object], checkable: list[Checkable], due: date
) -> None:
    windows = sample(dataset.name, dataset.self_check.days, checkable, due, NOW)
    assert windows == sample(dataset.name, dataset.self_check.days, checkable[::-1], due, NOW)
    later = sample(dataset.name, dataset.self_check.days, checkable, due, NOW + timedelta(hours=7))
    assert all(one.is_same_work(other) for one, other in zip(windows, later, strict=True))
    stored = {each.subject: each for each in checkable}
    assert len({window.only for window in windows}) == len(windows)
    assert len(windows) == min(dataset.self_check.days, sum(bool(each.days) for each in checkable))
    for window in windows:
        assert window.date_from in stored[window.only].days
        assert window.date_to == (window.date_from if stored[window.only].is_of_one_day else None)
        assert window.again_since == NOW


@pytest.mark.parametrize("dataset", [each for each in DATASETS if each.self_check.days], ids=lambda each: each.name)
def test_every_month_brings_other_days(dataset: Dataset[object]) -> None:
    checkable = [Checkable(subject, DAYS) for subject in "abcdefghijkl"]
    samples = {
        sample(dataset.name, dataset.self_check.days, checkable, TODAY + number * EVERY, NOW) for number in range(12)
    }
    assert len(samples) == 12
