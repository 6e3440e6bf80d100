"""Rows made column by column are rows as any other."""

from dataclasses import FrozenInstanceError, dataclass, replace
from datetime import date
from itertools import repeat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tray_app.core.columns import rows_of


@dataclass(frozen=True, slots=True)
class Price:
    day: date
    code: str
    close: float | None

    @property
    def is_known(self) -> bool:
        return self.close is not None


DAY = date(2024, 1, 5)
closes = st.none() | st.floats(allow_nan=False)


@given(st.lists(st.tuples(st.text(), closes)))
def test_rows_are_those_that_the_class_itself_would_make(values: list[tuple[str, float | None]]) -> None:
    columns = {"close": [close for _, close in values], "code": (code for code, _ in values), "day": repeat(DAY)}
    rows = rows_of(Price, len(values), columns)
    made = tuple(Price(DAY, code, close) for code, close in values)
    assert rows == made
    assert [hash(row) for row in rows] == [hash(row) for row in made]
    assert [row.is_known for row in rows] == [row.is_known for row in made]
    assert {type(row) for row in rows} <= {Price}


def test_rows_are_frozen_and_hold_nothing_else() -> None:
    (row,) = rows_of(Price, 1, {"day": [DAY], "code": ["005930"], "close": [1.0]})
    with pytest.raises(FrozenInstanceError):
        row.close = 2.0  # type: ignore[misc]
    assert not hasattr(row, "__dict__")
    assert replace(row, close=None) == Price(DAY, "005930", None)


def test_no_rows_of_columns_that_never_end() -> None:
    assert rows_of(Price, 0, {"day": repeat(DAY), "code": repeat(""), "close": repeat(None)}) == ()


def test_a_column_that_is_missing_is_no_blank() -> None:
    with pytest.raises(KeyError, match="close"):
        rows_of(Price, 1, {"day": [DAY], "code": ["005930"]})
