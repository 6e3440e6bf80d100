"""Writing the Federal Reserve's documents with their tone, sentence by sentence."""

import sqlite3
from collections.abc import Collection
from dataclasses import dataclass

from tray_app.core.times import iso_instant
from tray_app.datasets.news.rules.model import DocumentText, DocumentTone
from tray_app.datasets.news.store.rows import hits_text
from tray_app.datasets.news.tables import FED_DOCUMENT
from tray_app.store.database import Database
from tray_app.store.series import Provenance
from tray_app.store.statements import upsert

UPSERT = upsert(FED_DOCUMENT)


@dataclass(frozen=True, slots=True)
class ScoredBefore:
    """A stored document whose tone another dictionary gave, with its sentences."""

    url: str
    sentences: tuple[str, ...]


class DocumentStore:
    """The writer of fed_document and fed_sentence."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def unknown(self, urls: Collection[str]) -> tuple[str, ...]:
        """Return those of the addresses that are not stored, in their order."""
        with self._database.reading() as connection:
            known = {row[0] for row in connection.execute("SELECT url FROM fed_document")}
        return tuple(dict.fromkeys(url for url in urls if url not in known))

    def store(self, document: DocumentText, tone: DocumentTone, dictionary: str, seen: Provenance) -> None:
        """Keep a document and its sentences; dictionary is the digest of the one that gave the tone."""
        with self._database.writing() as connection:
            connection.execute(
                UPSERT,
                (
                    document.url,
                    document.title,
                    str(document.kind),
                    document.speaker,
                    iso_instant(document.published),
                    tone.policy,
                    tone.stability,
                    tone.words,
                    dictionary,
                    iso_instant(seen.at),
                    seen.run_id,
                ),
            )
            _replace_sentences(connection, document.url, tone)

    def scored_by_another(self, dictionary: str) -> tuple[ScoredBefore, ...]:
        """Return the documents whose tone is not by this dictionary."""
        with self._database.reading() as connection:
            urls = connection.execute(
                "SELECT url FROM fed_document WHERE dictionary <> ? ORDER BY published_utc", (dictionary,)
            ).fetchall()
            texts = [
                connection.execute("SELECT text FROM fed_sentence WHERE url = ? ORDER BY n", row).fetchall()
                for row in urls
            ]
        return tuple(
            ScoredBefore(row[0], tuple(text[0] for text in found)) for row, found in zip(urls, texts, strict=True)
        )

    def score_again(self, url: str, tone: DocumentTone, dictionary: str) -> None:
        """Replace a stored document's tone by that of another dictionary."""
        with self._database.writing() as connection:
            connection.execute(
                "UPDATE fed_document SET policy_tone = ?, stability_tone = ?, words = ?, dictionary = ? WHERE url = ?",
                (tone.policy, tone.stability, tone.words, dictionary, url),
            )
            _replace_sentences(connection, url, tone)


def _replace_sentences(connection: sqlite3.Connection, url: str, tone: DocumentTone) -> None:
    connection.execute("DELETE FROM fed_sentence WHERE url = ?", (url,))
    connection.executemany(
        "INSERT INTO fed_sentence (url, n, text, tone, hits) VALUES (?, ?, ?, ?, ?)",
        [(url, each.number, each.text, each.tone, hits_text(each.hits)) for each in tone.sentences],
    )
