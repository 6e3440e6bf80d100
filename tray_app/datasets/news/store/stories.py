"""Writing headlines: a story once, each item of a feed counted once as its copy, whatever feed repeats it."""

import sqlite3
from collections.abc import Iterable, Sequence
from datetime import datetime

from tray_app.core.times import iso_instant
from tray_app.datasets.news.rules.dedupe import Merged, known_since, merge
from tray_app.datasets.news.rules.model import Article, Headline
from tray_app.datasets.news.store.rows import ARTICLE_COLUMNS, article_of, article_row
from tray_app.datasets.news.tables import ISSUES
from tray_app.store.database import Database
from tray_app.store.issues import Note, keep_notes
from tray_app.store.series import Provenance

INSERT = f"""
    INSERT INTO news_article ({ARTICLE_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (hash) DO NOTHING
"""
COUNT_COPIES = """
    UPDATE news_article SET copies = (SELECT COUNT(*) FROM news_copy WHERE news_copy.hash = news_article.hash)
    WHERE hash = ?
"""
MARKS_AT_ONCE = 500


class NewsStore:
    """The writer of news_article and news_copy."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def keep_notes(self, notes: Sequence[Note], seen: Provenance) -> None:
        """Write what is told of feeds' answers, once their items are stored."""
        with self._database.writing() as connection:
            keep_notes(connection, notes, seen)

    def subjects_at_issue(self) -> frozenset[str]:
        """Return the feeds that open issues speak of."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT DISTINCT subject FROM data_quality_issues WHERE dataset_name = ? AND resolved_at IS NULL",
                (ISSUES,),
            ).fetchall()
        return frozenset(subject for (subject,) in rows)

    def fold(self, headlines: Sequence[Headline], now: datetime) -> int:
        """Fold headlines into the stored stories; returns how many stories are new.

        All in one transaction, because two collectors bring headlines and may do so at the same time. A story's copies
        are its items, so storing the same items again counts none twice.
        """
        if not headlines:
            return 0
        with self._database.writing() as connection:
            copies = _counted(connection, [item.key for item in headlines])
            merged = merge(_published_since(connection, known_since(headlines, now)), copies, headlines, now)
            return _write(connection, merged)


def _published_since(connection: sqlite3.Connection, instant: datetime) -> tuple[Article, ...]:
    rows = connection.execute(
        f"SELECT {ARTICLE_COLUMNS} FROM news_article WHERE published_utc >= ? ORDER BY published_utc, hash",
        (iso_instant(instant),),
    )
    return tuple(article_of(row) for row in rows)


def _counted(connection: sqlite3.Connection, item_keys: Sequence[str]) -> dict[str, str]:
    """Return the items that are stored already, with the story each belongs to."""
    found: dict[str, str] = {}
    for part in _parts(item_keys):
        marks = ", ".join("?" for _ in part)
        found.update(connection.execute(f"SELECT item_key, hash FROM news_copy WHERE item_key IN ({marks})", part))
    return found


def _parts(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + MARKS_AT_ONCE] for start in range(0, len(keys), MARKS_AT_ONCE))


def _write(connection: sqlite3.Connection, merged: Merged) -> int:
    new = connection.executemany(INSERT, [article_row(article) for article in merged.articles]).rowcount
    connection.executemany(
        "INSERT INTO news_copy (item_key, hash) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(copy.item_key, copy.article_key) for copy in merged.copies],
    )
    connection.executemany(COUNT_COPIES, [(key,) for key in sorted({copy.article_key for copy in merged.copies})])
    return max(new, 0)
