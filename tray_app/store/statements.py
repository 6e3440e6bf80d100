"""Statements made of columns, for rows in bulk: peewee's insert_many takes twenty times as long as the driver."""

from collections.abc import Sequence

import peewee

from tray_app.core.table import Table
from tray_app.store.ddl import key_of


def upsert(
    table: Table, columns: Sequence[str] = (), taken: Sequence[str] | None = None, *, if_other: bool = False
) -> str:
    """Return what writes a row of some columns (none named: all); the row of that key that is there is changed.

    taken: the columns in which it is; None for all given ones. if_other: not when nothing but the time and the run is.
    """
    stored, sent = (", ".join(f"{side}.{name}" for name in table.told) for side in (table.name, "excluded"))
    differs = f" WHERE ({stored}) IS NOT ({sent})" if if_other else ""
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
