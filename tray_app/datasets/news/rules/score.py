"""How loud the news of stress is: shown beside the stress index, never part of it."""

import math
import re
import statistics
from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from tray_app.datasets.news.rules.dedupe import normalised

WINDOW = timedelta(hours=24)
HISTORY_DAYS = 90
FEWEST_DAYS = 30
# The quartiles of a normal distribution are this many standard deviations apart.
QUARTILES_APART = 1.349
# Counts that hardly vary would make any change look enormous.
SMALLEST_SPREAD = 0.25

_SEVERE = re.compile(
    r"\b(?:crunch|crisis|collaps\w*|contagion|panic\w*|turmoil|freezes?|froze|frozen|halt(?:s|ed)?|bailouts?|runs? on"
    r"|bank runs?|default(?:s|ed)?|fail(?:s|ed|ures?)|insolven\w+|seiz\w+|emergency|margin calls?|fire sales?)\b"
    r"|위기|경색|중단|부도|파산|뱅크런|패닉|급등|디폴트|구제금융"
)
_EASING = re.compile(
    r"\b(?:eas(?:es?|ed|ing)|calm(?:s|ed|er)?|stabili[sz]\w*|recover\w*|subsid\w+|normali[sz]\w*|averted?|resolved?"
    r"|improv\w+|relief)\b|완화|안정|진정|해소|정상화|회복"
)


class Told(Protocol):
    """What the score needs to know of an article; tens of thousands are read at once, so a store may leave out more."""

    @property
    def title(self) -> str:
        """Return the headline."""

    @property
    def query(self) -> str:
        """Return the label of the feed that told it."""

    @property
    def published(self) -> datetime:
        """Return when it was published, UTC."""

    @property
    def first_seen(self) -> datetime:
        """Return when a feed first brought it, UTC."""


@dataclass(frozen=True, slots=True)
class NewsScore:
    """The news of stress in the last 24 hours.

    count: distinct headlines of the searches; severity: those with words of trouble less those with words of easing;
    usual: the median count of the days before; z: how unusual the count is among them, by median and quartiles on
    log(1 + count); score: z plus severity's share of the count (-1 to 1). These three are nothing while days, the days
    of history, are under FEWEST_DAYS.
    """

    count: int
    severity: int
    days: int
    usual: float | None
    z: float | None
    score: float | None


def scored_since(now: datetime) -> datetime:
    """Return since when published articles count for the score."""
    return now - (HISTORY_DAYS + 1) * WINDOW


def news_score(articles: Iterable[Told], searches: Collection[str], now: datetime) -> NewsScore:
    """Judge the last 24 hours against up to 90 days before, in spans of 24 hours that end at the time of day of now.

    articles: all stored ones since scored_since(now), of every feed; searches: the labels of the searches,
    feeds.search_names. A day on which no feed brought anything new is one the program did not run on, and left
    out. It is told by when articles were seen: a feed's first answer reaches back over weeks that nobody watched.
    """
    watched: set[int] = set()
    told: Counter[int] = Counter()
    today: list[str] = []
    for article in articles:
        watched.add((now - article.first_seen) // WINDOW)
        if article.query in searches:
            back = (now - article.published) // WINDOW
            told[back] += 1
            if back == 0:
                today.append(article.title)
    counts = [told[back] for back in range(1, HISTORY_DAYS + 1) if back in watched]
    severity = sum(_weight(title) for title in today)
    if len(counts) < FEWEST_DAYS:
        return NewsScore(len(today), severity, len(counts), None, None, None)
    z = _unusual(len(today), counts)
    score = z + severity / max(1, len(today))
    return NewsScore(len(today), severity, len(counts), float(statistics.median(counts)), z, score)


def _weight(title: str) -> int:
    """Return 1 for a headline with words of trouble, -1 with words of easing, 0 with both or neither."""
    plain = normalised(title)
    return (_SEVERE.search(plain) is not None) - (_EASING.search(plain) is not None)


def _unusual(count: int, counts: list[int]) -> float:
    logs = [math.log1p(each) for each in counts]
    lower, middle, upper = statistics.quantiles(logs, n=4, method="inclusive")
    return (math.log1p(count) - middle) / max((upper - lower) / QUARTILES_APART, SMALLEST_SPREAD)
