"""RSS as it goes over the wire: escaping, dates and the channel around the items."""

from collections.abc import Iterable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from tray_app.demo.wire import Reply

TYPE_RSS = "application/rss+xml; charset=utf-8"
TYPE_XML = "text/xml"


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
