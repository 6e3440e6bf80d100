"""Headlines as the collectors `news` and `liquidity` bring them: feed by feed, folded into stories."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from urllib.parse import urlsplit

from tray_app.core.checks.standing import digest_of, feed_rest, stands_still
from tray_app.core.errors import AppError, Cancelled, NetworkDown, RateLimited
from tray_app.core.outcome import Missing
from tray_app.core.quality import Finding, ValueCode
from tray_app.core.row_faults import RowFault, Sifted, findings
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.collector import RunContext, StepDone
from tray_app.datasets.judging import Judged, judged
from tray_app.datasets.news.collect.parts import NewsParts
from tray_app.datasets.news.feeds import Feed, document_feeds
from tray_app.datasets.news.rules.model import FEED_LIFE, Headline
from tray_app.datasets.news.source.feeds import Feeds
from tray_app.datasets.news.tables import ISSUES
from tray_app.store.answers import AnswerStore, SourceAnswer
from tray_app.store.issues import ISSUE_TABLES

logger = logging.getLogger(__name__)

TABLES = frozenset({"news_article", "news_copy"})
NEWS_USE = "news"


@dataclass(slots=True)
class Fetched:
    """What feeds brought, and why some brought nothing; known ones had brought it before, and were not asked."""

    total: int
    known: int = 0
    answers: list[SourceAnswer] = field(default_factory=list)
    still: list[Finding] = field(default_factory=list)
    headlines: list[Headline] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    answered: set[str] = field(default_factory=set)
    failed: dict[str, AppError] = field(default_factory=dict)

    @property
    def done(self) -> int:
        """Return how many feeds answered."""
        return self.total - len(self.failed)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """Return the feeds that did not answer, and why."""
        return tuple(Missing(error, name) for name, error in self.failed.items())

    @property
    def warnings(self) -> int:
        """Return how many feeds stand still, or brought items that had to be set aside."""
        return len({fault.subject for fault in self.faults} | {finding.subject for finding in self.still})

    @property
    def note(self) -> str:
        """Return how many feeds answered with how many headlines, and what was found of them."""
        before = tr("{count} feeds had come before", count=self.known) if self.known else ""
        return "; ".join(part for part in (self._answered, before, *self.told) if part)

    @property
    def told(self) -> list[str]:
        """Return what was found of the feeds that answered, as a step's note says it."""
        return [f"{finding.subject}: {finding.detail}" for finding in self._found]

    def judged(self, now: datetime) -> Judged:
        """Return what was found of the feeds that answered, as issues of the news."""
        return judged(ISSUES, self.answered, self._found, date.min, now).noting(*self.answers)

    @property
    def _found(self) -> tuple[Finding, ...]:
        return (*self.still, *findings(self.faults))

    @property
    def _answered(self) -> str:
        count = len(self.headlines)
        if not self.failed:
            return tr("{count} headlines of {total} feeds", count=count, total=self.total)
        if not self.done:
            return ""
        return tr("{count} headlines of {done} of {total} feeds", count=count, done=self.done, total=self.total)


