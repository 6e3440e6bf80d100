"""RSS as it goes over the wire: escaping, dates and the channel around the items."""

from abc import abstractmethod
from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from tray_app.demo.misbehave import Mode
from tray_app.demo.upstream import Upstream
from tray_app.demo.wire import Reply, Request

TYPE_RSS = "application/rss+xml; charset=utf-8"
TYPE_XML = "text/xml"


class FeedHost(Upstream):
    """A host of feeds, which are without items in the empty modes."""

    @abstractmethod
    def quiet(self, request: Request) -> Reply | None:
        """Return the feed of a request without items; nothing where the request is of no feed."""

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return a feed without items for the empty modes."""
        return self.quiet(request) if mode in {Mode.EMPTY_LIST, Mode.EMPTY_OBJECT} else None


def cdata(text: str) -> str:
    """Return a text in a CDATA section."""
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def escaped(text: str) -> str:
    """Return a text with its markup escaped, quotes left."""
    return escape(text, quote=False)


def gmt(second: int) -> str:
    """Return an instant as feeds write it: Wed, 05 Aug 2026 16:29:13 GMT."""
    return format_datetime(datetime.fromtimestamp(second, UTC), usegmt=True)


def channel(head: str, items: Iterable[str], *, namespaces: str = "", newline: str = "\n") -> str:
    """Return a whole RSS document around its channel's head and items."""
    parts = ('<?xml version="1.0" encoding="UTF-8"?>', f'<rss version="2.0"{namespaces}>', "<channel>", head, *items)
    return newline.join((*parts, "</channel>", "</rss>", ""))


def rss_reply(text: str, content_type: str = TYPE_RSS) -> Reply:
    """Return a feed's reply."""
    return Reply(200, text.encode("utf-8"), content_type)
