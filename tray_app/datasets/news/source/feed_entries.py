"""The items of RSS 0.9x, 1.0 and 2.0 and of Atom 0.3 and 1.0, as texts, whichever of them a feed is."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

from tray_app.datasets.news.source.markup import Closed, Dialect, Opened, Piece, pieces

_ROOTS = frozenset({"rss", "rdf:rdf", "feed"})
_ITEMS = frozenset({"item", "entry"})
# What the names of these vocabularies are called here, whatever prefix a feed gives them.
_VOCABULARIES = {
    "http://www.w3.org/2005/atom": "",
    "http://purl.org/atom/ns#": "",
    "http://purl.org/rss/1.0/": "",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}
# From what tells when an item was published to what tells when it was last touched.
_DATES = ("pubdate", "published", "issued", "dcterms:issued", "dc:date", "date")
_CHANGES = ("updated", "modified", "dcterms:modified")


@dataclass(frozen=True, slots=True)
class FeedEntry:
    """One item of a feed as it was sent: texts that nobody has checked, empty where the item has none.

    dates: its dates, that of publication first.
    """

    title: str
    link: str
    key: str
    dates: tuple[str, ...]
    outlet: str


def feed_entries(text: str, most: int) -> tuple[FeedEntry, ...] | None:
    """Return the first so many items of a feed, or nothing when the text is none. Raises MarkupTooLarge."""
    document = _named(pieces(text, Dialect.XML))
    root = next((piece for piece in document if isinstance(piece, Opened)), None)
    if root is None or root.name not in _ROOTS:
        return None
    return tuple(islice(_entries(document), most))


def _named(document: Iterator[Piece]) -> Iterator[Piece]:
    """Yield the pieces, the names of elements under the prefixes that are used here."""
    prefixes = {"atom": "", "dc": "dc:", "dcterms": "dcterms:", "rdf": "rdf:"}
    for piece in document:
        if isinstance(piece, Opened):
            prefixes |= _declared(piece.attributes)
            yield Opened(_name(piece.name, prefixes), piece.attributes)
        elif isinstance(piece, Closed):
            yield Closed(_name(piece.name, prefixes))
        else:
            yield piece


def _declared(attributes: Mapping[str, str]) -> dict[str, str]:
    spaces = ((name.removeprefix("xmlns:"), uri.lower()) for name, uri in attributes.items() if name[:6] == "xmlns:")
    return {prefix: _VOCABULARIES.get(uri, f"{prefix}:") for prefix, uri in spaces}


def _name(sent: str, prefixes: Mapping[str, str]) -> str:
    prefix, colon, local = sent.partition(":")
    return prefixes.get(prefix, f"{prefix}:") + local if colon else sent


def _entries(document: Iterator[Piece]) -> Iterator[FeedEntry]:
    for piece in document:
        if isinstance(piece, Opened) and piece.name in _ITEMS:
            yield _Fields(piece).read(document).entry()


@dataclass(slots=True)
class _Fields:
    """The elements of one item, each by its name with the text of all within it."""

    item: Opened
    texts: dict[str, str] = field(default_factory=dict)
    link: str = ""
    _is_permanent: bool = True

    def read(self, document: Iterator[Piece]) -> "_Fields":
        """Read up to the item's end."""
        opened: list[str] = []
        said: list[str] = []
        for piece in document:
            if isinstance(piece, Opened):
                opened.append(piece.name)
                if len(opened) == 1:
                    said = []
                    self._take_attributes(piece)
                elif opened == ["source", "title"]:
                    said = []
            elif isinstance(piece, Closed):
                if not opened:
                    break
                if len(opened) == 1 or opened == ["source", "title"]:
                    name = "/".join(opened)
                    self.texts[name] = self.texts.get(name) or "".join(said).strip()
                opened.pop()
            elif opened:
                said.append(piece.text)
        return self

    def entry(self) -> FeedEntry:
        """Return what was read."""
        key = self._text("guid", "id") or self.item.attributes.get("rdf:about", "")
        link = self._text("link") or self.link
        return FeedEntry(
            title=self._text("title"),
            link=link or (key if self._is_permanent else ""),
            key=key,
            dates=tuple(self.texts[name] for name in (*_DATES, *_CHANGES) if self.texts.get(name)),
            outlet=self._text("source/title", "source"),
        )

    def _take_attributes(self, opened: Opened) -> None:
        if opened.name == "link" and opened.attributes.get("rel", "alternate") == "alternate":
            self.link = self.link or opened.attributes.get("href", "").strip()
        elif opened.name == "guid":
            self._is_permanent = opened.attributes.get("ispermalink", "true").strip().lower() != "false"

    def _text(self, *names: str) -> str:
        return next((self.texts[name] for name in names if self.texts.get(name)), "")
