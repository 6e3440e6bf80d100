"""Marks that stand beside the data: a name is there or it is not."""

import sqlite3

from tray_app.core.times import iso_instant
from tray_app.store.series import Provenance


def mark(connection: sqlite3.Connection, name: str, seen: Provenance) -> None:
    """Set a mark, in the transaction of what it speaks of."""
    connection.execute(
        "INSERT INTO series_progress (series, updated_at) VALUES (?, ?) ON CONFLICT DO NOTHING",
        (name, iso_instant(seen.at)),
    )


def marked(connection: sqlite3.Connection, prefix: str) -> list[str]:
    """Return what stands behind a prefix in the marks that begin with it, ascending."""
    rows = connection.execute("SELECT series FROM series_progress WHERE series LIKE ? ORDER BY series", (f"{prefix}%",))
    return [row[0].removeprefix(prefix) for row in rows]
