"""The article of a page of www.federalreserve.gov, without what is around it, votes and footnotes."""

import re
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.parse import urlsplit

ARTICLE = "article"
FEWEST_WORDS = 5
PIECE = 16 * 1024
# No tag or comment of a real page is longer; the parser's time grows with the square of what stays open.
LONGEST_OPEN = 64 * 1024
LONGEST_TITLE = 500

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


def read_page(body: bytes) -> FedPage | None:
    """Return the article of a page, or nothing when it has none."""
    parser = _Article()
    text = body.decode("utf-8", errors="replace")
    for start in range(0, len(text), PIECE):
        parser.feed(text[start : start + PIECE])
        if len(parser.rawdata) > LONGEST_OPEN:
            return None
    if not parser.found:
        return None
    parser.flush()
    return FedPage(parser.title[:LONGEST_TITLE], parser.speaker, _kept(parser.blocks), tuple(parser.links))


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


class _Article(HTMLParser):
    """Collects the blocks of <div id="article">, told apart from its title, speaker and side panels."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
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

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Enter an element."""
        given = {name: value or "" for name, value in attrs}
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

    def handle_endtag(self, tag: str) -> None:
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

    def handle_data(self, data: str) -> None:
        """Take the text of the article."""
        if self._divs and self._skipping is None:
            self._words.append(data)

    def flush(self) -> None:
        """End the block."""
        text = " ".join("".join(self._words).split())
        self._words = []
        if text and self._role:
            setattr(self, self._role, getattr(self, self._role) or text)
        elif text:
            self.blocks.append((text, self._emphasised))
        self._role = ""
        self._emphasised = False

    def _enters(self, tag: str, given: dict[str, str]) -> bool:
        enters = tag == "div" and given.get("id") == ARTICLE
        self._divs += enters
        return enters


def _path(address: str) -> str:
    try:
        return urlsplit(address).path
    except ValueError:
        return ""
