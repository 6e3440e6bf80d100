"""Sums of rows: by row and by column the same, and every change of one value shows."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.checks.row_sums import KeyedRows, SumColumn, Value, column, row_sum, signed

WHOLE = st.integers(-(2**63), 2**63 - 1)
REAL = st.floats(allow_nan=False)
TEXT = st.text(max_size=3) | st.binary(max_size=3)
ROWS = st.lists(
    st.tuples(st.none() | REAL, st.none() | WHOLE, REAL, WHOLE), min_size=1, max_size=20
)  # fmt: skip
# Columns as the database gives them; of damaged files, texts among numbers; the same value throughout.
COLUMN = st.sampled_from((WHOLE, REAL, TEXT, st.none() | WHOLE, st.none() | REAL, st.none() | TEXT, TEXT | WHOLE))


def by_row(rows: Sequence[tuple[float | int | None, ...]]) -> int:
    return signed(sum(row_sum((key,), values) for key, values in enumerate(rows)))


@st.composite
def tables(draw: st.DrawFn) -> list[list[Value]]:
    """Return columns of any kind, up to as many as tables have, of as many rows each."""
    rows = draw(st.integers(1, 40))
    kinds = draw(st.lists(COLUMN, min_size=2, max_size=16))
    return [
        draw(st.lists(kind, min_size=rows, max_size=rows)) if draw(st.booleans()) else [draw(kind)] * rows
        for kind in kinds
    ]


@given(tables(), st.data())
def test_many_rows_at_once_are_what_each_row_is(table: list[list[Value]], data: st.DataObject) -> None:
    keys = data.draw(st.integers(0, len(table)))
    columns, rows = [column(each) for each in table], list(zip(*table, strict=True))
    expected = sum(row_sum(row[:keys], row[keys:]) for row in rows)
    assert KeyedRows(len(rows), columns[:keys]).sum(columns[keys:]) == signed(expected)


@given(ROWS)
def test_a_sum_by_columns_is_that_of_the_rows(rows: list[tuple[float | int | None, ...]]) -> None:
    columns = [SumColumn(values, place % 2 == 1) for place, values in enumerate(zip(*rows, strict=True))]
    assert KeyedRows(len(rows), [column(range(len(rows)))]).sum(columns) == by_row(rows)


@pytest.mark.parametrize("rows", [1, 7, 3000])
def test_the_largest_words_do_not_run_over(rows: int) -> None:
    columns = [[*[-1 if place % 3 else 2**63 - 1] * (rows - 1), -2] for place in range(60)]
    expected = sum(row_sum(row[:2], row[2:]) for row in zip(*columns, strict=True))
    numbers = [column(each) for each in columns]
    assert KeyedRows(rows, numbers[:2]).sum(numbers[2:]) == signed(expected)


@given(ROWS, st.data())
def test_another_value_is_another_sum(rows: list[tuple[float | int | None, ...]], data: st.DataObject) -> None:
    row, place = data.draw(st.integers(0, len(rows) - 1)), data.draw(st.integers(0, 3))
    other = data.draw((WHOLE if place % 2 else REAL).filter(lambda value: value != rows[row][place]))
    changed = [*rows]
    changed[row] = (*rows[row][:place], other, *rows[row][place + 1 :])
    assert by_row(changed) != by_row(rows)


@given(ROWS)
def test_rows_that_changed_places_show(rows: list[tuple[float | int | None, ...]]) -> None:
    turned = rows[::-1]
    assert (by_row(turned) == by_row(rows)) == (turned == rows)


@given(ROWS, st.data())
def test_what_a_change_adds_is_the_difference_of_the_sums(
    rows: list[tuple[float | int | None, ...]], data: st.DataObject
) -> None:
    turned = [data.draw(st.sampled_from([row, *rows])) for row in rows]
    keys: list[list[Value]] = [[f"k{place}" for place in range(len(rows))], list(range(len(rows)))]
    before, after = ([column(each) for each in zip(*some, strict=True)] for some in (rows, turned))
    added = KeyedRows(len(rows), [column(key) for key in keys]).changes(before, after)
    for place, (old, new) in enumerate(zip(rows, turned, strict=True)):
        key = [each[place] for each in keys]
        assert signed(added[place]) == signed(row_sum(key, new) - row_sum(key, old))


def test_a_negative_zero_is_a_zero_and_nothing_is_not() -> None:
    assert row_sum((1,), (-0.0,)) == row_sum((1,), (0.0,))
    assert len({row_sum((1,), (value,)) for value in (None, 0.0, 1.0, 1, "", "1", "가")}) == 7
    assert all(-(2**63) <= row_sum(("key",), (value,)) < 2**63 for value in (None, "text", 5e-324, -1))


def test_the_sums_are_those_that_stores_hold() -> None:
    """Another function would name every row of every store as changed."""
    values: tuple[list[Value], ...] = ([1.5, None, -0.0], [7, -7, 2**62], ["a", "가", ""])
    rows = KeyedRows(3, [column([3, 5, 8])])
    assert rows.sum([column(each) for each in values]) == 6197392492394581265
