"""Every parser of the sources with small good bodies for it, and what may come of a body however it is broken.

The bodies are the sample sources', cut to a few rows.
"""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from itertools import chain
from typing import Any

import lives
from support import COINGECKO, FEAR_GREED, HOSTS, LLAMA, NOW, STABLECOINS

from proofs.body_cutting import ROWS, first_rows, items_of, json_of, newest, small
from tray_app.core.source_life import SourceLife
from tray_app.core.times import kst_instant
from tray_app.datasets.crypto.alternative import AlternativeMe
from tray_app.datasets.crypto.coingecko import CoinGecko
from tray_app.datasets.crypto.defillama import DefiLlama
from tray_app.datasets.krx.rows import IndexClass, Market
from tray_app.datasets.krx.sample.host import Krx
from tray_app.datasets.krx.source.client import DAILY_ROWS, ETFS, INDICES, MASTER_LISTS, KrxOpenApi
from tray_app.datasets.krx.source.refusals import HOST as KRX_HOST
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.datasets.liquidity.source.fred import FRED_CSV_HOST, FRED_HOST, Fred
from tray_app.datasets.liquidity.source.yahoo import YAHOO_HOST, Yahoo
from tray_app.datasets.news.feeds import Feed, Language
from tray_app.datasets.news.rules.documents import documents
from tray_app.datasets.news.rules.model import Headline
from tray_app.datasets.news.source.charset import decoded
from tray_app.datasets.news.source.fed import FedPages
from tray_app.datasets.news.source.feed_dates import feed_instant
from tray_app.datasets.news.source.feeds import Feeds
from tray_app.demo.wire import Request as Asked
from tray_app.net.request import Http

FRED_KEY = SAMPLE_FRED_KEY
# The newest session whose rows are published on the day of the tests.
THURSDAY = date(2026, 8, 20)
SINCE = date(1970, 1, 1)
FED = "www.federalreserve.gov"
PAGES = (
    "/newsevents/pressreleases/monetary20260729a.htm",
    "/newsevents/speech/lindqvist20260820a.htm",
    "/monetarypolicy/fomcminutes20260729.htm",
)
ANNOUNCEMENT = "/newsevents/pressreleases/monetary20260819a.htm"
# Rows of prices, by the names of their fields; where nothing was traded there is none.
PRICES = frozenset({"price_usd", "close", "open", "high", "low", "nav"})

Ask = Callable[[Http], Any]
Read = Callable[[bytes, str], Any]


@dataclass(frozen=True)
class Subject:
    """A parser: asked through the HTTP client's face, or given a body's bytes and content type.

    life: whose dates the rows carry, when they are seen; has_prices: whether a plain value of a series is a price.
    """

    bodies: Sequence[bytes]
    parser: Ask | Read
    content_types: Sequence[str] = ("application/json",)
    is_asked: bool = True
    life: SourceLife | None = None
    seen_at: datetime = NOW
    has_prices: bool = False

    @property
    def is_json(self) -> bool:
        """Whether its bodies are JSON."""
        return self.content_types[0] == "application/json"

    def wrong(self, answer: Any) -> str:
        """Return what of an answer can never be, or nothing."""
        found = chain(*(self._wrong_row(row) for row in _rows(answer)), _wrong_faults(answer))
        return next(found, "")

    def count(self, answer: Any) -> int:
        """Return how many rows an answer holds."""
        return sum(row is not None for row in _rows(answer))

    def _wrong_row(self, row: Any) -> Iterator[str]:
        for name, value in _named_values(row, "value"):
            if isinstance(value, datetime):
                if value.tzinfo is not UTC:
                    yield f"{name} {value} is not UTC"
                if self.life is not None and not self.life.holds(value.date(), self.seen_at):
                    yield f"{name} {value} lies outside the source's life"
            elif isinstance(value, date):
                if self.life is not None and not self.life.holds(value, self.seen_at):
                    yield f"{name} {value} lies outside the source's life"
            elif isinstance(value, float | int) and not isinstance(value, bool):
                if not math.isfinite(value):
                    yield f"{name} is {value}"
                if (name in PRICES or (self.has_prices and name == "value")) and value <= 0:
                    yield f"the price {name} is {value}"
            elif isinstance(value, str):
                # Raises for letters that are none.
                value.encode("utf-8")
            elif value is not None and not isinstance(value, Enum):
                yield f"{name} is a {type(value).__name__}"


