"""The same story from several outlets is one article with as many copies.

An article's key is the hash of its normalised title and the UTC date of the story: a title such as "Federal Reserve
issues FOMC statement" comes back every six weeks and is another story each time.
"""

import hashlib
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tray_app.datasets.news.rules.model import Article, Headline
from tray_app.datasets.news.rules.story import Title, read_title, same_story

SAME_STORY = timedelta(hours=72)
# Titles of one story share a feature for every second word of the shorter, and two if they have as many.
FEWEST_SHARED = 2


@dataclass(frozen=True, slots=True)
class Copy:
    """A feed's item that tells an article: one row, for ever, of the item's key and the article's."""

    item_key: str
    article_key: str


@dataclass(frozen=True, slots=True)
class Merged:
    """What to store: articles that are new or have more copies, whole and each once, and the copies that are new."""

    articles: tuple[Article, ...]
    copies: tuple[Copy, ...]


def merge(known: Sequence[Article], copies: Mapping[str, str], incoming: Iterable[Headline], now: datetime) -> Merged:
    """Fold headlines into the stored articles.

    known: the stored articles published (UTC) since known_since(incoming, now); copies: item key to article key for
    those of the incoming headlines' keys that are stored, however old. Merging the same headlines again yields nothing,
    and their order makes no difference; of a story's outlets the earliest published gives its title.
    """
    stories = _Stories(known)
    added: list[Copy] = []
    seen = dict(copies)
    for published, item in sorted(((each.published_by(now), each) for each in incoming), key=_age):
        if item.key in seen:
            continue
        key = stories.find(item.title, published)
        if key is None:
            key = stories.add(_article(item, published, now))
        else:
            stories.count(key)
        seen[item.key] = key
        added.append(Copy(item.key, key))
    return Merged(stories.changed(), tuple(added))


def known_since(incoming: Iterable[Headline], now: datetime) -> datetime:
    """Return since when stored articles may tell the story of a headline; one without a date counts as now."""
    return min((now, *(item.published_by(now) for item in incoming))) - SAME_STORY


def article_key(title: str, published: datetime) -> str:
    """Return the key of the article that a title without its outlet begins, published on a UTC date."""
    named = normalised(title) or title.strip()
    return hashlib.sha1(f"{named}\n{published.date()}".encode(), usedforsecurity=False).hexdigest()


def normalised(title: str) -> str:
    """Return a title in compatibility form and lower case, without punctuation, symbols and runs of blanks."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", title).casefold())
    kept = (letter if unicodedata.category(letter)[0] in "LMN" else " " for letter in plain)
    return " ".join("".join(kept).split())


class _Stories:
    """Articles by their title, and by what any title that tells the same story must share with it."""

    def __init__(self, known: Iterable[Article]) -> None:
        self._articles: dict[str, Article] = {}
        self._titles: dict[str, Title] = {}
        self._by_title: dict[str, list[str]] = {}
        self._by_feature: dict[str, list[str]] = {}
        self._changed: dict[str, None] = {}
        for article in sorted(known, key=lambda each: (each.first_seen, each.key)):
            self._keep(article)

    def find(self, text: str, published: datetime) -> str | None:
        """Return the article of the same story within its time, the same title before a similar one."""
        for key in self._by_title.get(normalised(text) or text.strip(), ()):
            if self._is_near(key, published):
                return key
        title = read_title(text)
        shared = Counter(key for feature in title.features for key in self._by_feature.get(feature, ()))
        for key in sorted(shared, key=lambda each: -shared[each]):
            other = self._titles[key]
            if shared[key] < _fewest_shared(title, other):
                continue
            if self._is_near(key, published) and same_story(title, other):
                return key
        return None

    def add(self, article: Article) -> str:
        """Keep a new article."""
        self._keep(article)
        self._changed[article.key] = None
        return article.key

    def count(self, key: str) -> None:
        """Count one more copy."""
        article = self._articles[key]
        self._articles[key] = replace(article, copies=article.copies + 1)
        self._changed[key] = None

    def changed(self) -> tuple[Article, ...]:
        """Return the articles that are new or have more copies, in the order they first were."""
        return tuple(self._articles[key] for key in self._changed)

    def _keep(self, article: Article) -> None:
        title = read_title(article.title)
        self._articles[article.key] = article
        self._titles[article.key] = title
        self._by_title.setdefault(normalised(article.title) or article.title.strip(), []).append(article.key)
        for feature in title.features:
            self._by_feature.setdefault(feature, []).append(article.key)

    def _is_near(self, key: str, published: datetime) -> bool:
        return abs(self._articles[key].published - published) <= SAME_STORY


def _fewest_shared(one: Title, other: Title) -> int:
    few = min(FEWEST_SHARED, len(one.features), len(other.features))
    return max(few, min(len(one.words), len(other.words)) // 2)


def _age(dated: tuple[datetime, Headline]) -> tuple[datetime, str, str, str, str]:
    published, item = dated
    return published, item.key, item.title, item.outlet, item.link


def _article(item: Headline, published: datetime, now: datetime) -> Article:
    return Article(
        key=article_key(item.title, published),
        title=item.title,
        outlet=item.outlet,
        link=item.link,
        published=published,
        first_seen=now,
        language=item.language,
        query=item.query,
        copies=1,
    )
