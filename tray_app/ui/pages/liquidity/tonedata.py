"""What the section of the Fed's tone reads, on reader threads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tray_app.datasets.news.reads import NewsReads, StoredDocument
    from tray_app.datasets.news.rules.model import ScoredSentence
    from tray_app.ui.pages.liquidity.series import TonePicture

MOST_DOCUMENTS = 1000


@dataclass(frozen=True, eq=False, slots=True)
class ToneFacts:
    """The documents, newest first, each with the one before it of its kind, and their tone over time."""

    rows: tuple[tuple[StoredDocument, StoredDocument | None], ...]
    picture: TonePicture

    @property
    def documents(self) -> tuple[StoredDocument, ...]:
        """Return the documents alone."""
        return tuple(document for document, _before in self.rows)


@dataclass(frozen=True, slots=True)
class DocumentRead:
    """A document's sentences, the numbers of those that its predecessor lacks, and how many it lacks of its own."""

    document: StoredDocument
    sentences: tuple[ScoredSentence, ...]
    new: frozenset[int]
    dropped: int

    @property
    def has_previous(self) -> bool:
        """Whether there is a document before it of its kind."""
        return self.document.previous_url is not None


def take_tone(reads: NewsReads) -> ToneFacts:
    """Read the documents; not for the UI thread."""
    from tray_app.ui.pages.liquidity.series import tone_picture  # noqa: PLC0415 - numpy comes with it

    documents = reads.documents(MOST_DOCUMENTS)
    by_url = {each.url: each for each in documents}
    rows = tuple((each, by_url.get(each.previous_url or "")) for each in documents)
    return ToneFacts(rows, tone_picture(documents))


def read_document(reads: NewsReads, document: StoredDocument) -> DocumentRead:
    """Read a document and compare it with the one before it; not for the UI thread."""
    ours = reads.sentences(document.url)
    if document.previous_url is None:
        return DocumentRead(document, ours, frozenset(), 0)
    before = {_alike(each) for each in reads.sentences(document.previous_url)}
    new = frozenset(each.number for each in ours if _alike(each) not in before)
    return DocumentRead(document, ours, new, len(before - {_alike(each) for each in ours}))


def _alike(sentence: ScoredSentence) -> str:
    """Return what two sentences share that differ only in spaces and capitals."""
    return " ".join(sentence.text.casefold().split())
