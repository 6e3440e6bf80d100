"""One item of a feed, checked: title, outlet, link and the instant of publication."""

import calendar
import html
import re
import time
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from tray_app.core.news.feed import UTC_ZONE, Feed, is_web_address
from tray_app.core.news.model import Headline
from tray_app.core.times import KST

LONGEST_TITLE = 500
LONGEST_OUTLET = 200
LONGEST_LINK = 4000
# An id shorter than this is a number of the site's own, which another site may use as well.
SHORT_ID = 20
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
LATEST = datetime(2100, 1, 1, tzinfo=UTC)

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_KNOWN_ZONE = re.compile(r"(?:\b(?:GMT|UTC|UT|[ECMP][SD]T)|(?<=\d)Z|[+-]\d{2}:?\d{2})(?:\s*\([^()]*\))?\s*$")
_KOREAN_ZONE = re.compile(r"\bKST\s*$")


def headline(feed: Feed, entry: Mapping[str, Any]) -> Headline | None:
    """Return the item as feedparser gives it, or nothing when its title, link or date cannot be used."""
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
    bare = _TAG.sub("", _ENTITY.sub(lambda found: html.unescape(found[0]), text))
    kept = (letter if letter.isprintable() else " " for letter in bare)
    return " ".join("".join(kept).split())


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
        parsed = entry.get(f"{name}_parsed")
        if isinstance(parsed, time.struct_time):
            instant = _instant(feed, str(entry.get(name) or ""), parsed)
            return instant if instant is not None and EARLIEST <= instant < LATEST else None
    return None


def _instant(feed: Feed, sent: str, parsed: time.struct_time) -> datetime | None:
    """Return the UTC instant: feedparser takes a date without a zone, and one of KST, for UTC."""
    try:
        read = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=calendar.timegm(parsed))
        if _KNOWN_ZONE.search(sent):
            return read
        return read.replace(tzinfo=_zone(feed, sent)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _zone(feed: Feed, sent: str) -> tzinfo:
    if _KOREAN_ZONE.search(sent):
        return KST
    return UTC if feed.default_zone == UTC_ZONE else ZoneInfo(feed.default_zone)
