"""Goes through sessions day by day, every market and index class of a day together, and notes each in the ledger.

A day is stored before the next one is asked for, so a run that is killed or runs out of calls leaves whole days, and
repeats at most the one request it was waiting for. In a range the next day's first request waits for its answer while
the day is verified and checked.
"""

import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from statistics import median

from tray_app.core.coverage import Coverage
from tray_app.core.errors import (
    AppError,
    Cancelled,
    EmptyAnswer,
    KeyRefused,
    NetworkDown,
    QuotaSpent,
    QuotaTooSmall,
    ServiceNotApproved,
    SourceChangedShape,
)
from tray_app.core.outcome import Missing
from tray_app.core.row_faults import Sifted
from tray_app.core.words import tr
from tray_app.datasets.collector import Prefetch
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.collect.lists import BaseInfoFetcher, last_lists
from tray_app.datasets.krx.collect.quality import QualityCheck
from tray_app.datasets.krx.rows import STOCK_MARKETS, EquityBar, IndexClass, Market
from tray_app.datasets.krx.rules.ledger import (
    OWED,
    TRACKS,
    UNSETTLED,
    AnswerKind,
    BarKind,
    FetchContext,
    FetchResult,
    LedgerEntry,
    LedgerState,
    Track,
    after_answer,
    after_verification,
    unrested,
)
from tray_app.datasets.krx.rules.quality.answer import check_changes, check_etfs, check_index_rates
from tray_app.datasets.krx.rules.quality.source import left_out_issues
from tray_app.datasets.krx.rules.relistings import has_returned
from tray_app.datasets.krx.rules.verification import (
    Verification,
    is_of_another_service,
)
from tray_app.datasets.krx.source.client import KrxOpenApi
from tray_app.datasets.krx.source.refusals import HOST
from tray_app.net.redirects import RedirectRefused

logger = logging.getLogger(__name__)

FAILURES_BEFORE_REST = 3
# After one of these nothing more is asked in this run: the next request would meet the same.
ENDS_EVERYTHING = (QuotaSpent, QuotaTooSmall, KeyRefused, NetworkDown)


Bars = Sifted[EquityBar]


class BarLists:
    """Asks for lists, one of them ahead of time."""

    def __init__(self, source: KrxOpenApi, beside: Prefetch) -> None:
        self._source = source
        self._beside = beside
        self._begun: tuple[Market, date] | None = None
        self._answer: Callable[[], Bars] = lambda: Sifted(())

    def begin(self, market: Market, day: date) -> None:
        """Send the request for a list; `bars` waits for the answer. Nothing else may be asked until `wait`."""
        self._begun = market, day
        self._answer = self._beside.begin(partial(self._ask, market, day))

    def wait(self) -> None:
        """Wait until the request that was begun is answered, whatever comes; `bars` tells."""
        with suppress(AppError):
            self._answer()

    def bars(self, market: Market, day: date) -> Bars:
        """Return a market's issues on a day. Raises what the source raises."""
        return self._answer() if self._begun == (market, day) else self._ask(market, day)

    def _ask(self, market: Market, day: date) -> Bars:
        return self._source.etfs(day) if market is Market.ETF else self._source.equities(market, day)


@dataclass(slots=True)
class TrackResult:
    """What a sweep brought for one track.

    sessions came with rows; unpublished ones came empty as they should; missing is what was due and did not come.
    """

    due: int = 0
    rows: int = 0
    sessions: int = 0
    unpublished: int = 0
    newest: date | None = None
    failures_in_row: int = 0
    missing: list[Missing] = field(default_factory=list)
    no_base_info: AppError | None = None
    stopped_by: AppError | None = None

    @property
    def asked(self) -> int:
        """Return how many of the due sessions were asked for, with or without success."""
        return self.sessions + self.unpublished + len({each.name for each in self.missing if each.name})

    @property
    def is_stopped(self) -> bool:
        """Whether nothing more is asked for this track."""
        return self.stopped_by is not None

    def lacks(self, error: AppError, name: str = "") -> None:
        """Note something that did not come, each reason once for each name."""
        if Missing(error, name) not in self.missing:
            self.missing.append(Missing(error, name))

    def stop(self, error: AppError) -> None:
        """Ask no more for this track; what was still due of it lacks for that reason."""
        if self.stopped_by is None:
            self.stopped_by = error
            if self.asked < self.due:
                self.lacks(error)


@dataclass(slots=True)
class PassResult:
    """What a sweep brought, and which days it stored rows of."""

    tracks: dict[Track, TrackResult]

    @classmethod
    def of(cls, tracks: Sequence[Track]) -> "PassResult":
        """Return a sweep of these tracks that has brought nothing yet."""
        return cls({track: TrackResult() for track in tracks})


