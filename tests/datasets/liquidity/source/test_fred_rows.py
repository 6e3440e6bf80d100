"""The observations of FRED: what counts as a value, and which bodies are refused."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from net.replies import json_body, told
from support import NOW, client

from datasets.liquidity.source.liquidity_kit import FRED, KEY, observations
from tray_app.core.errors import SourceChangedShape
from tray_app.core.row_faults import Sifted
from tray_app.core.series import SeriesPoint
from tray_app.datasets.liquidity.source.fred import Fred
from tray_app.net.sift import _rising

ROWS = (("2026-08-17", "5.30"), ("2026-08-18", "."), ("2026-08-19", "-0.5"))
POINTS = (SeriesPoint(date(2026, 8, 17), 5.30), SeriesPoint(date(2026, 8, 19), -0.5))


def read(body: Any, since: date | None = None) -> tuple[SeriesPoint, ...]:
    return sift(body, since).rows


def sift(body: Any, since: date | None = None) -> Sifted[SeriesPoint]:
    reply = json_body(body if isinstance(body, str) else json.dumps(body))
    with told(reply, hosts=(FRED,)) as (url, _seen), client(url) as http:
        return Fred(http, KEY).observations("SOFR", since, NOW)


def test_the_dot_is_no_value_and_never_zero() -> None:
    assert read(observations(*ROWS)) == POINTS
    assert read(observations(("2026-08-18", "."))) == ()
    assert read(observations()) == ()
    assert read(observations(("2026-08-18", "0.00"))) == (SeriesPoint(date(2026, 8, 18), 0.0),)


def test_what_lies_before_the_asked_for_date_is_left_out() -> None:
    assert read(observations(*ROWS), date(2026, 8, 18)) == POINTS[1:]


def test_a_date_out_of_order_costs_its_own_row_and_none_of_those_after_it() -> None:
    days = [date(2025, 1, 1) + timedelta(days=number) for number in range(300)]
    rows = [(day.isoformat(), "1.5") for day in days]
    for wrong in ("2026-08-20", "2024-12-01"):
        bad = [*rows[:100], (wrong, "1.5"), *rows[101:]]
        sifted = sift(observations(*bad))
        assert [point.date for point in sifted.rows] == [*days[:100], *days[101:]]
        assert [(fault.subject, str(fault.day)) for fault in sifted.faults] == [("SOFR", wrong)]


def test_of_a_date_with_two_values_neither_is_believed() -> None:
    sifted = sift(observations(*ROWS, ("2026-08-20", "1"), ("2026-08-20", "9")))
    assert sifted.rows == POINTS
    assert [fault.day for fault in sifted.faults] == [date(2026, 8, 20)]


@given(st.lists(st.integers(0, 30), max_size=12))
def test_as_many_rows_as_can_be_are_kept_in_order(places: list[int]) -> None:
    found = [places[number] for number in sorted(_rising(places))]
    assert found == sorted(set(found))
    longest = max((len(each) for size in range(len(places) + 1) for each in combinations(places, size)
                   if list(each) == sorted(set(each))), default=0)  # fmt: skip
    assert len(found) == longest


@pytest.mark.parametrize(
    "row",
    [
        ("2026-08-32", "1"),
        ("20260818", "1"),
        ("2026-W34-2", "1"),
        ("", "1"),
        ("2026-08-18", "nan"),
        ("2026-08-18", "inf"),
        ("2026-08-18", "1e999"),
        ("2026-08-18", "1e19"),
        ("2026-08-18", "1,5"),
        ("2026-08-18", " 1"),
        ("2026-08-18", "٣"),
        ("2026-08-18", "1_000"),
        ("2026-08-18", "9" * 5000),
    ],
)
def test_odd_rows_are_refused(row: tuple[str, str]) -> None:
    with pytest.raises(SourceChangedShape, match=r"is not a|is out of range"):
        read(observations(row))


@pytest.mark.parametrize(
    "change",
    [
        lambda body: body.pop("count"),
        lambda body: body.update(count="many"),
        lambda body: body.update(count=-1),
        lambda body: body.update(observations={}),
    ],
)
def test_a_changed_shape_is_said_to_be_so(change: Callable[[dict[str, Any]], object]) -> None:
    body = observations(*ROWS)
    change(body)
    with pytest.raises(SourceChangedShape):
        read(body)


def test_a_date_nested_deeper_than_python_can_write_is_refused() -> None:
    deep = "[" * 1010 + "]" * 1010
    with pytest.raises(SourceChangedShape, match=r"'\[\.\.\.\]' is not a date"):
        read(json.dumps(observations(("date", "1"))).replace('"date": "date"', f'"date": {deep}'))
