"""What windows and the command line show of headlines and documents. Newest first unless said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tray_app.core.times import iso_instant, maybe_instant, parse_instant
from tray_app.datasets.news.rules.model import Article, DocumentKind, ScoredSentence
from tray_app.datasets.news.store.rows import ARTICLE_COLUMNS, article_of, hits_of
from tray_app.store.database import Database


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document of the Federal Reserve with its tone; previous_url is the one before it of the same kind.

    is_time_first_seen: the source told no date that can be read, so published is when it was collected.
    """

    url: str
    title: str
    kind: DocumentKind
    speaker: str
    published: datetime
    policy_tone: float
    stability_tone: float
    previous_url: str | None
    is_time_first_seen: bool


@dataclass(frozen=True, slots=True)
class NewsStory:
    """What the news score needs of a story: instants are UTC, query is the label of the feed that told it."""

    title: str
    query: str
    published: datetime
    first_seen: datetime


class NewsReads:
    """Reads of the tables of headlines and documents, usable from any thread."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def documents(self, limit: int = 200) -> tuple[StoredDocument, ...]:
        """Return the Federal Reserve's documents, newest first; previous_url may lie beyond the limit."""
        with self._database.reading() as connection:
            rows = connection.execute(
                """
                SELECT url, title, type, speaker, published_utc, policy_tone, stability_tone,
                       LAG(url) OVER (PARTITION BY type ORDER BY published_utc, url), published_utc = collected_at
                FROM fed_document ORDER BY published_utc DESC, url DESC LIMIT ?
                """,
                (limit,),
            ).fetchall()
        return tuple(map(_document, rows))

    def sentences(self, url: str) -> tuple[ScoredSentence, ...]:
        """Return a document's sentences in their order, with what the dictionary found in them."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT n, text, tone, hits FROM fed_sentence WHERE url = ? ORDER BY n", (url,)
            ).fetchall()
        return tuple(ScoredSentence(row[0], row[1], row[2], hits_of(row[3])) for row in rows)

    def articles(self, since: datetime | None = None, limit: int = 200) -> tuple[Article, ...]:
        """Return the stories published since an instant, newest first."""
        with self._database.reading() as connection:
            rows = connection.execute(
                f"SELECT {ARTICLE_COLUMNS} FROM news_article WHERE published_utc >= ?"
                " ORDER BY published_utc DESC, hash LIMIT ?",
                (iso_instant(since) if since else "", limit),
            ).fetchall()
        return tuple(article_of(row) for row in rows)

    def stories_since(self, since: datetime) -> tuple[NewsStory, ...]:
        """Return every story published since an instant, in no order: of tens of thousands only what is counted."""
        with self._database.reading() as connection:
            rows = connection.execute(
                "SELECT title, query, published_utc, first_seen_utc FROM news_article WHERE published_utc >= ?",
                (iso_instant(since),),
            ).fetchall()
        return tuple(NewsStory(row[0], row[1], parse_instant(row[2]), parse_instant(row[3])) for row in rows)

    def newest_article(self) -> datetime | None:
        """Return the instant (UTC) the newest story was published."""
        with self._database.reading() as connection:
            (instant,) = connection.execute("SELECT MAX(published_utc) FROM news_article").fetchone()
        return maybe_instant(instant)


def _document(row: Sequence[Any]) -> StoredDocument:
    url, title, kind, speaker, published, policy, stability, previous, is_first_seen = row
    return StoredDocument(
        url,
        title,
        DocumentKind(kind),
        speaker,
        parse_instant(published),
        policy,
        stability,
        previous,
        bool(is_first_seen),
    )
