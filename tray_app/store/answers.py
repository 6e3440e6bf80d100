"""What each source answered last: the digest of its content, since when it is the same, when it was whole.

And for which days it answered again although they were stored: a request that is cut off goes on behind them.
"""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tray_app.core.coverage import Coverage
from tray_app.core.times import iso_instant, maybe_instant
from tray_app.store.database import Database
from tray_app.store.models import AskedAgain, SourceAnswerRow
from tray_app.store.series import Provenance

KEEP = """
    INSERT INTO source_answers (source, digest, first_seen_at, whole_at) VALUES (?, ?, ?, ?)
    ON CONFLICT (source) DO UPDATE SET
        first_seen_at = CASE
            WHEN source_answers.digest = excluded.digest AND source_answers.first_seen_at < excluded.first_seen_at
            THEN source_answers.first_seen_at ELSE excluded.first_seen_at END,
        digest = excluded.digest, whole_at = COALESCE(excluded.whole_at, source_answers.whole_at)
"""
# No request to ask again goes on for so long.
KEPT = timedelta(days=90)


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
        is_same = (SourceAnswerRow.source == source) & (SourceAnswerRow.digest == digest)
        return maybe_instant(self._database.value(SourceAnswerRow.select(SourceAnswerRow.first_seen_at).where(is_same)))

    def whole_since(self, sources: Collection[str], instant: datetime | None, now: datetime) -> frozenset[str]:
        """Return the sources that brought all that was due between an instant and now; none without an instant."""
        if instant is None:
            return frozenset()
        brought = SourceAnswerRow.select(SourceAnswerRow.source).where(SourceAnswerRow.whole_at.between(instant, now))
        rows = self._database.rows(brought)
        return frozenset(source for (source,) in rows) & frozenset(sources)


class AgainStore:
    """Reads and writes asked_again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(self, subject: str, covers: Coverage, seen: Provenance) -> None:
        """Note that the source has answered for these days of a series, after the answer is stored."""
        key = [AskedAgain.subject, AskedAgain.date_from]
        with self._database.writing():
            self._database.write(AskedAgain.delete().where(AskedAgain.asked_at < seen.at - KEPT))
            self._database.write(
                AskedAgain.insert(
                    subject=subject, date_from=covers.first, date_through=covers.last, asked_at=seen.at
                ).on_conflict(conflict_target=key, preserve=[AskedAgain.date_through, AskedAgain.asked_at])
            )

    def since(self, subject: str, instant: datetime) -> tuple[Coverage, ...]:
        """Return the days of a series that its source has answered for again since an instant, ascending."""
        query = (
            AskedAgain.select(AskedAgain.date_from, AskedAgain.date_through)
            .where((AskedAgain.subject == subject) & (AskedAgain.asked_at >= instant))
            .order_by(AskedAgain.date_from)
        )
        found = self._database.rows(query)
        return tuple(Coverage(date.fromisoformat(first), date.fromisoformat(last)) for first, last in found)
