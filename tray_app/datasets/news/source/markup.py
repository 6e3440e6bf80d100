"""Markup as a stream of what opens, closes and is said: feeds and pages are read by it, within limits, without a tree.

It forgives what browsers forgive. No entity of a document's own is ever expanded, and its time grows with the length
of the text only, so a body of a few MB that is made to hurt takes a fraction of a second.
"""

import html
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from tray_app.core.errors import AppError, SourceChangedShape
from tray_app.core.words import tr

DEEPEST = 100
# Beginnings, ends and comments together.
MOST_TAGS = 50_000
MOST_ATTRIBUTES = 100
# Feeds declare a few entities, if any.
MOST_ENTITIES = 300
# No tag, comment or declaration of a real document is longer.
LONGEST_TAG = 64 * 1024

_TAG = re.compile(r"<(/?)([a-zA-Z][^\s/>]*+)((?:[^>=]++|=\s*+\"[^\"]*+\"|=\s*+'[^']*+'|=)*+)>")
_ATTRIBUTE = re.compile(r"([^\s=/\"'>]++)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++)))?")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_MARK = re.compile(r"<(?=[!?/a-zA-Z])")
_DECLARED = re.compile(r"<!ENTITY\b", re.IGNORECASE)
_DOCTYPE = re.compile(r"<!DOCTYPE[^\[>]*+(?:\[.*?\]\s*+)?>", re.IGNORECASE | re.DOTALL)


class MarkupTooLarge(ValueError):
    """A document beyond a limit; the text says which, for people."""


class Dialect(Enum):
    """XML nests strictly; in HTML some elements need no end, and the text of some is no markup."""

    XML = "xml"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class Opened:
    """An element begins; names of elements and attributes are in lower case."""

    name: str
    attributes: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Closed:
    """An element ends, by its own tag or because one around it does."""

    name: str


@dataclass(frozen=True, slots=True)
class Said:
    """Text between tags, its character references resolved."""

    text: str


Piece = Opened | Closed | Said

_ENDLESS = frozenset({"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"})
_END_OPTIONAL = frozenset({"dd", "dt", "li", "option", "p", "tbody", "td", "tfoot", "th", "thead", "tr"})
_UNREAD = frozenset({"script", "style"})
_CDATA, _CDATA_END = "<![CDATA[", "]]>"
_NONE = frozenset[str]()


@contextmanager
def parsing(host: str, what: str) -> Iterator[None]:
    """Turn whatever a parser raises on a body into that body's failure; what says what the body is not."""
    try:
        yield
    except AppError:
        raise
    except MarkupTooLarge as error:
        raise SourceChangedShape(host, tr("{what}: {limit}", what=what, limit=error)) from error
    except Exception as error:
        # Broken bodies reach corners of a parser that nobody has thought of.
        raise SourceChangedShape(host, what) from error


def unescaped(text: str) -> str:
    """Return a text with its whole character references resolved, such as &amp; and &#39;; others stay as they are."""
    return _ENTITY.sub(lambda found: html.unescape(found[0]), text)


def pieces(text: str, dialect: Dialect) -> Iterator[Piece]:
    """Yield a document's pieces in order. Raises MarkupTooLarge where it goes beyond a limit."""
    declared = sum(1 for _ in _DECLARED.finditer(text))
    if declared > MOST_ENTITIES:
        raise MarkupTooLarge(tr("it declares {count} entities, more than {most}", count=declared, most=MOST_ENTITIES))
    return _Reader(text, dialect).pieces()


class _Reader:
    """One document, read from left to right."""

    def __init__(self, text: str, dialect: Dialect) -> None:
        is_html = dialect is Dialect.HTML
        self._text = text
        self._endless = _ENDLESS if is_html else _NONE
        self._end_optional = _END_OPTIONAL if is_html else _NONE
        self._unread = _UNREAD if is_html else _NONE
        self._open: list[str] = []

    def pieces(self) -> Iterator[Piece]:
        text, place, tags = self._text, 0, 0
        while place < len(text):
            mark = _MARK.search(text, place)
            start = mark.start() if mark else len(text)
            if start > place:
                yield Said(unescaped(text[place:start]))
            if mark is None:
                break
            tags += 1
            if tags > MOST_TAGS:
                raise MarkupTooLarge(tr("it has more than {most} tags", most=MOST_TAGS))
            tag = _TAG.match(text, start, start + LONGEST_TAG)
            if tag is not None:
                yield from self._tag(tag)
                place = self._behind_tag(tag)
            elif text.startswith(_CDATA, start):
                place = self._behind(_CDATA_END, start)
                yield Said(text[start + len(_CDATA) : place].removesuffix(_CDATA_END))
            else:
                place = self._behind_aside(start)
        while self._open:
            yield Closed(self._open.pop())

    def _tag(self, tag: re.Match[str]) -> Iterator[Piece]:
        name = tag[2].lower()
        if tag[1]:
            yield from self._closed(name)
            return
        yield Opened(name, _attributes(tag[3]))
        if name in self._endless or tag[3].endswith("/"):
            yield Closed(name)
        elif name not in self._end_optional:
            self._open.append(name)
            if len(self._open) > DEEPEST:
                raise MarkupTooLarge(tr("its elements lie more than {most} deep", most=DEEPEST))

    def _closed(self, name: str) -> Iterator[Piece]:
        if name in self._end_optional:
            yield Closed(name)
        elif name in self._open:
            while self._open:
                inner = self._open.pop()
                yield Closed(inner)
                if inner == name:
                    return

    def _behind_tag(self, tag: re.Match[str]) -> int:
        name = tag[2].lower()
        if tag[1] or name not in self._unread:
            return tag.end()
        end = re.compile(rf"(?=</{name}[\s/>])", re.IGNORECASE).search(self._text, tag.end())
        return end.start() if end else len(self._text)

    def _behind_aside(self, start: int) -> int:
        """Return the place behind a comment, a declaration or an instruction, none of which is a part of the text."""
        doctype = _DOCTYPE.match(self._text, start, start + LONGEST_TAG)
        if doctype is not None:
            return doctype.end()
        return self._behind("-->" if self._text.startswith("<!--", start) else ">", start)

    def _behind(self, mark: str, start: int) -> int:
        """Return the place behind the next such mark: the end of a text that was cut off within what it ends."""
        end = self._text.find(mark, start)
        if end >= 0:
            return end + len(mark)
        if len(self._text) - start > LONGEST_TAG:
            raise MarkupTooLarge(tr("a tag or comment never ends"))
        return len(self._text)


def _attributes(text: str) -> dict[str, str]:
    sent = islice(_ATTRIBUTE.finditer(text), MOST_ATTRIBUTES)
    return {found[1].lower(): unescaped(found[2] or found[3] or found[4] or "") for found in sent}
