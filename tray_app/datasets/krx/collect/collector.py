"""The Korea Exchange collector: every published session that is not stored yet, oldest hole first."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from tray_app.core.checks.self_check import Checkable
from tray_app.core.errors import KeyMissing
from tray_app.core.model import RunKind, Subject, Window
from tray_app.core.plan import BackfillPlan, PlannedStep
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.collector import Collector, RunContext, Step
from tray_app.datasets.krx.collect.context import KrxRunContext, open_context
from tray_app.datasets.krx.collect.due import expected_told_again, sessions_due
from tray_app.datasets.krx.collect.lists import last_lists, master_lists_due
from tray_app.datasets.krx.collect.run import KrxRun, step_of
from tray_app.datasets.krx.dataset import AUTH_KEY, INSTRUMENTS
from tray_app.datasets.krx.reads import KrxReads
from tray_app.datasets.krx.rows import STOCK_MARKETS, Market
from tray_app.datasets.krx.rules.calendar import KrxCalendar
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, TRACKS, BarKind, Track, tracks_collected
from tray_app.datasets.krx.rules.plan import (
    DAILY_RUN_RESERVE,
    REQUESTS_PER_SECOND,
    Quota,
    expected_base_info_calls,
    expected_daily_lists,
    plan_backfill,
)
from tray_app.datasets.krx.source.client import BASE, KrxOpenApi
from tray_app.datasets.krx.source.refusals import HOST
from tray_app.datasets.krx.store.ledger import Ledger
from tray_app.keys import Keys
from tray_app.net.request import DAILY, HISTORY, Http
from tray_app.store.database import Database


class KrxCollector(Collector):
    """Collects instruments, daily bars, indices, calendar, factors and quality issues."""

    probe_urls: tuple[str, ...] = (f"{BASE}/sto/stk_bydd_trd",)

    def __init__(
        self,
        database: Database,
        keys: Keys,
        daily_limit: Callable[[], int],
        pending_history: Callable[[], Sequence[Window]],
        with_etfs: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._reads = KrxReads(database)
        self._keys = keys
        self._daily_limit = daily_limit
        self._pending_history = pending_history
        self._with_etfs = with_etfs
        self._prediction = KrxCalendar()

    def daily(self, context: RunContext) -> tuple[Step, ...]:
        """Return the steps of a run: every published session since the first stored one that is missing."""
        return self._steps(context, None)

    def history(self, context: RunContext, window: Window) -> tuple[Step, ...]:
        """Return the steps that fill the missing sessions of a range."""
        return self._steps(context, window)

    def plan(self, window: Window | None, now: datetime) -> tuple[PlannedStep, ...]:
        """Return the sessions and calls a run would need; of the master lists about how many."""
        context = self._context(now, window)
        due = sessions_due(context, self._pending_history())
        lists = self._expected_lists(context, due)
        steps = dict.fromkeys(map(step_of, self._tracks()), tuple[Track, ...]())
        for track in self._tracks():
            steps[step_of(track)] += (track,)
        return (
            _planned(INSTRUMENTS, lists, tr("about {count} lists", count=lists) if lists else tr("nothing due")),
            *(_planned_sessions(step, [due.get(track, []) for track in tracks]) for step, tracks in steps.items()),
        )

    def backfill(self, window: Window, now: datetime, used_calls: int) -> BackfillPlan | None:
        """Return the sessions missing in a range, the calls they need, and the days of the key's calls it takes."""
        context = self._context(now, window)
        due = sessions_due(context, ())
        base_info = self._expected_lists(context, due)
        return plan_backfill(due, self._quota(used_calls), kst_date(now), base_info)

    def checkable(self, now: datetime) -> tuple[Checkable, ...]:
        """Return the verified sessions of each market."""
        del now
        ledger = Ledger(self._database)
        return tuple(
            Checkable(
                track.market_code,
                tuple(ledger.verified(Market(track.market_code))),
                is_of_one_day=True,
            )
            for track in self._tracks()
            if track.dataset is BarKind.EQUITY
        )

    def subjects(self) -> tuple[Subject, ...]:
        """Return the markets; a class of indices goes with the market of its name."""
        markets = dict.fromkeys(track.market_code for track in self._tracks())
        return tuple(Subject(market, market_title(market)) for market in markets)

    def subject_title(self, key: str) -> str:
        """Return what people call a market, also one that is collected no more."""
        return market_title(key)

    def missing_key(self) -> KeyMissing | None:
        """Return what is missing when the user's own key is not set."""
        if self._keys.get(AUTH_KEY.name):
            return None
        return KeyMissing(AUTH_KEY.name, tr("KRX needs your own key of its Open API."))

    def call_limit(self, source: str, kind: RunKind) -> int | None:
        """Return the key's calls a day; history leaves some for the runs of the day."""
        if source != HOST:
            return None
        return self._quota(0).per_day if kind is RunKind.HISTORY else self._daily_limit()

    def _quota(self, used_calls: int) -> Quota:
        return Quota(self._daily_limit(), used_calls, DAILY_RUN_RESERVE)

    def quota(self) -> tuple[str, int | None]:
        """Return the key's calls a Korean day."""
        return HOST, self._daily_limit()

    def newest_date(self) -> date | None:
        """Return the newest session stored."""
        return self._reads.newest_session()

    def _steps(self, run: RunContext, window: Window | None) -> tuple[Step, ...]:
        context = replace(
            self._context(run.now, window),
            run_id=run.run_id,
            raise_if_cancelled=run.cancel.raise_if_cancelled,
            progress=run.progress,
        )

        def due() -> dict[Track, list[date]]:
            return sessions_due(context, self._pending_history())

        return KrxRun(context, due, lambda: self._source(run.http, window), run.beside).steps()

    @staticmethod
    def _expected_lists(context: KrxRunContext, due: Mapping[Track, Sequence[date]]) -> int:
        knows_issues = bool(context.ledger.sessions_with_rows())
        if context.window is not None:
            told = expected_told_again(context, due) if context.window.is_again else 0
            return told + expected_base_info_calls(due, knows_issues=knows_issues)
        _newest, weekly = master_lists_due(context)
        empty = sum(len(last_lists(context, market)) for market in STOCK_MARKETS)
        return len(weekly) + empty + expected_daily_lists(due, knows_issues=knows_issues)

    def _context(self, now: datetime, window: Window | None = None) -> KrxRunContext:
        return open_context(self._database, self._calendar, now, self._tracks(), window)

    @property
    def _calendar(self) -> KrxCalendar:
        self._prediction.declare(self._reads.declared_days())
        return self._prediction

    def _tracks(self) -> tuple[Track, ...]:
        return tracks_collected(with_etfs=self._with_etfs())

    def _source(self, http: Http, window: Window | None) -> KrxOpenApi:
        refusal = self.missing_key() or (self._quota(0).refusal if window is not None else None)
        if refusal is not None:
            raise refusal
        key = self._keys.get(AUTH_KEY.name) or ""
        return KrxOpenApi(http, key, DAILY if window is None else HISTORY)


def _planned(step: str, calls: int, note: str) -> PlannedStep:
    return PlannedStep(step, calls, calls / REQUESTS_PER_SECOND, note)


def _planned_sessions(step: str, due: Sequence[Sequence[date]]) -> PlannedStep:
    sessions = set[date]().union(*due)
    calls = sum(len(days) for days in due)
    if not sessions:
        return _planned(step, calls, tr("nothing missing"))
    first, last = min(sessions), max(sessions)
    return _planned(step, calls, tr("{count} sessions, {first} to {last}", count=len(sessions), first=first, last=last))


def market_title(market: str) -> str:
    """Return a market with what is asked for of it: a class of indices goes with the market of its name."""
    kinds = {track.dataset for track in (*TRACKS, ETF_TRACK) if track.market_code == market}
    if kinds == {BarKind.EQUITY, BarKind.INDEX}:
        return tr("{market} (issues and indices)", market=market)
    if kinds == {BarKind.EQUITY}:
        return tr("{market} (issues)", market=market)
    return tr("{market} (indices)", market=market) if kinds else market