def _wrong_faults(answer: Any) -> Iterator[str]:
    for fault in getattr(answer, "faults", ()):
        if not f"{fault.subject}{fault.reason}".isprintable():
            yield f"a fault says what cannot be shown: {fault!r}"


def _rows(answer: Any) -> Iterator[Any]:
    """Yield what is kept of an answer: its rows, without those it set aside."""
    for name in ("rows", "coins"):
        if hasattr(answer, name):
            yield from getattr(answer, name)
            return
    yield answer


def _named_values(value: Any, name: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Headline):
        # What is stored of a headline's time.
        yield "published", value.published_by(NOW)
        yield from ((each, getattr(value, each)) for each in ("key", "title", "outlet", "link", "query"))
    elif is_dataclass(value):
        for each in fields(value):
            yield from _named_values(getattr(value, each.name), each.name)
    elif isinstance(value, tuple):
        for each in value:
            yield from _named_values(each, name)
    else:
        yield name, value


# --- the parsers --------------------------------------------------------------------------------------------------


def _paper(host: str, zone: str) -> Feed:
    return Feed("Paper", f"https://{host}/rss.xml", Language.KOREAN, zone)


def subjects() -> dict[str, Subject]:
    """Return every parser by name, with bodies of the sample sources."""
    return {**_crypto(), **_macro(), **_krx(), **_texts()}


def _crypto() -> dict[str, Subject]:
    markets = _sample(
        COINGECKO, "/api/v3/coins/markets", vs_currency="usd", per_page=f"{ROWS}", price_change_percentage="24h,7d"
    )
    chart = _sample(
        COINGECKO, "/api/v3/coins/bitcoin/market_chart", vs_currency="usd", days=f"{ROWS}", interval="daily"
    )
    fear_greed = _sample(FEAR_GREED, "/fng/", limit=f"{ROWS}")
    return {
        "markets": Subject((markets,), lambda http: CoinGecko(http, None).markets(20, NOW), life=lives.COINGECKO),
        "global": Subject(
            (json_of(small(json.loads(_sample(COINGECKO, "/api/v3/global")))),),
            lambda http: CoinGecko(http, None).totals(NOW),
            life=lives.COINGECKO,
        ),
        "market_chart": Subject(
            (chart,), lambda http: CoinGecko(http, "key").history("bitcoin", 365, NOW), life=lives.COINGECKO
        ),
        "tvl": Subject(
            (newest(_sample(LLAMA, "/v2/historicalChainTvl")),),
            lambda http: DefiLlama(http).total_value_locked(NOW),
            life=lives.DEFILLAMA,
        ),
        "stablecoins": Subject(
            (newest(_sample(STABLECOINS, "/stablecoincharts/all")),),
            lambda http: DefiLlama(http).stablecoin_supply(NOW),
            life=lives.STABLECOINS,
        ),
        "fear_greed": Subject(
            (fear_greed,), lambda http: AlternativeMe(http).fear_and_greed(0, NOW), life=lives.FEAR_GREED
        ),
    }


def _macro() -> dict[str, Subject]:
    asked = {"series_id": "SOFR", "api_key": FRED_KEY, "file_type": "json", "observation_start": "2026-08-10"}
    chart = _sample(YAHOO_HOST, "/v8/finance/chart/^VIX", interval="1d", period1="1786320000", period2="1787443200")
    return {
        "fred": Subject(
            (_sample(FRED_HOST, "/fred/series/observations", **asked),),
            lambda http: Fred(http, FRED_KEY).observations("SOFR", None, NOW),
            life=lives.FRED,
        ),
        "fred_csv": Subject(
            (_sample(FRED_CSV_HOST, "/graph/fredgraph.csv", id="SOFR", cosd="2026-08-10"),),
            lambda http: Fred(http, None).csv_observations("SOFR", None, NOW),
            ("application/csv", "text/html"),
            life=lives.FRED,
        ),
        "yahoo": Subject(
            (chart,),
            lambda http: Yahoo(http).closes("^VIX", SINCE, NOW),
            life=lives.YAHOO,
            # Its zone is part of its body, and may be any.
            seen_at=NOW + timedelta(hours=26),
            has_prices=True,
        ),
    }


def _krx() -> dict[str, Subject]:
    host = Krx()

    def cut(path: str) -> bytes:
        return first_rows(host.answer(_asked(KRX_HOST, f"/svc/apis/{path}", basDd=f"{THURSDAY:%Y%m%d}")).body)

    return {name: krx_subject((cut(path),), parser, THURSDAY) for name, (path, parser) in krx_parsers(THURSDAY).items()}


