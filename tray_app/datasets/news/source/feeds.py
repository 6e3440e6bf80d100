"""RSS and Atom feeds: headlines with right times and readable titles. Hosts: those of datasets.news.feeds.

Google's feeds are for personal, non-commercial reading only: headlines and links are kept, never exported.
Facts: docs/sources/news.md, "Feeds".
"""

from urllib.parse import parse_qsl, urlsplit

from tray_app.core.errors import SourceChangedShape
from tray_app.core.row_faults import RowFault, Sifted, are_too_many
from tray_app.core.words import tr
from tray_app.datasets.news.feeds import Feed
from tray_app.datasets.news.rules.letters import damage_of
from tray_app.datasets.news.rules.model import Headline
from tray_app.datasets.news.source.charset import decoded
from tray_app.datasets.news.source.feed_entries import FeedEntry, feed_entries
from tray_app.datasets.news.source.feed_items import headline
from tray_app.datasets.news.source.markup import parsing
from tray_app.net.request import DAILY, Http, Request, RetryPolicy

MOST_BYTES = 2 * 1024 * 1024
MOST_ITEMS = 500
PAUSE = 1.0
ACCEPTED = "application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9, */*;q=0.1"


class Feeds:
    """Asks feeds: Feeds(http).headlines(feed)."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def headlines(self, feed: Feed, retry: RetryPolicy = DAILY) -> Sifted[Headline]:
        """Return the feed's items in the order served, instants in UTC; none when the feed is quiet.

        Items without a usable title or link, and those whose letters are damaged, are set aside. Raises
        SourceChangedShape when the answer is no feed (a page of a firewall), when more than a few of its items have to
        be set aside, and what HttpClient.get raises.
        """
        parts = urlsplit(feed.url)
        request = Request(
            f"{parts.scheme}://{parts.netloc}{parts.path}",
            parameters=dict(parse_qsl(parts.query, keep_blank_values=True)),
            headers={"Accept": ACCEPTED},
            max_bytes=MOST_BYTES,
            pause=PAUSE,
            retry=retry,
        )
        answer = self._http.get(request)
        return read_feed(feed, answer.body, answer.content_type)


def read_feed(feed: Feed, body: bytes, content_type: str = "") -> Sifted[Headline]:
    """Return the headlines of a feed's body; errors as Feeds.headlines."""
    host = urlsplit(feed.url).hostname or ""
    with parsing(host, tr("not a feed")):
        entries = feed_entries(decoded(body, content_type), MOST_ITEMS)
        if entries is None:
            raise SourceChangedShape(host, tr("not a feed"))
        read = [_read(feed, entry) for entry in entries]
    faults = tuple(each for each in read if isinstance(each, RowFault))
    if read and all(each == _unusable(feed) for each in read):
        raise SourceChangedShape(host, tr("no item has a title and a link"))
    if are_too_many(len(faults), len(entries)):
        raise SourceChangedShape(host, faults[0].reason)
    return Sifted(tuple({item.key: item for item in read if isinstance(item, Headline)}.values()), faults)


def _read(feed: Feed, entry: FeedEntry) -> Headline | RowFault:
    damage = damage_of(f"{entry.title} {entry.outlet}")
    if damage:
        return RowFault(feed.name, damage)
    return headline(feed, entry) or _unusable(feed)


def _unusable(feed: Feed) -> RowFault:
    return RowFault(feed.name, tr("an item without a title or a link that can be used"))
