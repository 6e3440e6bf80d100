"""The sample news.google.com: searches as RSS, items in no order, titles that end in their outlet."""

import base64
import hashlib
from collections.abc import Sequence

from tray_app.datasets.news.sample.news_stories import ENGLISH, KOREAN, Telling, tellings
from tray_app.datasets.news.sample.rss import TYPE_XML, FeedHost, escaped, gmt, rss_reply
from tray_app.demo.misbehave import Mode
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.wire import Reply, Request, html_reply

MOST_ITEMS = 100


class GoogleNews(FeedHost):
    """Every search finds the stories of its language, whatever its words; with when:1d those of 24 hours."""

    def items(self, request: Request) -> list[str] | None:
        """Return what /rss/search?q=...&hl=en-US|ko&... finds."""
        if request.path != "/rss/search" or not request.param("q"):
            return None
        press = KOREAN if request.param("hl").startswith("ko") else ENGLISH
        days = 1 if "when:1d" in request.param("q") else 7
        found = tellings(press, request.seconds - days * DAY_SECONDS, request.seconds)
        # The real feed is ordered by its own idea of relevance.
        return [_item(each) for each in sorted(found, key=lambda each: dice(each.seed, 0, 1 << 30))[:MOST_ITEMS]]

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return Google's page for too many calls."""
        return html_reply("Sorry...", 429) if mode is Mode.RATE_LIMITED else super().refusal(mode, request)

    def feed(self, request: Request, items: Sequence[str]) -> Reply:
        """Return a search's channel on one line but for its items."""
        language = escaped(request.param("hl", "en-US"))
        text = (
            '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
            '<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
            f"<generator>NFE/5.0</generator><title>{escaped(request.param('q'))} - Google News</title>"
            f"<link>https://news.google.com/search?q=sample&amp;hl={language}</link>"
            f"<language>{language}</language><webMaster>news-webmaster@google.com</webMaster>"
            "<copyright>This sample feed holds made-up headlines.</copyright>"
            f"<lastBuildDate>{gmt(request.seconds)}</lastBuildDate><description>Google News</description>"
        )
        return rss_reply(text + "\n".join(items) + "</channel></rss>", TYPE_XML)


def _item(telling: Telling) -> str:
    bits = b"".join(hashlib.sha256(f"{telling.seed} {part}".encode()).digest() for part in range(4))
    key = "CBMi" + base64.urlsafe_b64encode(bits).decode("ascii").rstrip("=")
    link = f"https://news.google.com/rss/articles/{key}?oc=5"
    # Of many items the real feed tells the day only.
    second = telling.second - telling.second % DAY_SECONDS if dice(telling.seed, 1, 5) == 0 else telling.second
    outlet, title = escaped(telling.outlet.name), escaped(telling.title)
    inner = f'<a href="{link}" target="_blank">{title}</a>&nbsp;&nbsp;<font color="#6f6f6f">{outlet}</font>'
    return (
        f"<item><title>{title} - {outlet}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{key}</guid><pubDate>{gmt(second)}</pubDate>'
        f'<description>{escaped(inner)}</description><source url="{telling.outlet.url}">{outlet}</source></item>'
    )
