"""What a file is made of, and the numbered steps from older ones to it; `user_version` holds the number reached.

A fresh file is made from the models. A step is frozen once released: models may change later, the past may not. A test
holds what the steps make to what the models make.
"""

import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property

import peewee

from tray_app.core.table import Kind, Table
from tray_app.store.ddl import column, create_table
from tray_app.store.models import OWN_MODELS, InstantField, model_of
from tray_app.store.schema import (
    step_1,
    step_2,
    step_3,
    step_4,
    step_5,
    step_6,
    step_7,
    step_8,
    step_9,
    step_10,
    step_11,
    step_12,
    step_13,
    step_14,
    step_15,
    step_16,
    step_17,
    step_18,
    step_19,
    step_20,
    step_21,
    step_22,
    step_23,
    step_24,
)
from tray_app.store.summed_tables import SummedTable, summed


@dataclass(frozen=True, slots=True)
class Migration:
    """One step; its version is its place in MIGRATIONS, counted from 1.

    rework: changes rows after the statements, where SQL alone cannot; in the same transaction.
    """

    purpose: str
    statements: tuple[str, ...]
    rework: Callable[[sqlite3.Connection], None] | None = None


MIGRATIONS = (
    Migration(step_1.PURPOSE, step_1.STATEMENTS),
    Migration(step_2.PURPOSE, step_2.STATEMENTS),
    Migration(step_3.PURPOSE, step_3.STATEMENTS),
    Migration(step_4.PURPOSE, step_4.STATEMENTS),
    Migration(step_5.PURPOSE, step_5.STATEMENTS),
    Migration(step_6.PURPOSE, step_6.STATEMENTS, step_6.rework),
    Migration(step_7.PURPOSE, step_7.STATEMENTS),
    Migration(step_8.PURPOSE, step_8.STATEMENTS, step_8.rework),
    Migration(step_9.PURPOSE, step_9.STATEMENTS),
    Migration(step_10.PURPOSE, step_10.STATEMENTS, step_10.rework),
    Migration(step_11.PURPOSE, step_11.STATEMENTS),
    Migration(step_12.PURPOSE, step_12.STATEMENTS),
    Migration(step_13.PURPOSE, step_13.STATEMENTS),
    Migration(step_14.PURPOSE, step_14.STATEMENTS),
    Migration(step_15.PURPOSE, step_15.STATEMENTS),
    Migration(step_16.PURPOSE, step_16.STATEMENTS),
    Migration(step_17.PURPOSE, step_17.STATEMENTS),
    Migration(step_18.PURPOSE, step_18.STATEMENTS, step_18.rework),
    Migration(step_19.PURPOSE, step_19.STATEMENTS),
    Migration(step_20.PURPOSE, step_20.STATEMENTS),
    Migration(step_21.PURPOSE, step_21.STATEMENTS),
    Migration(step_22.PURPOSE, step_22.STATEMENTS),
    Migration(step_23.PURPOSE, step_23.STATEMENTS),
    Migration(step_24.PURPOSE, step_24.STATEMENTS),
)
# Views and indices stand in the steps; the last of a name holds.
_MADE_BESIDE = re.compile(r"\s*CREATE (?:VIEW|INDEX) (\w+)")


@dataclass(frozen=True)
class Schema:
    """What a store is made of: the tables of the datasets, beside the store's own."""

    tables: tuple[Table, ...]

    @cached_property
    def models(self) -> tuple[type[peewee.Model], ...]:
        """Return every table as a model; what another one refers to may come later."""
        return (*OWN_MODELS, *map(model_of, self.tables))

    @cached_property
    def summed(self) -> tuple[SummedTable, ...]:
        """Return how the tables are summed whose rows sets are made of."""
        return tuple(summed(table) for table in self.tables if table.sums is not None)

    @property
    def instants(self) -> tuple[tuple[str, str], ...]:
        """Return the columns that hold instants, each with its table."""
        own = [(model._meta.table_name, field) for model in OWN_MODELS for field in model._meta.sorted_fields]
        stored = ((name, field.column_name) for name, field in own if isinstance(field, InstantField))
        told = ((table.name, name) for table in self.tables for name in table.of_kind(Kind.INSTANT))
        return (*stored, *told, *self.moments)

    @property
    def moments(self) -> tuple[tuple[str, str], ...]:
        """Return those of them that hold seconds since 1970."""
        return tuple((table.name, name) for table in self.tables for name in table.of_kind(Kind.MOMENT))

    @property
    def observed(self) -> tuple[tuple[str, str, str], ...]:
        """Return the tables whose rows are about days that must have come, with the columns of the day and of when."""
        return tuple((table.name, *table.observed) for table in self.tables if table.observed is not None)

    @property
    def version(self) -> int:
        """Return the number of the newest step: one of MIGRATIONS, or that of a table or column that came later."""
        later = (each.added.step for table in self.tables for each in table.columns if each.added)
        return max(len(MIGRATIONS), *(table.added for table in self.tables), *later)

    @property
    def _added(self) -> Iterator[tuple[int, str, str]]:
        """Yield what came later: its step, its name and the statement that makes it."""
        for table in self.tables:
            model = model_of(table)
            if table.added:
                yield table.added, table.name, create_table(model)
            for each in table.columns:
                if each.added:
                    added = f"ALTER TABLE {table.name} ADD COLUMN {column(model._meta.fields[each.name])}"
                    yield each.added.step, f"{table.name}.{each.name}", added

    def create(self, connection: sqlite3.Connection) -> None:
        """Make everything in an empty file, inside the caller's transaction."""
        beside = {
            found.group(1): statement
            for step in MIGRATIONS
            for statement in step.statements
            if (found := _MADE_BESIDE.match(statement))
        }
        for statement in (*map(create_table, self.models), *beside.values()):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {self.version}")

    def step(self, connection: sqlite3.Connection, version: int) -> str:
        """Make one step, inside the caller's transaction; returns what it brings."""
        brought = []
        for step, name, statement in self._added:
            if step == version:
                connection.execute(statement)
                brought.append(name)
        if version <= len(MIGRATIONS):
            apply(connection, version)
            brought.append(MIGRATIONS[version - 1].purpose)
        connection.execute(f"PRAGMA user_version = {version}")
        return ", ".join(brought)


def schema_version(connection: sqlite3.Connection) -> int:
    """Return the version a file is at; 0 for an empty one."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    return int(version)


def apply(connection: sqlite3.Connection, version: int) -> None:
    """Make one step, inside the caller's transaction."""
    step = MIGRATIONS[version - 1]
    for statement in step.statements:
        connection.execute(statement)
    if step.rework is not None:
        step.rework(connection)
    connection.execute(f"PRAGMA user_version = {version}")
