"""Rows left out of an answer: how many are a few, and how they are told."""

from datetime import UTC, date, datetime

import lives
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.quality import Finding, Severity, ValueCode
from tray_app.core.row_faults import RowFault, are_too_many, findings
from tray_app.core.source_life import SourceLife

DAY = date(2026, 8, 20)


@pytest.mark.parametrize(("faults", "rows"), [(0, 0), (0, 20), (1, 20), (3, 20), (1, 2), (9, 943)])
def test_a_few_rows_may_be_left_out(faults: int, rows: int) -> None:
    assert not are_too_many(faults, rows)


@pytest.mark.parametrize(("faults", "rows"), [(4, 20), (1, 1), (2, 2), (10, 943), (20, 20)])
def test_an_answer_with_more_is_of_another_form(faults: int, rows: int) -> None:
    assert are_too_many(faults, rows)


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_more_faults_are_never_fewer_than_a_few(faults: int, rows: int) -> None:
    if are_too_many(faults, rows + faults):
        assert are_too_many(faults + 1, rows + faults + 1)


def test_a_subject_has_one_finding_on_its_first_day() -> None:
    told = findings(
        [
            RowFault("tether", "price_usd is empty", DAY),
            RowFault("tether", "price_usd is empty", date(2026, 8, 19)),
            RowFault("bitcoin", "2206-08-21 is impossible", None, ValueCode.DATE_IMPOSSIBLE),
        ]
    )
    assert told == (
        Finding("tether", ValueCode.ROW_SET_ASIDE, "2 rows: price_usd is empty (2)", date(2026, 8, 19)),
        Finding("bitcoin", ValueCode.DATE_IMPOSSIBLE, "1 row: 2206-08-21 is impossible"),
    )


def test_many_reasons_are_named_by_the_most_frequent() -> None:
    (told,) = findings(RowFault("x", f"reason {number}") for number in (1, 1, 2, 3, 4, 5))
    assert told.detail == "6 rows: reason 1 (2); reason 2; reason 3; ..."


def test_a_finding_without_a_date_stands_on_the_day_it_was_found() -> None:
    issue = Finding("bitcoin", ValueCode.DATE_IMPOSSIBLE, "1 row").issue("crypto", DAY)
    assert (issue.trade_date, issue.severity, issue.is_undated) == (DAY, Severity.WARN, True)
    assert not Finding("bitcoin", ValueCode.VALUE_JUMP, "", DAY).issue("crypto", date(2027, 1, 1)).is_undated


@pytest.mark.parametrize("source", lives.ALL)
def test_a_row_is_of_the_sources_life_or_it_is_none(source: SourceLife) -> None:
    now = datetime(2026, 8, 20, 3, tzinfo=UTC)
    first = source.first
    assert source.holds(first, now)
    assert not source.holds(date.fromordinal(first.toordinal() - 1), now)
    assert source.holds(source.last(now), now)
    assert not source.holds(date.fromordinal(source.last(now).toordinal() + 1), now)
    assert abs((source.last(now) - date(2026, 8, 21)).days) <= 1
    assert not source.holds(date.max, now)
    assert not source.holds(date.min, now)


def test_tomorrow_is_that_of_the_sources_zone() -> None:
    now = datetime(2026, 8, 20, 3, tzinfo=UTC)
    assert lives.FRED.last(now) == date(2026, 8, 20)
    assert lives.COINGECKO.last(now) == date(2026, 8, 21)
    assert lives.KRX_LISTINGS.last(datetime(2026, 8, 20, 16, tzinfo=UTC)) == date(2026, 8, 22)
