"""The sample www.federalreserve.gov: its feeds (UTF-8 mark, CRLF, CDATA) and the pages they lead to."""

from collections.abc import Sequence

from tray_app.datasets.news.sample.fed_calendar import Publication, Release, is_meeting, on, releases
from tray_app.datasets.news.sample.fed_pages import minutes_page, press_page, speech_page, subject, title
from tray_app.datasets.news.sample.rss import TYPE_XML, FeedHost, cdata, escaped, gmt, rss_reply
from tray_app.demo.series import DAY_SECONDS, day_of
from tray_app.demo.wire import TYPE_HTML, Reply, Request, text_reply

MOST_ITEMS = 20
LOOK_BACK_DAYS = 400
SITE = "https://www.federalreserve.gov"
_PRESS = frozenset({Publication.STATEMENT, Publication.MINUTES, Publication.ORDER})
_MONETARY = frozenset({Publication.STATEMENT, Publication.MINUTES})
_FEEDS = {
    "/feeds/press_all.xml": ("FRB: Press Release - All Releases", _PRESS),
    "/feeds/press_monetary.xml": ("FRB: Press Release - Monetary Policy", _MONETARY),
    "/feeds/speeches.xml": ("FRB: Speeches", frozenset({Publication.SPEECH})),
    "/feeds/testimony.xml": ("FRB: Testimony", frozenset({Publication.TESTIMONY})),
}


class FederalReserve(FeedHost):
    """Feeds of the newest releases, and a page for every release ever."""

    def answer(self, request: Request) -> Reply:
        """Return /feeds/NAME.xml or a page under /newsevents and /monetarypolicy."""
        page = None if request.path in _FEEDS else _page(request)
        return super().answer(request) if page is None else text_reply(page, 200, TYPE_HTML)

    def items(self, request: Request) -> list[str] | None:
        """Return the newest releases of a feed, newest first."""
        if request.path not in _FEEDS:
            return None
        wanted, today = _FEEDS[request.path][1], request.seconds // DAY_SECONDS
        found = [each for each in releases(today - LOOK_BACK_DAYS, today) if each.publication in wanted]
        return [_item(each) for each in reversed([one for one in found if one.second <= request.seconds][-MOST_ITEMS:])]

    def feed(self, request: Request, items: Sequence[str]) -> Reply:
        """Return a feed's channel as the Fed indents it."""
        name = _FEEDS[request.path][0]
        head = (
            '<?xml version="1.0" encoding="utf-8" ?>',
            '<rss version="2.0">',
            "    <channel>",
            f"        <title>{name}</title>",
            f"        <link>{cdata(f'{SITE}/feeds/feeds.htm')}</link>",
            f"        <description>{cdata(name)}</description>",
            "        <language>en</language>",
        )
        return rss_reply("\ufeff" + "\r\n".join((*head, *items, "    </channel>", "</rss>", "")), TYPE_XML)


def _item(release: Release) -> str:
    link = cdata(SITE + release.path)
    # Inside CDATA the real feed escapes quotes once more.
    shown = escaped(title(release)).replace('"', "&quot;").replace("'", "&#39;")
    told = f"{subject(release)} At the Sample Club" if release.is_spoken else shown
    lines = (
        "        <item>",
        f"            <title>{cdata(shown)}</title>",
        f"            <link>{link}</link>",
        f"            <guid>{link}</guid>",
        f"            <description>{cdata(told)}</description>",
        f"            <category>{release.publication.category}</category>",
        f"            <pubDate>{cdata(gmt(release.second).replace(' 0', ' ', 1))}</pubDate>    ",
        "        </item>",
    )
    return "\r\n".join(lines)


def _page(request: Request) -> str | None:
    name = request.path.rpartition("/")[2].removesuffix(".htm")
    day = _day_in(name)
    if day is None:
        return None
    if request.path.startswith("/monetarypolicy/fomcminutes"):
        minutes = next((each for each in releases(day, day + 30) if each.about == day != each.day), None)
        published = minutes is not None and minutes.second <= request.seconds
        return minutes_page(day) if is_meeting(day) and published else None
    release = next((each for each in on(day) if each.path == request.path), None)
    if release is None or release.second > request.seconds:
        return None
    return press_page(release) if release.publication in _PRESS else speech_page(release)


def _day_in(name: str) -> int | None:
    digits = "".join(letter for letter in name if letter.isdecimal())
    try:
        return day_of(f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}")
    except ValueError:
        return None
