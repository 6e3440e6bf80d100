"""What a source said before it changed its mind."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from tray_app.core.times import iso_instant
from tray_app.core.words import tr
from tray_app.store.database import Database
from tray_app.store.series import Provenance

NAMED_AT_MOST = 3


@dataclass(frozen=True, slots=True)
class Restated:
    """A stored final value and the one that replaces it."""

    table_name: str
    row_key: str
    column_name: str
    old: object
    new: object


class RestatementReads:
    """Reads of the restatements, usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count(self, since: datetime | None = None, tables: Collection[str] = ()) -> int:
        """Return how many stored final values of these tables (none named: of all) a later answer changed."""
        named = f" AND table_name IN ({', '.join('?' * len(tables))})" if tables else ""
        with self._database.reading() as connection:
            (count,) = connection.execute(
                f"SELECT COUNT(*) FROM restatements WHERE seen_at >= ?{named}",
                (iso_instant(since) if since else "", *tables),
            ).fetchone()
        return int(count)


def record_restatements(connection: sqlite3.Connection, restated: Sequence[Restated], seen: Provenance) -> None:
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


def restated_text(restated: Sequence[Restated]) -> str:
    """Return what a source says otherwise than it did, for people."""
    named = [f"{each.row_key} {each.column_name} {each.old} -> {each.new}" for each in restated[:NAMED_AT_MOST]]
    names = "; ".join(named)
    if len(restated) > len(named):
        names = tr("{names} and {count} more", names=names, count=len(restated) - len(named))
    return tr("Restated at the source: {names}.", names=names)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
