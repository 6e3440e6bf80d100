"""Checks new days by the quality rules, oldest first, so that each has the days before it at hand."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from tray_app.core.quality import QualityIssue, Severity
from tray_app.core.row_faults import Sifted
from tray_app.datasets.krx.collect.context import KrxRunContext
from tray_app.datasets.krx.collect.factors import accepted_without, arrivals
from tray_app.datasets.krx.collect.series import SeriesCheck, unbroken_sessions
from tray_app.datasets.krx.collect.standing import STORE_WIDE_CODES, stale_markets, standing_issues
from tray_app.datasets.krx.rows import STOCK_MARKETS, BaseInfo, EquityBar, IndexBar, IndexClass, Market
from tray_app.datasets.krx.rules.adjustment import day_adjustments
from tray_app.datasets.krx.rules.indices import MAIN_INDICES, TOTALS
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, TRACKS, BarKind, LedgerEntry, LedgerState, Track
from tray_app.datasets.krx.rules.quality.actions import ACTION_CODES, check_actions
from tray_app.datasets.krx.rules.quality.calendar import (
    INDEX_DAY_CODES,
    check_calendar_day,
    check_constituents,
    check_hidden_sessions,
    check_index_day,
)
from tray_app.datasets.krx.rules.quality.catalogue import ROUTINE, IssueCode, IssueDataset
from tray_app.datasets.krx.rules.quality.convictions import CONVICTING
from tray_app.datasets.krx.rules.quality.day import (
    DAY_CODES,
    FOREIGN_CODES,
    check_base_prices,
    check_equity_day,
    check_plain_list,
    foreign_list,
)
from tray_app.datasets.krx.rules.quality.rows import EquityDay
from tray_app.datasets.krx.rules.quality.series import SERIES_CODES
from tray_app.datasets.krx.rules.quality.source import (
    LISTING_CODES,
    MASTER_CODES,
    SHAPE_CODES,
    check_gaps,
    check_master,
    check_restated,
    dataset_of,
    master_rows_issues,
    master_subject,
    shape_issue,
    source_subject,
)
from tray_app.datasets.krx.rules.transfers import ARRIVAL_CODES, Arrival, arrival_events, check_arrivals
from tray_app.datasets.krx.rules.verification import (
    ALL_ROWS,
    Verification,
    total_of,
    verify_equities,
    verify_indices,
)
from tray_app.store.issues import CheckScope

EQUITY_CODES = DAY_CODES | ACTION_CODES | SERIES_CODES | ARRIVAL_CODES | {IssueCode.RESTATED_VALUE}
INDEX_CODES = INDEX_DAY_CODES | {IssueCode.INDEX_VS_CONSTITUENTS}
# What is true of hundreds of rows on every good day stands in the rows themselves; these are rare enough to be told.
TOLD_INFORMATION = frozenset({IssueCode.INDEX_VS_CONSTITUENTS, IssueCode.CODE_REUSED, IssueCode.MARKET_TRANSFER})
Check = tuple[CheckScope, list[QualityIssue]]


@dataclass(frozen=True, slots=True)
class Judged:
    """A session's lists and what the rules that may convict them found."""

    day: date
    equities: Mapping[Market, EquityDay]
    equity_issues: Sequence[QualityIssue]
    index_issues: Sequence[QualityIssue]


