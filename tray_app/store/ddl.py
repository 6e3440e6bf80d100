"""What makes the tables of a fresh SQLite file: printed from the models' fields, one printer per kind of database."""

from collections.abc import Iterator
from typing import Any

import peewee

TYPES = {"AUTO": "INTEGER", "INT": "INTEGER", "BOOL": "INTEGER", "DOUBLE": "REAL", "TEXT": "TEXT"}


def create_table(model: type[peewee.Model]) -> str:
    """Return the statement that makes a model's table."""
    meta = model._meta
    key = meta.primary_key
    lines = [_column(field, is_key=field is key) for field in meta.sorted_fields]
    if isinstance(key, peewee.CompositeKey):
        lines.append(f"PRIMARY KEY ({', '.join(key_of(model))})")
    lines += [f"UNIQUE ({', '.join(names)})" for names, _unique in meta.indexes]
    ending = " WITHOUT ROWID" if meta.without_rowid else ""
    return f"CREATE TABLE {meta.table_name} ({', '.join(lines)}){ending}"


def key_of(model: type[peewee.Model]) -> tuple[str, ...]:
    """Return the columns that no two rows share."""
    key: Any = model._meta.primary_key
    return tuple(key.field_names) if isinstance(key, peewee.CompositeKey) else (key.column_name,)


def column(field: peewee.Field) -> str:
    """Return a column's name, type and rules, as a table that is there takes it too."""
    return " ".join(_words(field))


def _column(field: peewee.Field, *, is_key: bool) -> str:
    if not is_key:
        return column(field)
    # A key that is SQLite's own row number is never empty.
    has_own_number = not field.model._meta.without_rowid
    numbered = " AUTOINCREMENT" if isinstance(field, peewee.AutoField) else ""
    return f"{field.column_name} {TYPES[field.field_type]}{'' if has_own_number else ' NOT NULL'} PRIMARY KEY{numbered}"


def _words(field: peewee.Field) -> Iterator[str]:
    yield field.column_name
    yield TYPES[field.field_type]
    if not field.null:
        yield "NOT NULL"
    if field.default is not None:
        yield f"DEFAULT {_literal(field.default)}"
    if field.unique:
        yield "UNIQUE"
    yield from (constraint.sql for constraint in field.constraints or ())


def _literal(value: Any) -> str:
    return f"'{value}'" if isinstance(value, str) else str(int(value))
