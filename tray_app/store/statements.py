"""Statements that are put in words once: peewee takes ten times as long for its words as the database for the answer.

Rows in bulk are written by statements made of columns: insert_many takes twenty times as long as the driver.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Generic, TypeVar

import peewee

from tray_app.core.table import Table
from tray_app.store.ddl import key_of
from tray_app.store.models import stored

Model = TypeVar("Model", bound=peewee.Model)
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class _Slot:
    """Where, among a statement's values, one is missing still."""

    name: str


class Given(peewee.Node):
    """A value that a prepared query is given each time it is asked, by this name."""

    def __init__(self, name: str) -> None:
        self._slot = _Slot(name)

    def __sql__(self, ctx: peewee.Context) -> peewee.Context:
        """Leave a place for the value."""
        ctx.value(self._slot, converter=False)
        return ctx


class Prepared(Generic[Value]):
    """A query of a model's rows, put in words once; made: what each row is told as, which nothing may change.

    Database.look asks it.
    """

    def __init__(self, query: "peewee.ModelSelect[Model]", made: Callable[[Model], Value]) -> None:
        self._query = query
        self._made = made

    def ask(self, database: peewee.Database, given: Mapping[str, object]) -> tuple[Value, ...]:
        """Return what there is, with the values that stand in it as Given."""
        statement, values = self._words
        bound = (stored(given[each.name]) if isinstance(each, _Slot) else each for each in values)
        return tuple(map(self._made, self._query.model.raw(statement, *bound).execute(database)))

    @cached_property
    def _words(self) -> tuple[str, list[Any]]:
        return self._query.sql()


def upsert(
    table: Table, columns: Sequence[str] = (), taken: Sequence[str] | None = None, *, if_other: bool = False
) -> str:
    """Return what writes a row of some columns (none named: all); the row of that key that is there is changed.

    taken: the columns in which it is; None for all given ones. if_other: not when nothing but the time and the run is.
    """
    there, sent = (", ".join(f"{side}.{name}" for name in table.told) for side in (table.name, "excluded"))
    differs = f" WHERE ({there}) IS NOT ({sent})" if if_other else ""
    return _upsert(table.name, table.key, columns or table.names, taken) + differs


def upsert_rows(model: type[peewee.Model], taken: Sequence[str] | None = None) -> str:
    """Return what writes a whole row of a table of the store's own. As upsert."""
    meta = model._meta
    return _upsert(meta.table_name, key_of(model), [field.column_name for field in meta.sorted_fields], taken)


def _upsert(table: str, key: Sequence[str], given: Sequence[str], taken: Sequence[str] | None) -> str:
    changed = [name for name in given if name not in key] if taken is None else taken
    return (
        f"INSERT INTO {table} ({', '.join(given)}) VALUES ({', '.join('?' * len(given))})"
        f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in changed)}"
    )
