"""Checks new days by the quality rules, oldest first, so that each has the day before it at hand."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

from tray_app.collectors.base import RunContext
from tray_app.core.krx.adjustment import day_adjustments
from tray_app.core.krx.calendar import KrxCalendar
from tray_app.core.krx.ledger import Dataset, Track
from tray_app.core.krx.quality import RULES, IssueDataset, QualityIssue, Severity
from tray_app.core.krx.quality_actions import ACTION_CODES, check_actions
from tray_app.core.krx.quality_calendar import INDEX_DAY_CODES, check_calendar_day, check_index_day
from tray_app.core.krx.quality_day import DAY_CODES, check_equity_day
from tray_app.core.krx.quality_rows import EquityDay
from tray_app.core.krx.rows import EquityBar, IndexBar, IndexClass, Market
from tray_app.store.krx.issues import Decided
from tray_app.store.krx.store import KrxStore

EQUITY_CODES = DAY_CODES | ACTION_CODES


class QualityCheck:
    """One pass over the days that are not checked yet."""

    def __init__(self, store: KrxStore, calendar: KrxCalendar, context: RunContext) -> None:
        self._store = store
        self._calendar = calendar
        self._context = context
        self._before: dict[Market, tuple[date, Sequence[EquityBar]]] = {}
        self.found: Counter[Severity] = Counter()
        self.days: set[date] = set()

    def run(self, days: Sequence[date]) -> None:
        """Check the days, ascending, and keep what is found; a day is checked once this has written it."""
        for done, day in enumerate(days):
            self._context.cancel.raise_if_cancelled()
            self._context.progress(day.isoformat(), done, len(days))
            self.check(day)

    def check(self, day: date) -> None:
        """Check a day and keep what is found."""
        equities = [issue for market in Market for issue in self._equities(market, day)]
        indices = [issue for index_class in IndexClass for issue in self._indices(index_class, day)]
        on_calendar = list(check_calendar_day(self._calendar.judge(day, self._context.now, rows_seen=True)))
        checks = (
            (Decided(IssueDataset.EQUITY, day, EQUITY_CODES), _worth_keeping(equities)),
            (Decided(IssueDataset.INDEX, day, INDEX_DAY_CODES), _worth_keeping(indices)),
            (Decided(IssueDataset.CALENDAR, day, RULES.keys()), on_calendar),
        )
        self._store.keep_check(day, checks, self._context.seen)
        self.days.add(day)
        self.found.update(issue.severity for _, issues in checks for issue in issues if not _is_routine(issue))

    def _equities(self, market: Market, day: date) -> list[QualityIssue]:
        bars = self._store.equity_bars(market, day)
        if not bars:
            return []
        previous = self._previous(market, day)
        self._before[market] = (day, bars)
        by_code = {bar.code: bar for bar in previous}
        adjustments = day_adjustments(by_code, bars)
        checked = EquityDay(day, market, bars, by_code, adjustments)
        baseline = self._store.baseline(Track(Dataset.EQUITY, market), day)
        index_bars = self._index_bars(IndexClass(market), day) if market is not Market.KONEX else None
        found = check_equity_day(checked, baseline, None, index_bars or None)
        return [*found, *check_actions(checked, self._store.factors_of(market, day))]

    def _previous(self, market: Market, day: date) -> Sequence[EquityBar]:
        """Return the bars of the session right before; nothing when that one is not stored."""
        before = self._store.previous_session_with_rows(market, day)
        if before is None or self._calendar.next_session(before) < day:
            return ()
        kept = self._before.get(market)
        return kept[1] if kept is not None and kept[0] == before else self._store.equity_bars(market, before)

    def _indices(self, index_class: IndexClass, day: date) -> list[QualityIssue]:
        bars = self._index_bars(index_class, day)
        return check_index_day(day, index_class, bars) if bars else []

    def _index_bars(self, index_class: IndexClass, day: date) -> Sequence[IndexBar]:
        return self._store.index_bars(Track(Dataset.INDEX, index_class), day)


def _worth_keeping(issues: Sequence[QualityIssue]) -> list[QualityIssue]:
    # What is true of hundreds of rows on every good day stands in the rows themselves.
    return [issue for issue in issues if issue.severity is not Severity.INFO]


def _is_routine(issue: QualityIssue) -> bool:
    return RULES[issue.issue_code].is_routine