class QualityCheck:
    """One pass over the days that are not checked yet."""

    def __init__(self, context: KrxRunContext) -> None:
        self._context = context
        self._ledger, self._rows, self._checks = context.ledger, context.rows, context.checks
        self._series = SeriesCheck(context)
        self._before: dict[Market, tuple[date, Sequence[EquityBar]]] = {}
        self._codes: dict[Market, tuple[date, frozenset[str]]] = {}
        self._judged: Judged | None = None
        self.found: Counter[Severity] = Counter()
        self.days: set[date] = set()

    def run(self, days: Sequence[date]) -> None:
        """Check the days, ascending, and keep what is found; a day is checked once this has written it."""
        for done, day in enumerate(days):
            self._context.raise_if_cancelled()
            self._context.progress(day.isoformat(), done, len(days))
            self.check(day)

    def judge(self, day: date) -> Judged:
        """Put a day in doubt where a rule convicts it, and believe it again where none does; its factors come after."""
        self._judged = found = self._found_on(day)
        convicting = [
            CheckScope(IssueDataset.EQUITY, day, DAY_CODES & CONVICTING),
            CheckScope(IssueDataset.INDEX, day, INDEX_DAY_CODES & CONVICTING),
        ]
        issues = [*found.equity_issues, *found.index_issues]
        errors = [issue for issue in issues if issue.severity is Severity.ERROR and issue.issue_code in CONVICTING]
        for listed in found.equities.values():
            self._accuse_first(listed)
        verdicts = self._verdicts(day)
        if errors or verdicts or self._checks.doubts_on(day):
            checks = [(each, [issue for issue in errors if issue.dataset_name is each.dataset]) for each in convicting]
            self._checks.keep(day, [*checks, *self._answers(day)], verdicts, self._context.seen)
        return found

    def check(self, day: date) -> None:
        """Check a day and keep what is found."""
        kept = self._judged
        judged = kept if kept is not None and kept.day == day else self.judge(day)
        self._judged = None
        restated = self._rows.restated_on(day)
        equities = [*judged.equity_issues]
        for market, listed in judged.equities.items():
            equities += check_actions(self._believed(listed), self._checks.factors_of(market, day))
            equities += check_arrivals(self._arrived(market, day))
            equities += self._series.check(listed)
        equities += [issue for market, codes in restated.items() for issue in check_restated(day, market, codes)]
        indices = [*judged.index_issues, *self._constituents(day)]
        on_calendar = list(check_calendar_day(self._context.calendar.judge(day, self._context.now, rows_seen=True)))
        checks = [
            (CheckScope(IssueDataset.EQUITY, day, EQUITY_CODES), _worth_keeping(equities)),
            (CheckScope(IssueDataset.INDEX, day, INDEX_CODES), _worth_keeping(indices)),
            (CheckScope(IssueDataset.CALENDAR, day, frozenset(IssueCode)), on_calendar),
            *self._answers(day),
            *self._gaps(day),
            *self._hidden_sessions(day),
        ]
        self._checks.keep(day, checks, self._verdicts(day), self._context.seen, is_checked=True)
        self.days.add(day)
        self.count(issue for _, issues in checks for issue in issues)

    def stand(self, *, is_daily: bool) -> None:
        """Say what is true of the store as it stands, if it was not said before."""
        issues = standing_issues(self._context)
        codes = set(STORE_WIDE_CODES)
        if is_daily:
            codes.add(IssueCode.STALE_DATASET)
            issues += stale_markets(self._context)
        self.count(self._checks.replace_store_wide_issues(codes, issues, self._context.seen))

    def master(self, market: Market, day: date, told: Sifted[BaseInfo]) -> None:
        """Compare a session's rows with its master list, and tell of the list's rows that were left out."""
        odd = master_rows_issues(market, day, told.faults)
        if odd or self._checks.has_odd_listings(market, day):
            self._keep(day, CheckScope(IssueDataset.EQUITY, day, LISTING_CODES, {master_subject(market)}), odd)
        rows = {bar.code for bar in self._rows.equity_bars(market, day)}
        if not rows:
            return
        rows |= self._checks.left_out_on(market, day)
        # A row that cannot be tells at least that its issue is listed.
        named = {info.code for info in told.rows} | {fault.subject for fault in told.faults if fault.subject}
        issues = list(check_master(day, market, rows, named))
        self._keep(day, CheckScope(IssueDataset.EQUITY, day, MASTER_CODES, {market.value}), issues)

    def refused(self, track: Track, day: date, fault: str) -> None:
        """Keep that an answer did not have the shape it should have."""
        issue = shape_issue(track, day, fault)
        self._keep(day, CheckScope(dataset_of(track), day, SHAPE_CODES, {source_subject(track)}), [issue])

    def _keep(self, day: date, decided: CheckScope, issues: list[QualityIssue]) -> None:
        self._checks.keep(day, [(decided, issues)], {}, self._context.seen)
        self.count(issues)

    def count(self, issues: Iterable[QualityIssue]) -> None:
        """Let findings decide how the run ends; routine ones do not."""
        self.found.update(issue.severity for issue in issues if issue.issue_code not in ROUTINE)

    def _found_on(self, day: date) -> Judged:
        for market in STOCK_MARKETS:
            codes = [bar.code for bar in self._rows.equity_bars(market, day)]
            self._context.listings.part_relisted(market, day, codes, self._context.seen)
        equities = {market: listed for market in STOCK_MARKETS if (listed := self._listed(market, day)) is not None}
        equity_issues = [issue for listed in equities.values() for issue in self._equities(listed)]
        etfs = self._listed(Market.ETF, day)
        equity_issues += check_plain_list(etfs, self._ledger.baseline(ETF_TRACK, day)) if etfs is not None else []
        index_issues = [issue for index_class in IndexClass for issue in self._indices(index_class, day)]
        return Judged(day, equities, equity_issues, index_issues)

    def _listed(self, market: Market, day: date) -> EquityDay | None:
        bars = self._rows.equity_bars(market, day)
        if not bars:
            return None
        by_code = _by_code(self._previous(market, day))
        self._before[market] = (day, bars)
        came = arrival_events({each.first.code: each for each in self._arrived(market, day)})
        events = day_adjustments(by_code, bars) | came
        track = Track(BarKind.EQUITY, market)
        before = self._context.session_before(track, day)
        entry = None if before is None else self._ledger.entry(track, before)
        is_doubted = entry is not None and entry.is_in_doubt
        is_foreign = is_doubted and before is not None and self._is_foreign(market, before)
        exempt = self._context.listings.endings.in_liquidation(market, day)
        return EquityDay(day, market, bars, by_code, events, exempt, is_doubted, is_foreign)

    def _is_foreign(self, market: Market, day: date) -> bool:
        return self._checks.has_open(market, day, FOREIGN_CODES)

    def _first_foreign(self, listed: EquityDay) -> Iterator[QualityIssue]:
        """Say again of a session with none before it that its list is another day's, while the one after says so."""
        market, day = listed.market, listed.trade_date
        after = self._ledger.following_session(market, day)
        if not listed.previous and after is not None and self._is_foreign(market, day):
            following = EquityDay(after, market, self._rows.equity_bars(market, after), _by_code(listed.bars))
            if any(check_base_prices(following)):
                yield foreign_list(day, market)

    def _accuse_first(self, listed: EquityDay) -> None:
        """Convict the session two before, if none is before it and this one proves the one between, which it belies.

        The one between is acquitted when it is checked anew.
        """
        market, track = listed.market, Track(BarKind.EQUITY, listed.market)
        middle = self._context.session_before(track, listed.trade_date)
        first = None if middle is None else self._context.session_before(track, middle)
        if middle is None or first is None or not listed.is_previous_foreign:
            return
        is_first = self._context.session_before(track, first) is None
        if is_first and not any(check_base_prices(replace(listed, is_previous_foreign=False))):
            decided = CheckScope(IssueDataset.EQUITY, first, FOREIGN_CODES, {market.value})
            self._keep(first, decided, [foreign_list(first, market)])

    def _arrived(self, market: Market, day: date) -> list[Arrival]:
        return list(arrivals(self._context, market, day).values())

    def _equities(self, listed: EquityDay) -> list[QualityIssue]:
        market, day = listed.market, listed.trade_date
        baseline = self._ledger.baseline(Track(BarKind.EQUITY, market), day)
        index_bars = self._index_bars(IndexClass(market), day) if market is not Market.KONEX else ()
        listed = replace(listed, left_out=self._checks.left_out_on(market, day))
        found = check_equity_day(listed, baseline, self._told(listed), index_bars or None)
        return [*found, *self._first_foreign(listed)]

    def _told(self, listed: EquityDay) -> int | None:
        """Return how many issues the day's master list names, where it was asked for and agreed with the rows."""
        market, day = listed.market, listed.trade_date
        if day not in self._context.listings.master_lists(market) or self._checks.has_open(market, day, MASTER_CODES):
            return None
        return len(listed.bars)

    def _believed(self, listed: EquityDay) -> EquityDay:
        """Return a day with its events, but for those that no factor is made of as its rows or closes are in doubt."""
        entry = self._ledger.entry(Track(BarKind.EQUITY, listed.market), listed.trade_date)
        is_doubted = listed.is_previous_doubted or (entry is not None and entry.is_in_doubt)
        if is_doubted:
            return replace(listed, adjustments={})
        before = self._context.session_before(Track(BarKind.EQUITY, listed.market), listed.trade_date)
        days = [listed.trade_date, *([before] if before is not None else [])]
        lacking = frozenset().union(*(accepted_without(self._context, listed.market, day) for day in days))
        if not lacking:
            return listed
        return replace(listed, adjustments={code: each for code, each in listed.adjustments.items()
                                            if code not in lacking})  # fmt: skip

    def _verdicts(self, day: date) -> dict[Track, Verification]:
        """Return what the rows of the tracks in doubt, or accepted by a person, are worth as they stand."""
        entries = (self._ledger.entry(track, day) for track in (*TRACKS, ETF_TRACK))
        accepted = self._checks.accepted_on(day)
        tracks = [
            entry.track
            for entry in entries
            if entry is not None and (entry.is_in_doubt or entry.state is LedgerState.ACCEPTED
                                      or (entry.state.is_stored and entry.track in accepted))
        ]  # fmt: skip
        return {track: self.verdict(track, day) for track in tracks}

    def verdict(self, track: Track, day: date, base_info_rows: int | None = None) -> Verification:
        """Return what a track's rows of a day are worth as they stand. base_info_rows: the day's, when asked for."""
        baseline, accepted = self._ledger.baseline(track, day), self._checks.accepted_on(day).get(track, ALL_ROWS)
        if track.dataset is BarKind.INDEX:
            return verify_indices(IndexClass(track.market_code), self._rows.index_bars(track, day), baseline, accepted)
        market = Market(track.market_code)
        totals = self._index_bars(IndexClass(market), day) if market in TOTALS else ()
        bars, total = self._rows.equity_bars(market, day), total_of(market, totals)
        return verify_equities(market, bars, baseline, base_info_rows, total, accepted)

    def _previous(self, market: Market, day: date) -> Sequence[EquityBar]:
        """Return the bars of the session right before; nothing when that one is not stored."""
        before = self._context.session_before(Track(BarKind.EQUITY, market), day)
        if before is None:
            return ()
        kept = self._before.get(market)
        return kept[1] if kept is not None and kept[0] == before else self._rows.equity_bars(market, before)

    def _indices(self, index_class: IndexClass, day: date) -> list[QualityIssue]:
        bars = self._index_bars(index_class, day)
        return check_index_day(day, index_class, bars, self._index_before(index_class, day)) if bars else []

    def _constituents(self, day: date) -> Iterator[QualityIssue]:
        for index_class in IndexClass:
            main = _main(index_class, self._index_bars(index_class, day))
            if main is not None:
                yield from check_constituents(main, self._rows.equity_bars(Market(index_class), day))

    def _index_before(self, index_class: IndexClass, day: date) -> dict[str, IndexBar]:
        before = self._context.session_before(Track(BarKind.INDEX, index_class), day)
        return {} if before is None else {bar.name: bar for bar in self._index_bars(index_class, before)}

    def _index_bars(self, index_class: IndexClass, day: date) -> Sequence[IndexBar]:
        return self._rows.index_bars(Track(BarKind.INDEX, index_class), day)

    def _answers(self, day: date) -> Iterator[Check]:
        """Resolve what was wrong with answers that came well since."""
        for track in (*TRACKS, ETF_TRACK):
            entry = self._ledger.entry(track, day)
            if entry is not None and entry.state.is_stored:
                yield CheckScope(dataset_of(track), day, SHAPE_CODES, {source_subject(track)}), []

    def _gaps(self, day: date) -> Iterator[Check]:
        """Judge the session before by this one, and by those before without a hole between."""
        for market in STOCK_MARKETS:
            sessions = unbroken_sessions(self._context, market, day)
            if len(sessions) < 3 or sessions[-1] != day:
                continue
            middle, present = sessions[-2], self._codes_on(market, day)
            back = sorted(present - self._codes_on(market, middle))
            rows = self._rows.series(market, sessions, back) if back else {}
            last = {code: each[-2].trade_date for code, each in rows.items() if len(each) > 1}
            self._codes[market] = day, present
            decided = CheckScope(IssueDataset.EQUITY, middle, {IssueCode.INSTRUMENT_GAP}, owner=market)
            yield decided, list(check_gaps(market, sessions, last))

    def _codes_on(self, market: Market, day: date) -> frozenset[str]:
        bars = self._before.get(market)
        if bars is not None and bars[0] == day:
            return frozenset(bar.code for bar in bars[1])
        kept = self._codes.get(market)
        return kept[1] if kept is not None and kept[0] == day else self._rows.codes_on(market, day)

    def _hidden_sessions(self, day: date) -> Iterator[Check]:
        """Look whether the main index moved across days that were predicted closed."""
        bars = self._index_bars(IndexClass.KOSPI, day)
        main = _main(IndexClass.KOSPI, bars)
        before = None if main is None else self._index_before(IndexClass.KOSPI, day).get(main.name)
        if main is None or before is None or (day - before.trade_date).days == 1:
            return
        found: dict[date, list[QualityIssue]] = {}
        for issue in check_hidden_sessions(main, before, self._context.calendar):
            found.setdefault(issue.trade_date, []).append(issue)
        for closed in range(1, (day - before.trade_date).days):
            quiet = date.fromordinal(before.trade_date.toordinal() + closed)
            if self._context.calendar.holiday_name(quiet) is not None:
                if quiet in found:
                    self._ask_for(quiet)
                yield CheckScope(IssueDataset.CALENDAR, quiet, {IssueCode.CAL_CONFLICT}), found.get(quiet, [])

    def _ask_for(self, day: date) -> None:
        """Let the next run ask for a day that was predicted closed."""
        for track in TRACKS:
            if self._ledger.entry(track, day) is None:
                self._ledger.upsert_entry(LedgerEntry(track, day), self._context.seen)


def _by_code(bars: Iterable[EquityBar]) -> dict[str, EquityBar]:
    return {bar.code: bar for bar in bars}


def _main(index_class: IndexClass, bars: Sequence[IndexBar]) -> IndexBar | None:
    name = MAIN_INDICES[index_class]
    return next((bar for bar in bars if bar.name == name), None)


def _worth_keeping(issues: Sequence[QualityIssue]) -> list[QualityIssue]:
    return [issue for issue in issues if issue.severity is not Severity.INFO or issue.issue_code in TOLD_INFORMATION]
