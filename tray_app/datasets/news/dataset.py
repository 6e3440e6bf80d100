"""The dataset `news`: headlines of feeds, each story once; within liquidity's run the Fed's documents too."""

from __future__ import annotations

from datetime import time
from typing import TYPE_CHECKING

from tray_app.core.times import KST
from tray_app.core.words import N_
from tray_app.datasets.dataset import Attribution, Dataset, DatasetParts, DatasetStep
from tray_app.datasets.news.feeds import default_feeds, format_feeds, parse_feeds
from tray_app.datasets.news.tables import ISSUES, STORIES, TABLES
from tray_app.option import Lines, Option

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tray_app.datasets.news.reads import NewsReads
    from tray_app.demo.upstream import Upstream

FED = Attribution("federalreserve.gov", "https://www.federalreserve.gov", N_("Documents and speeches: {link}."))
GOOGLE_NEWS = Attribution(
    "Google News",
    "https://news.google.com",
    N_(
        "Headlines: {link}, the Bank of Korea, Yonhap and the feeds you add, for personal, non-commercial use; "
        "the stories are their outlets'."
    ),
)

FEED_LIST = Option(
    "news_feeds",
    "",
    N_("News feeds"),
    "MARKET_TRAY_NEWS_FEEDS",
    N_("One a line: name | en or ko | time zone | address, or in its place search: and words."),
    lines=Lines(parse_feeds, lambda: format_feeds(default_feeds())),
)

FEEDS = DatasetStep("feeds", N_("News feeds"))
DEDUPE = DatasetStep("dedupe", N_("Stories"))


def _parts() -> DatasetParts[NewsReads]:
    from tray_app.datasets.news.collect.collector import PARTS  # noqa: PLC0415 - with the engine

    return PARTS


def _sample_hosts() -> Mapping[str, Upstream]:
    from tray_app.datasets.news.sample.hosts import sample_hosts  # noqa: PLC0415 - the sample server's only

    return sample_hosts()


NEWS = Dataset(
    name="news",
    title=N_("News"),
    due=(time(6, 30),),
    source_zone=KST,
    steps=(FEEDS, DEDUPE),
    tables=frozenset(table.name for table in STORIES),
    owns=TABLES,
    issues=(ISSUES,),
    parts=_parts,
    attributions=(
        FED,
        GOOGLE_NEWS,
    ),
    sample_hosts=_sample_hosts,
    own_options=(FEED_LIST,),
    counts_in_utc=True,
    has_history=False,
)