class SessionPass:
    """One pass over the due sessions of all tracks."""

    def __init__(self, context: KrxRunContext, source: KrxOpenApi, check: QualityCheck, beside: Prefetch) -> None:
        self._context = context
        self._ledger, self._rows, self._checks = context.ledger, context.rows, context.checks
        self._source = source
        self._check = check
        self._lists = BaseInfoFetcher(context, source, check)
        self._bars = BarLists(source, beside)
        self._is_again = context.window is not None and context.window.is_again
        self._left_over: set[date] = set()

    def run(
        self,
        due: Mapping[Track, Sequence[date]],
        *,
        newest_first: bool = False,
        after_day: Callable[[date], None] = lambda _day: None,
    ) -> PassResult:
        """Ask for every due session, store what comes, verify it. Raises Cancelled and the store's errors only.

        after_day is called with each day that is stored and verified, while its rows are in memory.
        """
        swept = PassResult.of(self._context.tracks)
        for track, result in swept.tracks.items():
            result.due = len(due.get(track, ()))
        asked = {day for sessions in due.values() for day in sessions}
        self._left_over = self._ledger.unjudged_days()
        days = sorted(asked | self._left_over, reverse=newest_first)
        wanted = {track: frozenset(sessions) for track, sessions in due.items()}
        for done, day in enumerate(days):
            self._context.progress(day.isoformat(), done, len(days))
            for track in self._context.tracks:
                if day in wanted.get(track, ()) and not swept.tracks[track].is_stopped:
                    self._ask(track, day, swept)
            if self._context.window is not None:
                self._begin(days[done + 1 : done + 2], wanted, swept)
            self._verify(day, swept)
            after_day(day)
        self._ask_last_lists(swept)
        return swept

    def _begin(self, following: Sequence[date], wanted: Mapping[Track, frozenset[date]], swept: PassResult) -> None:
        """Send the first request of the day that follows, if that is one for issues."""
        for day in following:
            asked = (track for track in self._context.tracks if day in wanted.get(track, ()))
            first = next((track for track in asked if not swept.tracks[track].is_stopped), None)
            if first is not None and first.dataset is BarKind.EQUITY:
                self._bars.begin(Market(first.market_code), day)

    def _ask(self, track: Track, day: date, swept: PassResult) -> None:
        result = swept.tracks[track]
        try:
            rows = self._collect(track, day, result)
        except Cancelled:
            raise
        except AppError as error:
            self._note_failure(track, day, error, swept)
            return
        result.failures_in_row = 0
        if self._is_again:
            self._context.again.note(track.subject, Coverage(day, day), self._context.seen)
        if rows:
            result.sessions += 1
            result.newest = max(result.newest or day, day)
        elif self._context.calendar.may_be_empty(day, self._context.now, self._ledger.next_session_with_rows(day)):
            result.unpublished += 1
        else:
            self._note_empty(track, day, result)

    def _note_empty(self, track: Track, day: date, result: TrackResult) -> None:
        """Note a session that came empty although it is published; the ledger says when it is asked for again."""
        entry = self._ledger.entry(track, day)
        is_owed = entry is not None and entry.state in OWED
        result.lacks(EmptyAnswer(HOST, may_pass=is_owed), _named(track, day))

    def _collect(self, track: Track, day: date, result: TrackResult) -> int:
        if track.dataset is BarKind.EQUITY:
            listed = self._bars.bars(Market(track.market_code), day)
            bars = listed.rows
            self._require_own(track, day, len(bars))
            if bars:
                entry = self._entry(track, day, FetchResult(AnswerKind.ROWS, len(bars)))
                found = [*check_changes(bars), *check_etfs(bars), *left_out_issues(track, day, listed.faults)]
                result.rows += self._rows.upsert_bars(entry, bars, self._context.seen, found)
                self._check.count(found)
                return len(bars)
        else:
            answer = self._source.indices(IndexClass(track.market_code), day)
            indices = answer.rows
            if indices:
                entry = self._entry(track, day, FetchResult(AnswerKind.ROWS, len(indices)))
                found = [*check_index_rates(indices), *left_out_issues(track, day, answer.faults)]
                result.rows += self._rows.upsert_index_bars(entry, indices, self._context.seen, found)
                self._check.count(found)
                return len(indices)
        self._ledger.upsert_entry(self._entry(track, day, FetchResult(AnswerKind.EMPTY)), self._context.seen)
        return 0

    def _require_own(self, track: Track, day: date, rows: int) -> None:
        baseline = self._ledger.baseline(track, day)
        if is_of_another_service(rows, baseline):
            raise SourceChangedShape(
                HOST, tr("{count} rows, where {usual:g} are usual", count=rows, usual=median(baseline))
            )

    def _note_failure(self, track: Track, day: date, error: AppError, swept: PassResult) -> None:
        result = swept.tracks[track]
        result.failures_in_row += 1
        if isinstance(error, ENDS_EVERYTHING):
            for each in swept.tracks.values():
                each.stop(error)
            return
        kind = AnswerKind.BLOCKED if isinstance(error, ServiceNotApproved) else AnswerKind.FAILED
        self._ledger.upsert_entry(self._entry(track, day, FetchResult(kind, reason=str(error))), self._context.seen)
        # A redirect says nothing of the form of the exchange's lists.
        if isinstance(error, SourceChangedShape) and not isinstance(error, RedirectRefused):
            self._check.refused(track, day, str(error))
            if result.failures_in_row < FAILURES_BEFORE_REST:
                # It may be a fault of this one day.
                result.lacks(error, _named(track, day))
                return
        result.stop(error)

    def _entry(self, track: Track, day: date, answer: FetchResult) -> LedgerEntry:
        before = self._ledger.entry(track, day) or LedgerEntry(track, day)
        return after_answer(before, answer, self._moment(day))

    def _moment(self, day: date) -> FetchContext:
        later = self._ledger.next_session_with_rows(day)
        jitter = random.random()  # noqa: S311 - spreads clients, guards nothing
        return FetchContext(self._context.now, self._context.calendar, later, jitter, self._ledger.has_rows_on(day))

    def _verify(self, day: date, swept: PassResult) -> None:
        for track in self._context.tracks:
            entry = self._ledger.entry(track, day)
            if entry is None:
                continue
            if entry.is_at_rest and self._ledger.has_rows_on(day):
                self._ledger.upsert_entry(unrested(entry, self._context.now), self._context.seen)
            if entry.state not in UNSETTLED:
                continue
            try:
                verification = self._judge(track, day, swept)
            except Cancelled:
                raise
            except AppError as error:
                # Without base info the day stays collected and is verified when it can be had.
                logger.info("%s %s stays unverified: %s", track.market_code, day, error)
                self._note_no_base_info(track, error, swept)
                continue
            # The master list may just have put the day in doubt.
            judged = self._ledger.entry(track, day) or entry
            doubts = self._checks.doubts_on(day).get(track, ())
            checked = after_verification(judged, verification, doubts, self._context.now)
            self._ledger.upsert_entry(checked, self._context.seen)

    def _note_no_base_info(self, track: Track, error: AppError, swept: PassResult) -> None:
        result = swept.tracks[track]
        result.lacks(error)
        if not isinstance(error, SourceChangedShape):
            result.no_base_info = error
        if isinstance(error, ENDS_EVERYTHING):
            for each in swept.tracks.values():
                each.stop(error)

    def _ask_last_lists(self, swept: PassResult) -> None:
        self._bars.wait()
        for market in STOCK_MARKETS:
            track = Track(BarKind.EQUITY, market)
            asked = set[date]()
            # A list may show that two issues bore one code, and so tell of another last session.
            while self._refusal(swept.tracks[track]) is None and (
                left := set(last_lists(self._context, market)) - asked
            ):
                day = min(left)
                asked.add(day)
                self._context.progress(tr("listings of {day}", day=day), len(asked), len(asked) + len(left) - 1)
                try:
                    self._lists.ask_last(market, day)
                except Cancelled:
                    raise
                except AppError as error:
                    self._note_no_base_info(track, error, swept)

    @staticmethod
    def _refusal(result: TrackResult) -> AppError | None:
        """Return why no master list of a track is asked for any more in this run."""
        return result.no_base_info or result.stopped_by

    def _judge(self, track: Track, day: date, swept: PassResult) -> Verification:
        verification = self._check.verdict(track, day)
        if track.dataset is BarKind.INDEX:
            return verification
        market = Market(track.market_code)
        # Of a range the lists are asked for at its end: one then tells of all issues whose last session it is.
        wants_names = self._context.window is None and (
            self._context.listings.has_nameless(market, day, is_late=day in self._left_over)
            or self._has_returned(market, day)
        )
        refusal = self._refusal(swept.tracks[track])
        # What the list said of rows that were corrected since is to be said anew.
        is_corrected = refusal is None and self._is_corrected(track, day)
        # A stored list is asked for again with its day.
        is_told = self._is_again and day in self._context.listings.master_lists(market)
        if not (verification.wants_base_info or wants_names or is_corrected or is_told):
            return verification
        if refusal is not None:
            raise refusal
        self._bars.wait()
        named = self._lists.ask(market, day)
        return self._check.verdict(track, day, named) if named else verification

    def _has_returned(self, market: Market, day: date) -> bool:
        """Whether an issue is back on this day that the complete list of the session before did not have."""
        ledger, rows, track = self._ledger, self._rows, Track(BarKind.EQUITY, market)
        before = ledger.previous_on(track, day)
        entry = None if before is None else ledger.entry(track, before)
        if market is Market.ETF or entry is None or entry.state is not LedgerState.VERIFIED:
            return False
        codes = {bar.code for bar in rows.equity_bars(market, day)}
        return has_returned(self._context.listings.episodes(market), day, codes - rows.codes_on(market, entry.session))

    def _is_corrected(self, track: Track, day: date) -> bool:
        entry = self._ledger.entry(track, day)
        return entry is not None and entry.attempts > 1 and track in TRACKS


def _named(track: Track, day: date) -> str:
    """Return a list's name within the step that tells of it."""
    return day.isoformat() if track.dataset is BarKind.EQUITY else f"{track.market_code} {day}"
