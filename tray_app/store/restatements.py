"""What a source said before it changed its mind."""

import sqlite3
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import peewee

from tray_app.core.times import iso_instant
from tray_app.core.words import tr
from tray_app.store.database import Database
from tray_app.store.models import Restatement
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert_rows

NAMED_AT_MOST = 3
RECORD = upsert_rows(Restatement, taken=("new", "run_id"))


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
        wanted = Restatement.select(peewee.fn.COUNT(Restatement.table_name))
        if since is not None:
            wanted = wanted.where(Restatement.seen_at >= since)
        if tables:
            wanted = wanted.where(Restatement.table_name.in_(list(tables)))
        return int(self._database.value(wanted))


def record_restatements(connection: sqlite3.Connection, restated: Sequence[Restated], seen: Provenance) -> None:
    """Keep the old values, in the transaction that overwrites them."""
    connection.executemany(
        RECORD,
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
