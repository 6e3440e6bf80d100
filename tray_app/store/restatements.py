"""What a source said before it changed its mind."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from tray_app.core.times import iso_instant
from tray_app.store.series import Seen


@dataclass(frozen=True, slots=True)
class Restated:
    """A stored final value and the one that replaces it."""

    table_name: str
    row_key: str
    column_name: str
    old: object
    new: object


def record_restatements(connection: sqlite3.Connection, restated: Sequence[Restated], seen: Seen) -> None:
    """Keep the old values, in the transaction that overwrites them."""
    connection.executemany(
        """
        INSERT INTO restatements (table_name, row_key, column_name, seen_at, old, new, run_id)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO UPDATE SET new = excluded.new, run_id = excluded.run_id
        """,
        [
            (
                each.table_name,
                each.row_key,
                each.column_name,
                iso_instant(seen.at),
                _text(each.old),
                _text(each.new),
                seen.run_id,
            )
            for each in restated
        ],
    )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
