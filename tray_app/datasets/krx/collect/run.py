"""One run of the Korea Exchange collector: the sweep is made when a step first asks for it, and told step by step."""

import logging
from collections.abc import Callable, Sequence
from datetime import date, datetime

from tray_app.core.coverage import Coverage
from tray_app.core.errors import AppError
from tray_app.core.overview import short_time
from tray_app.core.quality import Severity
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.collector import Prefetch, Step, StepDone
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.collect.due import sessions_waiting
from tray_app.datasets.krx.collect.lists import BaseInfoFetcher, last_lists, master_lists_due
from tray_app.datasets.krx.collect.quality import QualityCheck
from tray_app.datasets.krx.collect.settling import Settling
from tray_app.datasets.krx.collect.sweep import PassResult, SessionPass
from tray_app.datasets.krx.dataset import CALENDAR, ETFS, FACTORS, INDICES, INSTRUMENTS, KRX, QUALITY
from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass, Market
from tray_app.datasets.krx.rules.calendar import EARLIEST
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.source.client import KrxOpenApi
from tray_app.memory import rare_collections

logger = logging.getLogger(__name__)


class KrxRun:
    """The steps of one run. due: the sessions to ask for; open_source may refuse to be asked."""

    def __init__(
        self,
        context: KrxRunContext,
        due: Callable[[], dict[Track, list[date]]],
        open_source: Callable[[], KrxOpenApi],
        beside: Prefetch,
    ) -> None:
        self._context = context
        self._due = due
        self._open_source = open_source
        self._beside = beside
        self._swept: PassResult | None = None
        self._check = QualityCheck(context)
        self._settling = Settling(context, self._check)

    def steps(self) -> tuple[Step, ...]:
        """Return the steps in their order."""
        return (
            Step(CALENDAR, self.calendar, is_local=True),
            Step(INSTRUMENTS, self.instruments),
            *(Step(step_of(Track(BarKind.EQUITY, market)), self.market(market)) for market in STOCK_MARKETS),
            *(Step(ETFS, self.market(Market.ETF)) for track in self._context.tracks if track == ETF_TRACK),
            Step(INDICES, self.indices),
            Step(FACTORS, self.factors, is_local=True),
            Step(QUALITY, self.quality, is_local=True),
        )

    def calendar(self) -> StepDone:
        """Predict the sessions up to the end of next year, and let rows correct the prediction."""
        now = self._context.now
        today = kst_date(now)
        stored = set(self._context.ledger.sessions_with_rows())
        asked = [] if self._context.window is None else [self._context.window.date_from]
        first = min([*stored, today.replace(month=1, day=1), *asked])
        last = today.replace(year=today.year + 1, month=12, day=31)
        days = [
            self._context.calendar.judge(day, now, rows_seen=day in stored, empty_answers=self._empties(day))
            for day in Coverage(max(first, EARLIEST), last).days
        ]
        rows = self._context.ledger.keep_calendar(days, self._context.seen)
        return StepDone(tr("predicted through {day}", day=last), rows, None, KRX.tables)

    def instruments(self) -> StepDone:
        """Ask for the master lists when a week has passed since the last time."""
        if self._context.window is not None:
            return StepDone.nothing_due(tr("asked for after the sessions"))
        newest, due = master_lists_due(self._context)
        if newest is None or not due:
            return StepDone.nothing_due(tr("nothing due"))
        lists = BaseInfoFetcher(self._context, self._open_source(), self._check)
        count = sum(lists.ask(market, newest) for market in due)
        return StepDone(tr("{count} issues", count=count), count, newest, KRX.tables)

    def market(self, market: Market) -> Callable[[], StepDone]:
        """Return the step that tells of one market."""
        return lambda: self._told([Track(BarKind.EQUITY, market)])

    def indices(self) -> StepDone:
        """Tell of the index classes."""
        return self._told([Track(BarKind.INDEX, index_class) for index_class in IndexClass])

    def factors(self) -> StepDone:
        """Compute the adjustment factors of every day that is not checked yet, and of the sessions after them."""
        self._sweep()
        days = self._context.checks.unchecked_days()
        with rare_collections():
            self._settling.make_factors(days)
        count, is_new = self._settling.factors, bool(days or self._check.days)
        return StepDone(tr("{count} factors", count=count) if is_new else tr("nothing new"), count, None, KRX.tables)

    def quality(self) -> StepDone:
        """Check every new day by the rules, let rows correct the calendar, infer delistings."""
        self._sweep()
        check = self._check
        with rare_collections():
            changed = self._settling.check_and_settle()
            check.stand(is_daily=self._context.window is None)
        warnings, errors = check.found[Severity.WARN], check.found[Severity.ERROR]
        found = tr("{errors} errors, {warnings} warnings", errors=errors, warnings=warnings)
        if not check.days:
            note = tr("nothing new; {found}", found=found) if warnings or errors else tr("nothing new")
            return StepDone(note, changed, None, KRX.tables, warnings, errors)
        self.calendar()
        note = tr("{proven}; {found}", proven=self._proven(sorted(check.days)), found=found)
        return StepDone(note, changed + len(check.days), max(check.days), KRX.tables, warnings, errors)

    def _sweep(self) -> PassResult:
        if self._swept is None:
            due = self._due()
            try:
                with rare_collections():
                    self._swept = self._swept_through(due)
            finally:
                self._context.listings.write_spans(self._context.seen)
        return self._swept

    def _swept_through(self, due: dict[Track, list[date]]) -> PassResult:
        untold = any(last_lists(self._context, market) for market in STOCK_MARKETS)
        if not (untold or any(due.values()) or self._context.ledger.unjudged_days()):
            return PassResult.of(self._context.tracks)
        sweep = SessionPass(self._context, self._open_source(), self._check, self._beside)
        if self._context.window is not None and self._context.window.newest_first:
            # The session before a day comes after it: the steps behind the sweep check them all.
            return sweep.run(due, newest_first=True)
        return sweep.run(due, after_day=self._check_while_at_hand)

    def _check_while_at_hand(self, day: date) -> None:
        """Work out a day's factors and quality while its rows and those of the day before are in memory."""
        if not self._context.checks.is_unchecked(day):
            return
        try:
            self._settling.make_factors([day])
            self._check.check(day)
        except AppError:
            raise
        except Exception:
            # A fault of ours must not end the collecting: the day stays marked, and its own step meets the fault.
            logger.exception("%s could not be checked", day)

    def _told(self, tracks: Sequence[Track]) -> StepDone:
        results = [self._sweep().tracks[track] for track in tracks]
        sessions = sum(result.sessions for result in results)
        unpublished = sum(result.unpublished for result in results)
        missing = dict.fromkeys(each for result in results for each in result.missing)
        # What a range lacks is left to the runs of the day.
        waiting = self._waiting(tracks) if self._context.window is None else []
        note = _note(sessions, unpublished) or ("" if missing else _waiting_note(waiting, self._context.now))
        return StepDone(
            note,
            sum(result.rows for result in results),
            max((result.newest for result in results if result.newest is not None), default=None),
            KRX.tables,
            came=bool(sessions or unpublished),
            missing=tuple(missing),
            late_at=_late_at(waiting),
        )

    def _waiting(self, tracks: Sequence[Track]) -> list[LedgerEntry]:
        waiting = sessions_waiting(self._context)
        return [entry for track in tracks for entry in waiting[track]]

    def _proven(self, days: Sequence[date]) -> str:
        tracks = [Track(BarKind.EQUITY, market) for market in STOCK_MARKETS]
        entries = [
            entry for track in tracks for day in days if (entry := self._context.ledger.entry(track, day)) is not None
        ]
        verified = sum(entry.state is LedgerState.VERIFIED for entry in entries)
        return tr("{count} of {total} market days verified", count=verified, total=len(entries))

    def _empties(self, day: date) -> int:
        entry = self._context.ledger.entry(Track(BarKind.EQUITY, Market.KOSPI), day)
        return entry.attempts if entry is not None and not entry.state.is_stored else 0


def step_of(track: Track) -> str:
    """Return the step that tells of a track."""
    if track == ETF_TRACK:
        return ETFS
    return track.market_code.lower() if track.dataset is BarKind.EQUITY else INDICES


def _note(sessions: int, unpublished: int) -> str:
    if sessions and unpublished:
        return tr("{count} sessions, {other} not published yet", count=sessions, other=unpublished)
    if sessions:
        return tr("{count} sessions", count=sessions)
    return tr("not published yet") if unpublished else ""


def _waiting_note(waiting: Sequence[LedgerEntry], now: datetime) -> str:
    if not waiting:
        return tr("nothing missing")
    at = short_time(min(_next_tries(waiting)), now)
    return tr("{count} sessions came empty, asked again at {at} KST", count=len(waiting), at=at)


def _late_at(waiting: Sequence[LedgerEntry]) -> datetime | None:
    late = [entry for entry in waiting if entry.state is LedgerState.NOT_YET_PUBLISHED]
    return min(_next_tries(late), default=None)


def _next_tries(waiting: Sequence[LedgerEntry]) -> list[datetime]:
    return [entry.next_try_at for entry in waiting if entry.next_try_at is not None]