def krx_subject(bodies: Sequence[bytes], parser: Ask, day: date) -> Subject:
    return Subject(bodies, parser, life=lives.KRX_LISTINGS, seen_at=kst_instant(day, time(12)))


def krx_parsers(day: date) -> Mapping[str, tuple[str, Ask]]:
    """Return the services of the exchange with their parsers: one of each kind, and each kind of its own columns."""
    return {
        "krx_equities": (
            DAILY_ROWS[Market.KOSDAQ].path,
            lambda http: KrxOpenApi(http, "key").equities(Market.KOSDAQ, day),
        ),
        "krx_konex": (DAILY_ROWS[Market.KONEX].path, lambda http: KrxOpenApi(http, "key").equities(Market.KONEX, day)),
        "krx_base_info": (
            MASTER_LISTS[Market.KOSPI].path,
            lambda http: KrxOpenApi(http, "key").base_info(Market.KOSPI, day),
        ),
        "krx_indices": (
            INDICES[IndexClass.KOSPI].path,
            lambda http: KrxOpenApi(http, "key").indices(IndexClass.KOSPI, day),
        ),
        "krx_etfs": (ETFS.path, lambda http: KrxOpenApi(http, "key").etfs(day)),
    }


def _texts() -> dict[str, Subject]:
    feeds = tuple(
        items_of(body)
        for body in (
            _sample("news.google.com", "/rss/search", q="repo", hl="en-US"),
            _sample("news.google.com", "/rss/search", q="repo", hl="ko"),
            _sample("www.bok.or.kr", "/portal/bbs/P0000559/news.rss", menuNo="200761"),
            _sample("www.yna.co.kr", "/rss/economy.xml"),
        )
    )
    fed_feed = items_of(_sample(FED, "/feeds/press_all.xml"))
    xml = (
        "text/xml",
        "application/rss+xml; charset=utf-8",
        "text/xml; charset=euc-kr",
        "text/html; charset=utf-16",
        "",
    )
    html = ("text/html", "text/html; charset=iso-8859-1", "")
    return {
        "feeds": Subject(
            feeds, lambda http: Feeds(http).headlines(_paper("feeds.example", "Asia/Seoul")), xml, life=lives.FEEDS
        ),
        "fed_feed": Subject(
            (fed_feed,),
            lambda http: documents(Feeds(http).headlines(_paper(FED, "America/New_York")).rows, NOW),
            xml,
            life=lives.FEEDS,
        ),
        "fed_pages": Subject(
            tuple(_sample(FED, path) for path in PAGES),
            lambda http: FedPages(http).text(_headline(PAGES[0], "FOMC statement"), NOW),
            html,
            life=lives.FEEDS,
        ),
        "fed_minutes": Subject(
            (_sample(FED, ANNOUNCEMENT),),
            lambda http: FedPages(http).text(
                _headline(ANNOUNCEMENT, "Minutes of the Federal Open Market Committee"), NOW
            ),
            html,
            life=lives.FEEDS,
        ),
        "charsets": Subject(feeds, decoded, xml, is_asked=False),
        "dates": Subject(FEED_DATES, _instant, ("text/plain", "UTC"), is_asked=False),
    }


FEED_DATES = (
    b"Sat, 22 Aug 2026 09:00:00 +0900",
    b"2026-08-22T09:00:00.123+09:00",
    b"Sat Aug 22 09:00:00 KST 2026",
    b"20260822090000",
    "2026년 8월 22일 (토) 오전 9:00".encode(),
    b"August 22nd, 2026 at 9:00 p.m. EDT",
    b"22.08.2026 09:00",
)


def _instant(body: bytes, _content_type: str) -> datetime | None:
    return feed_instant(body.decode("utf-8", "replace"), "Asia/Seoul")


def _headline(path: str, title: str) -> Headline:
    return Headline(path, title, "Fed", f"https://{FED}{path}", NOW, Language.ENGLISH, "Fed")


# --- bodies ---------------------------------------------------------------------------------------------------------


def _asked(host: str, path: str, **query: str) -> Asked:
    headers = (("AUTH_KEY", "key"), ("User-Agent", "Mozilla/5.0"))
    return Asked("GET", host, path, tuple(query.items()), headers, b"", NOW)


def _sample(host: str, path: str, **query: str) -> bytes:
    reply = HOSTS[host].answer(_asked(host, path, **query))
    if reply.status != 200:
        raise ValueError(f"{host}{path}: {reply.status}")
    return reply.body
