"""Headlines, and the Federal Reserve's documents with their tone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from tray_app.core.source_life import SourceLife
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.news.feeds import Language

# The web's first feeds and the oldest documents the Federal Reserve has put there.
FEED_LIFE = SourceLife(date(1990, 1, 1), UTC)


@dataclass(frozen=True, slots=True)
class Headline:
    """One item of a feed as it was served; key is the feed's own id of the item, else its link.

    published is UTC, or nothing when the item has no date or none that can be read.
    """

    key: str
    title: str
    outlet: str
    link: str
    published: datetime | None
    language: Language
    query: str

    def published_by(self, now: datetime) -> datetime:
        """Return when it was published: now, when it is first seen, if it has no date or one that cannot be."""
        if self.published is None or not FEED_LIFE.holds(utc_date(self.published), now):
            return now
        return min(self.published, now)


@dataclass(frozen=True, slots=True)
class Article:
    """A story, seen in one or more outlets; key is the hash of its normalised title. Instants are UTC.

    Where the source told no date that can be read, published is when the story was first seen.
    """

    key: str
    title: str
    outlet: str
    link: str
    published: datetime
    first_seen: datetime
    language: Language
    query: str
    copies: int

    @property
    def is_time_first_seen(self) -> bool:
        """Whether its time is not the source's own."""
        return self.published == self.first_seen


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
