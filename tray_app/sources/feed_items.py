"""One item of a feed, checked: title, outlet, link and the instant of publication."""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from tray_app.core.news.feed import Feed, is_web_address
from tray_app.core.news.model import Headline
from tray_app.core.texts import clean_text
from tray_app.sources.feed_dates import feed_instant

LONGEST_TITLE = 500
LONGEST_OUTLET = 200
# A title may come wrapped in markup; what is longer is none.
LONGEST_SENT = 20_000
LONGEST_LINK = 4000
# Tags within tags, deeper than anybody writes them by mistake.
MOST_LAYERS = 4
# An id shorter than this is a number of the site's own, which another site may use as well.
SHORT_ID = 20
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BRACKET = re.compile(r"[<>]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")


def headline(feed: Feed, entry: Mapping[str, Any]) -> Headline | None:
    """Return the item as feedparser gives it, or nothing when its title, link or date cannot be used."""
    # feedparser's own lookups stand one field in for another, and warn.
    entry = dict(entry)
    link = str(entry.get("link") or "").strip()
    published = _published(feed, entry)
    title, outlet = _title_and_outlet(feed, entry)
    if published is None or not title or len(link) > LONGEST_LINK or not is_web_address(link):
        return None
    return Headline(
        key=_key(str(entry.get("id") or "").strip(), link),
        title=title,
        outlet=outlet,
        link=link,
        published=published,
        language=feed.language,
        query=feed.query,
    )


def plain(text: str) -> str:
    """Return a text without tags, entities, control characters and runs of blanks."""
    written = clean_text(_ENTITY.sub(lambda found: html.unescape(found[0]), text[:LONGEST_SENT]))
    return " ".join(_without_tags(written).split())


def _without_tags(text: str) -> str:
    """Return a text without tags, also those that only stand there once others are taken out."""
    for _layer in range(MOST_LAYERS):
        bare = _TAG.sub("", text)
        if bare == text:
            return text
        text = bare
    return _BRACKET.sub("", text)


def _title_and_outlet(feed: Feed, entry: Mapping[str, Any]) -> tuple[str, str]:
    title = plain(str(entry.get("title") or ""))
    source = entry.get("source")
    outlet = plain(str(source.get("title") or "")) if isinstance(source, Mapping) else ""
    if outlet:
        title = title.removesuffix(f" - {outlet}")
    elif feed.is_search:
        headline_part, _, outlet = title.rpartition(" - ")
        title = headline_part or title
        outlet = outlet if headline_part else ""
    return title[:LONGEST_TITLE].strip(), (outlet or feed.name)[:LONGEST_OUTLET].strip()


def _key(sent: str, link: str) -> str:
    if not sent or len(sent) > LONGEST_LINK or not sent.isprintable():
        return link
    return sent if len(sent) >= SHORT_ID else f"{urlsplit(link).hostname}/{sent}"


def _published(feed: Feed, entry: Mapping[str, Any]) -> datetime | None:
    for name in ("published", "updated"):
        instant = feed_instant(str(entry.get(name) or ""), feed.default_zone)
        if instant is not None and EARLIEST <= instant < LATEST:
            return instant
    return None
