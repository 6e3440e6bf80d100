"""Headlines, and the Federal Reserve's documents with their tone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from tray_app.core.words import tr


class Language(StrEnum):
    """The language of a feed."""

    ENGLISH = "en"
    KOREAN = "ko"


@dataclass(frozen=True, slots=True)
class Headline:
    """One item of a feed as it was served. published is UTC; key is the feed's own id of the item, else its link."""

    key: str
    title: str
    outlet: str
    link: str
    published: datetime
    language: Language
    query: str


@dataclass(frozen=True, slots=True)
class Article:
    """A story, seen in one or more outlets; key is the hash of its normalised title. Instants are UTC."""

    key: str
    title: str
    outlet: str
    link: str
    published: datetime
    first_seen: datetime
    language: Language
    query: str
    copies: int


class DocumentKind(StrEnum):
    """The kinds of the Federal Reserve's documents, never compared with each other."""

    STATEMENT = "statement"
    MINUTES = "minutes"
    SPEECH = "speech"
    TESTIMONY = "testimony"

    @property
    def text(self) -> str:
        """Return what such a document is called within a sentence."""
        return {
            DocumentKind.STATEMENT: tr("statement"),
            DocumentKind.MINUTES: tr("minutes"),
            DocumentKind.SPEECH: tr("speech"),
            DocumentKind.TESTIMONY: tr("testimony"),
        }[self]


class HitKind(StrEnum):
    """What a word of the dictionary tells."""

    HAWKISH = "hawkish"
    DOVISH = "dovish"
    STRESS = "stress"
    CALM = "calm"


@dataclass(frozen=True, slots=True)
class DocumentText:
    """A document as published: paragraphs without boilerplate; speaker is empty for the committee's own."""

    url: str
    title: str
    kind: DocumentKind
    speaker: str
    published: datetime
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hit:
    """Words of a sentence that the dictionary knows."""

    kind: HitKind
    words: str


@dataclass(frozen=True, slots=True)
class ScoredSentence:
    """A sentence with its policy tone: 1 hawkish, -1 dovish, 0 neither."""

    number: int
    text: str
    tone: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class DocumentTone:
    """Tone of a whole document.

    policy is (hawkish - dovish) / sentences, in [-1, 1]; stability is (stress - calm) words per 1,000 words.
    """

    policy: float
    stability: float
    words: int
    sentences: tuple[ScoredSentence, ...]
