"""The step `fed_tone`: new documents of the Federal Reserve, judged by the dictionary of tone."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from tray_app.core.errors import AppError, Cancelled, NetworkDown, RateLimited
from tray_app.core.outcome import Missing
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.collector import RunContext, StepDone
from tray_app.datasets.news.collect.parts import NewsParts
from tray_app.datasets.news.collect.work import FeedReader, Fetched
from tray_app.datasets.news.feeds import document_feeds
from tray_app.datasets.news.reads import StoredDocument
from tray_app.datasets.news.rules.dictionary import ToneDictionary, load_dictionary, unusable
from tray_app.datasets.news.rules.documents import documents
from tray_app.datasets.news.rules.model import DocumentKind, DocumentText, DocumentTone, Headline
from tray_app.datasets.news.rules.tone import RULES, score
from tray_app.datasets.news.source.fed import FedPages
from tray_app.files import NotAFile, require_file
from tray_app.store.answers import SourceAnswer
from tray_app.store.issues import ISSUE_TABLES

logger = logging.getLogger(__name__)

TABLES = frozenset({"fed_document", "fed_sentence"})
DOCUMENTS_USE = "documents"
# The feeds hold some fifty documents; the first runs share them.
MOST_DOCUMENTS = 40
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class _Read:
    documents: int = 0
    missing: list[Missing] = field(default_factory=list)


class FedTone:
    """One run's documents."""

    def __init__(self, parts: NewsParts, context: RunContext, reader: FeedReader) -> None:
        self._parts = parts
        self._context = context
        self._reader = reader

    def run(self) -> StepDone:
        """Judge stored documents anew when the dictionary has changed, then fetch and judge the new ones."""
        text = self._dictionary_text()
        dictionary, digest = load_dictionary(text), _digest(text)
        again = self._score_again(dictionary, digest)
        listed = self._reader.fetch(document_feeds(), DOCUMENTS_USE)
        read = self._read(self._new(listed.headlines), dictionary, digest)
        self._keep_notes(listed, is_whole=not read.missing)
        return StepDone(
            self._note(listed, read, again),
            again + read.documents,
            self._newest(),
            TABLES | ISSUE_TABLES if listed.warnings else TABLES,
            warnings=listed.warnings,
            came=read.documents > 0 or (listed.done > 0 and not read.missing),
            missing=(*listed.missing, *read.missing),
        )

    def _keep_notes(self, listed: Fetched, *, is_whole: bool) -> None:
        """Keep what was found of the feeds; they have brought everything once each of their documents is stored."""
        judged = listed.judged(self._context.now)
        notes = [replace(note, is_whole=is_whole) if isinstance(note, SourceAnswer) else note for note in judged.notes]
        self._parts.news.keep_notes(notes, self._context.seen)

    def _new(self, headlines: Sequence[Headline]) -> list[Headline]:
        recent = documents(headlines, self._context.now)
        unknown = set(self._parts.documents.unknown([each.link for each in recent]))
        return [each for each in recent if each.link in unknown][:MOST_DOCUMENTS]

    def _read(self, headlines: Sequence[Headline], dictionary: ToneDictionary, digest: str) -> _Read:
        pages, read = FedPages(self._context.http), _Read()
        for done, headline in enumerate(headlines):
            self._context.progress(headline.title, done, len(headlines))
            try:
                document = pages.text(headline, self._context.now)
            except Cancelled:
                raise
            except AppError as error:
                logger.warning("%s: %s", headline.link, error)
                read.missing.append(Missing(error, headline.title))
                if isinstance(error, NetworkDown | RateLimited):
                    break
                continue
            if document is not None:
                tone = score(document, dictionary)
                self._parts.documents.store(document, tone, digest, self._context.seen)
                read.documents += 1
        return read

    def _score_again(self, dictionary: ToneDictionary, digest: str) -> int:
        stored = self._parts.documents.scored_by_another(digest)
        for each in stored:
            self._parts.documents.score_again(each.url, _tone_of(each.url, each.sentences, dictionary), digest)
        return len(stored)

    def _newest(self) -> date | None:
        newest = self._parts.reads.documents(1)
        return utc_date(newest[0].published) if newest else None

    def _note(self, listed: Fetched, read: _Read, again: int) -> str:
        parts = [tr("{count} new documents", count=read.documents)] if read.documents else []
        if not read.documents and listed.done:
            parts.append(tr("nothing new"))
        if again:
            parts.append(tr("{count} judged again by the changed dictionary", count=again))
        if read.missing:
            parts.append(tr("{count} could not be read", count=len(read.missing)))
        parts += listed.told
        if read.documents:
            parts.append(self._against_the_one_before(self._parts.reads.documents(1)[0]))
        return "; ".join(parts)

    def _against_the_one_before(self, newest: StoredDocument) -> str:
        stored = {each.url: each for each in self._parts.reads.documents()}
        before = stored.get(newest.previous_url or "")
        values = {"kind": newest.kind.text, "day": utc_date(newest.published), "tone": newest.policy_tone}
        if before is None:
            return tr("{kind} of {day}: policy {tone:+.2f}", **values)
        return tr("{kind} of {day}: policy {tone:+.2f} after {before:+.2f}", **values, before=before.policy_tone)

    def _dictionary_text(self) -> str:
        file = next((path for path in self._parts.dictionaries if path.exists()), self._parts.dictionaries[-1])
        try:
            require_file(file)
        except NotAFile as error:
            raise unusable(error.strerror or str(error)) from error
        return file.read_text(encoding="utf-8-sig", errors="replace")


def _digest(dictionary: str) -> str:
    return hashlib.sha256(f"{RULES}\n{dictionary}".encode()).hexdigest()[:16]


def _tone_of(url: str, sentences: Sequence[str], dictionary: ToneDictionary) -> DocumentTone:
    # Only the paragraphs are judged; each sentence of the stored text stands for one.
    return score(DocumentText(url, "", DocumentKind.STATEMENT, "", LONG_AGO, tuple(sentences)), dictionary)
