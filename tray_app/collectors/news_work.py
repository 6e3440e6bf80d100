"""Headlines as the collectors `news` and `liquidity` bring them: feed by feed, folded into stories."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from tray_app.collectors.base import RunContext, StepDone
from tray_app.collectors.liquidity_parts import LiquidityParts
from tray_app.core.errors import AppError, Cancelled, NetworkDown, RateLimited
from tray_app.core.news.feed import Feed
from tray_app.core.news.model import Headline
from tray_app.core.outcome import Missing
from tray_app.core.row_faults import RowFault, Sifted, findings
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.sources.feeds import Feeds

logger = logging.getLogger(__name__)

TABLES = frozenset({"news_article", "news_copy"})


@dataclass(slots=True)
class Fetched:
    """What feeds brought, and why some brought nothing."""

    total: int
    headlines: list[Headline] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
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
        """Return how many feeds brought items that had to be set aside."""
        return len({fault.subject for fault in self.faults})

    @property
    def note(self) -> str:
        """Return how many feeds answered with how many headlines, and which items had to be set aside."""
        told = (f"{finding.subject}: {finding.detail}" for finding in findings(self.faults))
        return "; ".join(part for part in (self._answered, *told) if part)

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

    def __init__(self, context: RunContext) -> None:
        self._context = context
        self._feeds = Feeds(context.http)
        self._read: dict[str, Sifted[Headline]] = {}
        self._closed: dict[str, AppError] = {}

    def fetch(self, feeds: Sequence[Feed]) -> Fetched:
        """Return the headlines of feeds; one that fails does not keep the others from coming."""
        fetched = Fetched(len(feeds))
        for done, feed in enumerate(feeds):
            self._context.progress(feed.name, done, len(feeds))
            try:
                sifted = self._headlines(feed)
                fetched.headlines += sifted.rows
                fetched.faults += sifted.faults
            except Cancelled:
                raise
            except AppError as error:
                logger.warning("%s: %s", feed.name, error)
                fetched.failed[feed.name] = error
        return fetched

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


class NewsWork:
    """One run's headlines: fetched first, stored after."""

    def __init__(self, parts: LiquidityParts, context: RunContext, reader: FeedReader) -> None:
        self._parts = parts
        self._context = context
        self._reader = reader
        self._fetched: Fetched | None = None

    def fetch(self) -> StepDone:
        """Ask the feeds of the settings."""
        fetched = self._reader.fetch(self._parts.feeds())
        self._fetched = fetched
        return StepDone(fetched.note, warnings=fetched.warnings, came=fetched.done > 0, missing=fetched.missing)

    def store(self) -> StepDone:
        """Fold what was fetched into the stored stories; when nothing was, this says why too."""
        fetched = self._fetched or Fetched(0)
        if fetched.total and not fetched.done:
            return StepDone("", came=False, missing=fetched.missing)
        rows = self._parts.news.fold(fetched.headlines, self._context.now)
        newest = self._parts.reads.newest_article()
        note = tr("{count} new stories", count=rows) if rows else tr("nothing new")
        return StepDone(note, rows, utc_date(newest) if newest else None, TABLES)

    def both(self) -> StepDone:
        """Fetch and store as one step."""
        fetched = self.fetch()
        if not fetched.came:
            return fetched
        stored = self.store()
        note = tr("{stored}, {fetched}", stored=stored.note, fetched=fetched.note)
        return replace(stored, note=note, warnings=fetched.warnings, missing=fetched.missing)
