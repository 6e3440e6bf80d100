"""Feeds: which are asked, and the plain text in which a user lists them.

One feed a line: name | language | zone | address, or in place of the address: search: words for Google News.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

from tray_app.core.errors import BadInput
from tray_app.core.web.web_address import is_web_address
from tray_app.core.words import tr


class Language(StrEnum):
    """The language of a feed."""

    ENGLISH = "en"
    KOREAN = "ko"


SEARCH_ADDRESS = "https://news.google.com/rss/search"
SEARCH_MARK = "search:"
# Older results are of no use to a daily run, and the answer holds about a hundred items only.
NEWEST = " when:1d"
LONGEST_LINE = 2000
UTC_ZONE = "UTC"
FED_FEEDS = "https://www.federalreserve.gov/feeds"

_EDITIONS = {
    Language.ENGLISH: {"hl": "en-US", "gl": "US", "ceid": "US:en"},
    Language.KOREAN: {"hl": "ko", "gl": "KR", "ceid": "KR:ko"},
}
_ENGLISH_QUERIES = (
    "repo market",
    "repo rates",
    "SOFR spike",
    "funding stress",
    "liquidity crunch",
    "dollar funding",
    "discount window",
    "bank run",
    "margin calls",
    "Treasury market liquidity",
    "commercial paper market",
    "standing repo facility",
    "swap lines",
)
_KOREAN_QUERIES = ("유동성 위기", "자금경색", "단기자금시장", "레포 금리", "CP 금리", "PF 유동성", "달러 유동성")


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed and how to read it. default_zone is the IANA name of the zone of dates that name none."""

    name: str
    url: str
    language: Language
    default_zone: str = UTC_ZONE

    @property
    def query(self) -> str:
        """Return the label its headlines keep: the feed's name."""
        return self.name

    @property
    def is_search(self) -> bool:
        """Whether this is a search of Google News: its headlines were chosen for stress and count for the score."""
        return self.url.startswith(SEARCH_ADDRESS + "?")


def default_feeds() -> tuple[Feed, ...]:
    """Return the feeds a fresh installation asks: two searches, the Federal Reserve, the Bank of Korea, Yonhap."""
    english, korean = Language.ENGLISH, Language.KOREAN
    return (
        search_feed("Funding stress", _quoted(_ENGLISH_QUERIES), english),
        search_feed("유동성 경색", _quoted(_KOREAN_QUERIES), korean),
        _fed_feed("Federal Reserve", "press_all"),
        *_spoken_feeds(),
        Feed("한국은행", "https://www.bok.or.kr/portal/bbs/P0000559/news.rss?menuNo=200761", korean, "Asia/Seoul"),
        Feed("연합뉴스", "https://www.yna.co.kr/rss/economy.xml", korean, "Asia/Seoul"),
    )


def document_feeds() -> tuple[Feed, ...]:
    """Return the feeds that list the Federal Reserve's documents; the user's own list of feeds does not change them."""
    return _fed_feed("Federal Reserve monetary policy", "press_monetary"), *_spoken_feeds()


def search_feed(name: str, words: str, language: Language) -> Feed:
    """Return the feed of a search of Google News in the language's edition."""
    parameters = {"q": words + NEWEST, **_EDITIONS[language]}
    return Feed(name, f"{SEARCH_ADDRESS}?{urlencode(parameters)}", language)


def search_names(feeds: Iterable[Feed]) -> frozenset[str]:
    """Return the labels of the searches, whose headlines count for the news score."""
    return frozenset(feed.query for feed in feeds if feed.is_search)


def format_feeds(feeds: Iterable[Feed]) -> str:
    """Return the feeds as lines that a user can edit and parse_feeds reads."""
    return "".join(f"{feed.name} | {feed.language} | {feed.default_zone} | {_address(feed)}\n" for feed in feeds)


def listed_feeds(text: str) -> tuple[Feed, ...]:
    """Return the user's feeds, or those that come with the program when none are listed."""
    return parse_feeds(text) if text else default_feeds()


def parse_feeds(text: str) -> tuple[Feed, ...]:
    """Return the feeds of the lines; blank ones and those starting with # are passed over.

    Raises BadInput naming the line and what is allowed.
    """
    feeds: list[Feed] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        feed = _feed(number, line)
        if any(feed.name == other.name for other in feeds):
            raise _bad(number, tr("the name {name} stands twice", name=feed.name))
        feeds.append(feed)
    return tuple(feeds)


def _quoted(queries: Iterable[str]) -> str:
    return " OR ".join(f'"{query}"' for query in queries)


def _address(feed: Feed) -> str:
    if feed.is_search:
        words = parse_qs(urlsplit(feed.url).query).get("q", [""])[0].removesuffix(NEWEST)
        if search_feed(feed.name, words, feed.language).url == feed.url and words == words.strip() != "":
            return f"{SEARCH_MARK} {words}"
    return feed.url


def _feed(number: int, line: str) -> Feed:
    bad = partial(_bad, number)
    if len(line) > LONGEST_LINE:
        raise bad(tr("it is longer than {most} letters", most=LONGEST_LINE))
    # The words of a search may hold a bar.
    parts = [part.strip() for part in line.split("|", 3)]
    if len(parts) != 4 or not all(parts):
        raise bad(tr("it needs four parts: name | language | zone | address"))
    name, language, zone, address = parts
    if language not in set(Language):
        raise bad(tr("{language} is not a language: en or ko", language=language))
    if not _is_zone(zone):
        raise bad(tr("{zone} is not a time zone: such as Asia/Seoul or UTC", zone=zone))
    words = address.removeprefix(SEARCH_MARK)
    if words != address:
        if not words.strip():
            raise bad(tr("the search has no words"))
        found = search_feed(name, words.strip(), Language(language))
        return Feed(name, found.url, found.language, zone)
    if not is_web_address(address):
        raise bad(tr("{address} is not an address: https://..., or search: and words", address=address))
    return Feed(name, address, Language(language), zone)


def _is_zone(name: str) -> bool:
    if name == UTC_ZONE:
        return True
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True


def _bad(number: int, what: str) -> BadInput:
    return BadInput(
        tr("The list of feeds cannot be used"),
        tr("Line {number} of the feeds: {what}.", number=number, what=what),
        tr("One feed a line: name | language | zone | address, or in place of the address search: and words."),
    )


def _fed_feed(name: str, file: str) -> Feed:
    return Feed(name, f"{FED_FEEDS}/{file}.xml", Language.ENGLISH, "America/New_York")


def _spoken_feeds() -> tuple[Feed, ...]:
    return _fed_feed("Federal Reserve speeches", "speeches"), _fed_feed("Federal Reserve testimony", "testimony")
