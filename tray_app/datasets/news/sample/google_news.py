"""The sample news.google.com: searches as RSS, items in no order, titles that end in their outlet."""

import base64
import hashlib

from tray_app.datasets.news.sample.news_stories import ENGLISH, KOREAN, Telling, tellings
from tray_app.datasets.news.sample.rss import TYPE_XML, FeedHost, escaped, gmt, rss_reply
from tray_app.demo.misbehave import Mode
from tray_app.demo.series import DAY_SECONDS, dice
from tray_app.demo.wire import Reply, Request, html_reply

MOST_ITEMS = 100
COPYRIGHT = "This sample feed holds made-up headlines."
MEDIA = ' xmlns:media="http://search.yahoo.com/mrss/"'


class GoogleNews(FeedHost):
    """Every search finds the stories of its language, whatever its words; with when:1d those of 24 hours."""

    def answer(self, request: Request) -> Reply:
        """Return /rss/search?q=...&hl=en-US|ko&..."""
        if request.path != "/rss/search" or not request.param("q"):
            return html_reply("Error 404 (Not Found)!!1", 404)
        press = KOREAN if request.param("hl").startswith("ko") else ENGLISH
        days = 1 if "when:1d" in request.param("q") else 7
        found = list(tellings(press, request.seconds - days * DAY_SECONDS, request.seconds))
        # The real feed is ordered by its own idea of relevance.
        found.sort(key=lambda each: dice(each.seed, 0, 1 << 30))
        return _feed(request, [_item(each) for each in found[:MOST_ITEMS]])

    def refusal(self, mode: Mode, request: Request) -> Reply | None:
        """Return Google's page for too many calls."""
        return html_reply("Sorry...", 429) if mode is Mode.RATE_LIMITED else super().refusal(mode, request)

    def quiet(self, request: Request) -> Reply:
        """Return a search that finds nothing."""
        return _feed(request, [])


def _feed(request: Request, items: list[str]) -> Reply:
    language = request.param("hl", "en-US")
    words = escaped(request.param("q"))
    head = (
        f"<generator>NFE/5.0</generator><title>{words} - Google News</title>"
        f"<link>https://news.google.com/search?q=sample&amp;hl={escaped(language)}</link>"
        f"<language>{escaped(language)}</language><webMaster>news-webmaster@google.com</webMaster>"
        f"<copyright>{COPYRIGHT}</copyright><lastBuildDate>{gmt(request.seconds)}</lastBuildDate>"
        "<description>Google News</description>"
    )
    body = "\n".join(items)
    text = (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><rss version="2.0"{MEDIA}><channel>'
        f"{head}{body}</channel></rss>"
    )
    return rss_reply(text, TYPE_XML)


def _item(telling: Telling) -> str:
    key = _key(telling.seed)
    link = f"https://news.google.com/rss/articles/{key}?oc=5"
    # Of many items the real feed tells the day only.
    second = telling.second - telling.second % DAY_SECONDS if dice(telling.seed, 1, 5) == 0 else telling.second
    outlet = escaped(telling.outlet.name)
    anchor = f'<a href="{link}" target="_blank">{escaped(telling.title)}</a>'
    inner = f'{anchor}&nbsp;&nbsp;<font color="#6f6f6f">{outlet}</font>'
    return (
        f"<item><title>{escaped(telling.title)} - {outlet}</title><link>{link}</link>"
        f'<guid isPermaLink="false">{key}</guid><pubDate>{gmt(second)}</pubDate>'
        f'<description>{escaped(inner)}</description><source url="{telling.outlet.url}">{outlet}</source></item>'
    )


def _key(seed: str) -> str:
    bits = b"".join(hashlib.sha256(f"{seed} {part}".encode()).digest() for part in range(4))
    return "CBMi" + base64.urlsafe_b64encode(bits).decode("ascii").rstrip("=")
