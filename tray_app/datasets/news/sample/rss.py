"""RSS as it goes over the wire: escaping, dates, the channel around the items, and the hosts of it."""

from abc import abstractmethod
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from tray_app.demo.misbehave import Mode
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request, html_reply

TYPE_RSS = "application/rss+xml; charset=utf-8"
TYPE_XML = "text/xml"


class FeedHost(Upstream):
    """A host of feeds, which are without items in the empty modes."""

    def answer(self, request: Request) -> Reply:
        """Return the feed a request asks for, newest first unless the real one is in no order."""
        items = self.items(request)
        return html_reply("404 Not Found", 404) if items is None else self.feed(request, items)

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return a feed without items for the empty modes."""
        is_empty = mode in {Mode.EMPTY_LIST, Mode.EMPTY_OBJECT} and self.items(request) is not None
        return self.feed(request, []) if is_empty else None

    @abstractmethod
    def items(self, request: Request) -> list[str] | None:
        """Return the items of the feed that a request asks for; None where it asks for none."""

    @abstractmethod
    def feed(self, request: Request, items: Sequence[str]) -> Reply:
        """Return a feed of this host with these items."""


def cdata(text: str) -> str:
    """Return a text in a CDATA section."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def escaped(text: str) -> str:
    """Return a text with its markup escaped, quotes left."""
    return escape(text, quote=False)


def gmt(second: int) -> str:
    """Return an instant as feeds write it: Wed, 05 Aug 2026 16:29:13 GMT."""
    return format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)


def channel(head: str, items: Sequence[str], *, namespaces: str = "", newline: str = "\n") -> str:
    """Return a whole RSS document around its channel's head and items."""
    parts = ('<?xml version="1.0" encoding="UTF-8"?>', f'<rss version="2.0"{namespaces}>', "<channel>", head, *items)
    return newline.join((*parts, "</channel>", "</rss>", ""))


def rss_reply(text: str, content_type: str = TYPE_RSS) -> Reply:
    """Return a feed's reply."""
    return Reply(200, text.encode("utf-8"), content_type)
