"""Sums of rows: by row and by column the same, and every change of one value shows."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.row_sums import SumColumn, Value, changed_by, column, row_sum, rows_sum, signed

WHOLE = st.integers(-(2**63), 2**63 - 1)
REAL = st.floats(allow_nan=False)
ROWS = st.lists(
    st.tuples(st.none() | REAL, st.none() | WHOLE, REAL, WHOLE), min_size=1, max_size=20
)  # fmt: skip


def by_row(rows: Sequence[tuple[float | int | None, ...]]) -> int:
    return signed(sum(row_sum((key,), values) for key, values in enumerate(rows)))


@given(ROWS)
def test_a_sum_by_columns_is_that_of_the_rows(rows: list[tuple[float | int | None, ...]]) -> None:
    columns = [SumColumn(values, place % 2 == 1) for place, values in enumerate(zip(*rows, strict=True))]
    assert rows_sum([column(range(len(rows)))], columns) == by_row(rows)


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
    before, after = list(zip(*rows, strict=True)), list(zip(*turned, strict=True))
    added = changed_by(keys, before, after)
    for place, (old, new) in enumerate(zip(rows, turned, strict=True)):
        key = [each[place] for each in keys]
        assert signed(added[place]) == signed(row_sum(key, new) - row_sum(key, old))


def test_a_negative_zero_is_a_zero_and_nothing_is_not() -> None:
    assert row_sum((1,), (-0.0,)) == row_sum((1,), (0.0,))
    assert len({row_sum((1,), (value,)) for value in (None, 0.0, 1.0, 1, "", "1", "가")}) == 7
    assert all(-(2**63) <= row_sum(("key",), (value,)) < 2**63 for value in (None, "text", 5e-324, -1))
