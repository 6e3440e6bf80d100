"""A small feed to write, and one to read it by."""

from tray_app.datasets.news.feeds import Feed, Language
from tray_app.datasets.news.rules.model import Headline
from tray_app.datasets.news.source.feeds import read_feed

HOST = "feeds.example"
SEOUL = Feed("Paper", f"https://{HOST}/rss.xml?menu=7", Language.KOREAN, "Asia/Seoul")
DATE = "Sat, 22 Aug 2026 09:00:00 GMT"


def feed_body(*items: str) -> bytes:
    text = f'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title>{"".join(items)}</channel></rss>'
    return text.encode("utf-8")


def item(
    title: str = "Repo", link: str = f"https://{HOST}/1", date: str = DATE, more: str = "", tag: str = "pubDate"
) -> str:
    return f"<item><title>{title}</title><link>{link}</link><{tag}>{date}</{tag}>{more}</item>"


def read(feed: Feed, body: bytes) -> tuple[Headline, ...]:
    return read_feed(feed, body).rows


def only(body: bytes, feed: Feed = SEOUL) -> Headline:
    (found,) = read(feed, body)
    return found
