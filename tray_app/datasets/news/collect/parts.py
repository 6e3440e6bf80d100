"""What the collection of news is put together from."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.news.dataset import FEED_LIST
from tray_app.datasets.news.feeds import Feed, listed_feeds
from tray_app.datasets.news.reads import NewsReads
from tray_app.datasets.news.store.documents import DocumentStore
from tray_app.datasets.news.store.stories import NewsStore
from tray_app.store.answers import AnswerStore

DICTIONARY = "fed_tone.json"


@dataclass(frozen=True, slots=True)
class NewsParts:
    """The stores and the feeds of the settings (asked at each run, so that a change counts at once).

    dictionaries are the files of words for the tone, the first one that exists wins.
    """

    documents: DocumentStore
    news: NewsStore
    reads: NewsReads
    answers: AnswerStore
    feeds: Callable[[], tuple[Feed, ...]]
    dictionaries: tuple[Path, ...]


def open_parts(parts: CollectorParts) -> NewsParts:
    """Return the parts over a database."""
    return NewsParts(
        documents=DocumentStore(parts.database),
        news=NewsStore(parts.database),
        reads=NewsReads(parts.database),
        answers=AnswerStore(parts.database),
        feeds=lambda: listed_feeds(parts.settings()[FEED_LIST]),
        dictionaries=parts.files(DICTIONARY),
    )