class FeedReader:
    """Asks feeds once each in a run; a host that cannot be reached or refuses is not asked for its other feeds."""

    def __init__(self, context: RunContext, answers: AnswerStore) -> None:
        self._context = context
        self._answers = answers
        self._feeds = Feeds(context.http)
        self._read: dict[str, Sifted[Headline]] = {}
        self._closed: dict[str, AppError] = {}

    def fetch(self, feeds: Sequence[Feed], use: str) -> Fetched:
        """Return the headlines of feeds; one that fails does not keep the others from coming.

        use: what they are read for. What came for it by the run that this one tries again is not asked for.
        """
        sources = [f"{use}:{feed.url}" for feed in feeds]
        known = self._answers.whole_since(sources, self._context.tried_since, self._context.now)
        fetched = Fetched(len(feeds), sum(source in known for source in sources))
        for done, (feed, source) in enumerate(zip(feeds, sources, strict=True)):
            if source in known:
                continue
            self._context.progress(feed.name, done, len(feeds))
            try:
                sifted = self._headlines(feed)
                fetched.headlines += sifted.rows
                fetched.faults += [*sifted.faults, *_impossible(feed, sifted.rows, self._context.now)]
                answer = SourceAnswer(source, digest_of(sorted((item.key, item.title) for item in sifted.rows)))
                fetched.answers.append(answer)
                fetched.still += self._still(feed, answer, sifted.rows)
                fetched.answered.add(feed.name)
            except Cancelled:
                raise
            except AppError as error:
                logger.warning("%s: %s", feed.name, error)
                fetched.failed[feed.name] = error
        return fetched

    def _still(self, feed: Feed, answer: SourceAnswer, items: Sequence[Headline]) -> tuple[Finding, ...]:
        rest = feed_rest(item.published for item in items)
        return stands_still(feed.name, self._answers.same_since(answer.source, answer.digest), rest, self._context.now)

    def _headlines(self, feed: Feed) -> Sifted[Headline]:
        host = urlsplit(feed.url).netloc
        if host in self._closed:
            raise self._closed[host]
        if feed.url not in self._read:
            try:
                self._read[feed.url] = self._feeds.headlines(feed)
            except (NetworkDown, RateLimited) as error:
                self._closed[host] = error
                raise
        return self._read[feed.url]


def _impossible(feed: Feed, headlines: Sequence[Headline], now: datetime) -> list[RowFault]:
    """Return the items dated when they cannot be; they are kept with the time they are first seen at."""
    return [
        RowFault(feed.name, tr("{at:%Y-%m-%d %H:%M} UTC cannot be", at=item.published), code=ValueCode.DATE_IMPOSSIBLE)
        for item in headlines
        if item.published is not None and not FEED_LIFE.holds(utc_date(item.published), now)
    ]


class NewsWork:
    """One run's headlines: fetched first, stored after."""

    def __init__(self, parts: NewsParts, context: RunContext, reader: FeedReader) -> None:
        self._parts = parts
        self._context = context
        self._reader = reader
        self._fetched: Fetched | None = None

    def fetch(self) -> StepDone:
        """Ask the feeds of the settings."""
        fetched = self._reader.fetch(self._parts.feeds(), NEWS_USE)
        self._fetched = fetched
        return StepDone(fetched.note, warnings=fetched.warnings, came=fetched.done > 0, missing=fetched.missing)

    def store(self) -> StepDone:
        """Fold what was fetched into the stored stories; when nothing was, this says why too."""
        fetched = self._fetched or Fetched(0)
        if fetched.total and not fetched.done:
            return StepDone("", came=False, missing=fetched.missing)
        rows = self._parts.news.fold(fetched.headlines, self._context.now)
        # That a feed has brought everything is noted once that is stored.
        fetched.answered |= self._no_longer_asked()
        judged = fetched.judged(self._context.now)
        self._parts.news.keep_notes(judged.notes, self._context.seen)
        newest = self._parts.reads.newest_article()
        note = tr("{count} new stories", count=rows) if rows else tr("nothing new")
        tables = TABLES | ISSUE_TABLES if judged.findings else TABLES
        return StepDone(note, rows, utc_date(newest) if newest else None, tables)

    def _no_longer_asked(self) -> frozenset[str]:
        """Return the feeds at issue that the settings do not list any more: nothing will be said of them again."""
        asked = {feed.name for feed in (*self._parts.feeds(), *document_feeds())}
        return self._parts.news.subjects_at_issue() - asked

    def both(self) -> StepDone:
        """Fetch and store as one step."""
        fetched = self.fetch()
        if not fetched.came:
            return fetched
        stored = self.store()
        note = tr("{stored}, {fetched}", stored=stored.note, fetched=fetched.note)
        return replace(stored, note=note, warnings=fetched.warnings, missing=fetched.missing)
