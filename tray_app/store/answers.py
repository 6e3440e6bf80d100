"""What each source answered last: the digest of its content, since when it is the same, when it was whole."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tray_app.core.times import iso_instant, parse_instant
from tray_app.store.database import Database
from tray_app.store.series import Provenance

KEEP = """
    INSERT INTO source_answers (source, digest, first_seen_at, whole_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (source) DO UPDATE SET
        first_seen_at = IIF(source_answers.digest = excluded.digest,
            MIN(source_answers.first_seen_at, excluded.first_seen_at), excluded.first_seen_at),
        digest = excluded.digest, whole_at = COALESCE(excluded.whole_at, source_answers.whole_at)
"""


@dataclass(frozen=True, slots=True)
class SourceAnswer:
    """That a source answered; is_whole: nothing that was due of it was missing. Kept with what is stored of it."""

    source: str
    digest: str
    is_whole: bool = True

    def keep(self, connection: sqlite3.Connection, seen: Provenance) -> None:
        """Write it in the caller's transaction."""
        at = iso_instant(seen.at)
        connection.execute(KEEP, (self.source, self.digest, at, at if self.is_whole else None))


class AnswerStore:
    """Reads source_answers."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def same_since(self, source: str, digest: str) -> datetime | None:
        """Return since when (UTC) a source has answered with this content; nothing when it is new."""
        with self._database.reading() as connection:
            row = connection.execute(
                "SELECT first_seen_at FROM source_answers WHERE source = ? AND digest = ?", (source, digest)
            ).fetchone()
        return parse_instant(row[0]) if row else None

    def whole_since(self, sources: Collection[str], instant: datetime | None, now: datetime) -> frozenset[str]:
        """Return the sources that brought all that was due between an instant and now; none without an instant."""
        if instant is None:
            return frozenset()
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT source FROM source_answers WHERE whole_at BETWEEN ? AND ?",
                (iso_instant(instant), iso_instant(now)),
            ).fetchall()
        return frozenset(source for (source,) in rows) & frozenset(sources)
