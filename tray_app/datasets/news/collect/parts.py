"""What the collection of news is put together from."""

from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.news.dataset import FEED_LIST
from tray_app.datasets.news.feeds import Feed, listed_feeds
from tray_app.datasets.news.reads import NewsReads
from tray_app.datasets.news.store.documents import DocumentStore
from tray_app.datasets.news.store.stories import NewsStore
from tray_app.store.answers import AnswerStore

DICTIONARY = "fed_tone.json"


class NewsParts:
    """The stores over a database, and what the settings say.

    dictionaries are the files of words for the tone, the first one that exists wins.
    """

    def __init__(self, parts: CollectorParts) -> None:
        self.documents = DocumentStore(parts.database)
        self.news = NewsStore(parts.database)
        self.reads = NewsReads(parts.database)
        self.answers = AnswerStore(parts.database)
        self.dictionaries = parts.files(DICTIONARY)
        self._settings = parts.settings

    def feeds(self) -> tuple[Feed, ...]:
        """Return the feeds of the settings: asked at each run, so that a change counts at once."""
        return listed_feeds(self._settings()[FEED_LIST])
