"""Typed rows from columns, for the thousands of rows of a market's day."""

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import repeat
from typing import Any, TypeVar

Row = TypeVar("Row")


def rows_of(kind: type[Row], count: int, columns: Mapping[str, Iterable[object]]) -> tuple[Row, ...]:
    """Return the rows of a frozen class with slots, filled column by column.

    Its own constructor goes through object.__setattr__ for every field, and would take thrice as long: most of a
    day's time from body to rows. So the rows are made as a thawed twin of the class, and then given the class.
    """
    twin, names = _thawed(kind)  # type: ignore[arg-type]  # mypy takes type[Row] for unhashable
    rows = tuple(map(twin, *(columns[name] for name in names))) if count else ()
    deque(map(object.__setattr__, rows, repeat("__class__"), repeat(kind)), maxlen=0)
    return rows


@cache
def _thawed(kind: type[Any]) -> tuple[Callable[..., Any], tuple[str, ...]]:
    """Return a class with the same slots that is not frozen, and the names of its fields."""
    names = tuple(field.name for field in dataclasses.fields(kind))
    return dataclasses.make_dataclass(f"Thawed{kind.__name__}", names, slots=True), names
