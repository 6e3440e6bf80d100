"""Statements made of a table's columns."""

from collections.abc import Sequence

from tray_app.core.table import Table


def upsert(table: Table, columns: Sequence[str] = (), taken: Sequence[str] | None = None) -> str:
    """Return what writes a row of some columns (none named: all); the row of that key that is there is changed.

    taken: the columns in which it is; None for all given ones.
    """
    given = columns or table.names
    changed = [name for name in given if name not in table.key] if taken is None else taken
    return (
        f"INSERT INTO {table.name} ({', '.join(given)}) VALUES ({', '.join('?' * len(given))})"
        f" ON CONFLICT ({', '.join(table.key)}) DO UPDATE SET"
        f" {', '.join(f'{name} = excluded.{name}' for name in changed)}"
    )
