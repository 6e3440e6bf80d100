"""The article of a page of www.federalreserve.gov, without what is around it, votes and footnotes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from tray_app.core.texts import clean_text
from tray_app.core.words import tr
from tray_app.datasets.news.source.charset import decoded
from tray_app.datasets.news.source.markup import Closed, Dialect, MarkupTooLarge, Opened, pieces

ARTICLE = "article"
FEWEST_WORDS = 5
LONGEST_TITLE = 500
# Several times the longest minutes; to judge more would take the tray's process many seconds.
LONGEST_ARTICLE = 400_000

_BLOCKS = frozenset({"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "table", "tr", "td", "th", "br"})
_BLOCKS |= {"blockquote", "hr", "section"}
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
_SKIPPED = frozenset({"script", "style", "sup", "form", "button", "nav", "noscript", "table"})
_SIDE = frozenset({"panel", "share", "shareDL", "sidebar", "releaseTime", "article__time", "location", "footnotes"})
_VOTES = re.compile(r"\s*\bVoting (?:for|against) (?:the|this|these)\b.*", re.DOTALL)
_BOILERPLATE = re.compile(
    r"^(?:For media inquiries|For immediate release|For release at|Implementation Note|Last Update|Share\b|Watch Live"
    r"|Accessible (?:Version|Keys)|PDF\b|\(\d+ (?:KB|MB) PDF\))",
    re.IGNORECASE,
)
_FOOTNOTE = re.compile(r"Return to text\.?\s*$")
_ENDING = re.compile(r"""[.!?:;]["'”’)\]]*$""")
_LAST_PARTS = re.compile(r"^(?:References|Footnotes|Notation Votes?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class FedPage:
    """A page's article: title, speaker (empty when none is named), paragraphs of sentences, paths it links to."""

    title: str
    speaker: str
    paragraphs: tuple[str, ...]
    links: tuple[str, ...]


def read_page(body: bytes, content_type: str = "") -> FedPage | None:
    """Return the article of a page, or nothing when it has none. Raises MarkupTooLarge."""
    article = _Article()
    for piece in pieces(decoded(body, content_type), Dialect.HTML):
        if isinstance(piece, Opened):
            article.enter(piece)
        elif isinstance(piece, Closed):
            article.leave(piece.name)
        else:
            article.take(piece.text)
    if not article.found:
        return None
    article.flush()
    return FedPage(article.title[:LONGEST_TITLE], article.speaker, _kept(article.blocks), tuple(article.links))


def _kept(blocks: list[tuple[str, bool]]) -> tuple[str, ...]:
    kept: list[str] = []
    for block, emphasised in blocks:
        if _LAST_PARTS.match(block.rstrip(":")) and emphasised:
            break
        text = _VOTES.sub("", block).strip()
        if _is_prose(text):
            kept.append(text)
    return tuple(kept)


def _is_prose(text: str) -> bool:
    """Whether a block holds sentences: no heading, list of names, note or line of the page's own."""
    if _BOILERPLATE.match(text) or _FOOTNOTE.search(text):
        return False
    return len(text.split()) >= FEWEST_WORDS and _ENDING.search(text) is not None


class _Article:
    """Collects the blocks of <div id="article">, told apart from its title, speaker and side panels."""

    def __init__(self) -> None:
        self.found = False
        self.title = ""
        self.speaker = ""
        self.blocks: list[tuple[str, bool]] = []
        self.links: list[str] = []
        self._divs = 0
        self._skipping: tuple[str, int] | None = None
        self._role = ""
        self._emphasised = False
        self._words: list[str] = []
        self._letters = 0

    def enter(self, element: Opened) -> None:
        """Enter an element."""
        tag, given = element.name, element.attributes
        if not self._divs:
            self.found = self.found or self._enters(tag, given)
            return
        self._divs += tag == "div"
        if self._skipping is not None:
            name, depth = self._skipping
            self._skipping = (name, depth + (tag == name))
            return
        classes = set(given.get("class", "").split()) | {given.get("id", "")}
        if tag in _BLOCKS:
            self.flush()
            self._role = next((role for role in ("title", "speaker") if role in classes), "")
        if tag in _SKIPPED or classes & _SIDE:
            self._skipping = (tag, 1)
        elif tag == "a" and "href" in given:
            self.links.append(_path(given["href"]))
        self._emphasised = self._emphasised or tag in _HEADINGS or tag in {"strong", "b"}

    def leave(self, tag: str) -> None:
        """Leave an element."""
        if not self._divs:
            return
        self._divs -= tag == "div"
        if not self._divs:
            self._skipping = None
        if self._skipping is not None:
            name, depth = self._skipping
            depth -= tag == name
            self._skipping = (name, depth) if depth else None
        elif tag in _BLOCKS:
            self.flush()

    def take(self, text: str) -> None:
        """Take a text of the article."""
        if self._divs and self._skipping is None:
            self._words.append(text)
            self._letters += len(text)
            if self._letters > LONGEST_ARTICLE:
                raise MarkupTooLarge(tr("its article has more than {most} letters", most=LONGEST_ARTICLE))

    def flush(self) -> None:
        """End the block."""
        text = " ".join(clean_text("".join(self._words)).split())
        self._words = []
        if text and self._role:
            setattr(self, self._role, getattr(self, self._role) or text)
        elif text:
            self.blocks.append((text, self._emphasised))
        self._role = ""
        self._emphasised = False

    def _enters(self, tag: str, given: Mapping[str, str]) -> bool:
        enters = tag == "div" and given.get("id") == ARTICLE
        self._divs += enters
        return enters


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
