"""One item of a feed, checked: title, outlet, link and the instant of publication."""

import re
from datetime import datetime
from urllib.parse import urlsplit

from tray_app.core.texts import clean_text
from tray_app.core.web.web_address import is_web_address
from tray_app.datasets.news.feeds import Feed
from tray_app.datasets.news.rules.model import Headline
from tray_app.datasets.news.source.feed_dates import feed_instant
from tray_app.datasets.news.source.feed_entries import FeedEntry
from tray_app.datasets.news.source.markup import unescaped

LONGEST_TITLE = 500
LONGEST_OUTLET = 200
# A title may come wrapped in markup; what is longer is none.
LONGEST_SENT = 20_000
LONGEST_LINK = 4000
# Tags within tags, deeper than anybody writes them by mistake.
MOST_LAYERS = 4
# An id shorter than this is a number of the site's own, which another site may use as well.
SHORT_ID = 20

_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,500}>")
_BRACKET = re.compile(r"[<>]")


def headline(feed: Feed, entry: FeedEntry) -> Headline | None:
    """Return the item, or nothing when its title or link cannot be used; one whose date cannot be read has none."""
    title, outlet = _title_and_outlet(feed, entry)
    if not title or len(entry.link) > LONGEST_LINK or not is_web_address(entry.link):
        return None
    return Headline(
        key=_key(entry.key, entry.link),
        title=title,
        outlet=outlet,
        link=entry.link,
        published=_published(feed, entry),
        language=feed.language,
        query=feed.query,
    )


def plain(text: str) -> str:
    """Return a text without tags, entities, control characters and runs of blanks."""
    written = clean_text(unescaped(text[:LONGEST_SENT]))
    return " ".join(_without_tags(written).split())


def _without_tags(text: str) -> str:
    """Return a text without tags, also those that only stand there once others are taken out."""
    for _layer in range(MOST_LAYERS):
        bare = _TAG.sub("", text)
        if bare == text:
            return text
        text = bare
    return _BRACKET.sub("", text)


def _title_and_outlet(feed: Feed, entry: FeedEntry) -> tuple[str, str]:
    title, outlet = plain(entry.title), plain(entry.outlet)
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


def _published(feed: Feed, entry: FeedEntry) -> datetime | None:
    instants = (feed_instant(sent, feed.default_zone) for sent in entry.dates)
    return next((each for each in instants if each is not None), None)
