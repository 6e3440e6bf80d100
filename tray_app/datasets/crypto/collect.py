"""The crypto collector: top coins, the whole market, DeFi, stablecoins, Fear & Greed."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from tray_app.core.checks.self_check import Checkable
from tray_app.core.coverage import Coverage, again_from
from tray_app.core.errors import RowsLeftOut
from tray_app.core.holes import first_hole
from tray_app.core.model import Subject, Window
from tray_app.core.outcome import Missing
from tray_app.core.plan import PlannedStep
from tray_app.core.series import SeriesPoint
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.datasets.collector import Collector, RunContext, Step, StepDone
from tray_app.datasets.crypto.coingecko import (
    BASE,
    HISTORY_PAUSE_KEYLESS,
    NAMELESS,
    PAUSE_WITH_KEY,
    CoinGecko,
    MarketSnapshot,
)
from tray_app.datasets.crypto.coingecko import HOST as COINGECKO_HOST
from tray_app.datasets.crypto.dataset import CRYPTO, DEMO_KEY
from tray_app.datasets.crypto.exports import CRYPTO_SETS
from tray_app.datasets.crypto.history import CoinHistory, first_coin_day
from tray_app.datasets.crypto.judging import TOTALS, CryptoJudge
from tray_app.datasets.crypto.metrics import GLOBAL, MARKET_CAP, PRICES, STEPS
from tray_app.datasets.crypto.reads import CryptoReads, measure
from tray_app.datasets.crypto.rows import eth_btc_ratio
from tray_app.datasets.crypto.series import (
    METRIC_TABLE,
    WHOLE_SERIES,
    SeriesSteps,
    last_wanted,
    missing_day,
    nothing_missing,
)
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.dataset import DatasetParts
from tray_app.datasets.judging import Judged
from tray_app.keys import Keys
from tray_app.store.series import coin_series

TOP_COINS = 20


class CryptoCollector(Collector):
    """Collects crypto_price and crypto_metric."""

    probe_urls: tuple[str, ...] = (f"{BASE}/ping", *(series.probe for series in WHOLE_SERIES))

    def __init__(self, store: CryptoStore, reads: CryptoReads, keys: Keys) -> None:
        self._store = store
        self._reads = reads
        self._keys = keys

    def daily(self, context: RunContext) -> tuple[Step, ...]:
        """Return today's steps."""
        gecko, series = self._coingecko(context), SeriesSteps(self._store, self._reads, context)
        return (
            self._today(PRICES, NAMELESS, lambda: self._snapshot(gecko, context), context),
            self._today(GLOBAL, TOTALS, lambda: self._totals(gecko, context), context),
            *(self._today(each.step, each.column, partial(series.today, each), context) for each in WHOLE_SERIES),
        )

    def _today(self, name: str, source: str, ask: Callable[[], StepDone], context: RunContext) -> Step:
        """Return a step that asks a source, unless it has brought all that this run is for."""

        def run() -> StepDone:
            if self._store.answers.whole_since({source}, context.tried_since, context.now):
                return StepDone.came_before(tr("stored before"), self._newest_of(source))
            return ask()

        return Step(name, run)

    def _newest_of(self, source: str) -> date | None:
        if source == NAMELESS:
            return self._reads.newest_coin_date()
        return self._reads.newest_metric_date(MARKET_CAP.name if source == TOTALS else source)

    def history(self, context: RunContext, window: Window) -> tuple[Step, ...]:
        """Return the steps that fill a range, each series from where it stands."""
        gecko = self._coingecko(context)
        coins = CoinHistory(self._store, self._reads, context)
        series = SeriesSteps(self._store, self._reads, context)
        return (
            Step(PRICES, lambda: self._coin_history(gecko, coins, window, context)),
            Step(GLOBAL, lambda: StepDone.nothing_due(tr("CoinGecko offers no free history of market totals"))),
            *(Step(each.step, partial(series.history, each, window)) for each in WHOLE_SERIES),
        )

    def plan(self, window: Window | None, now: datetime) -> tuple[PlannedStep, ...]:
        """Return what a run would ask for, step by step."""
        if window is None:
            return tuple(PlannedStep(step, 1, 1.0, tr("today")) for step in STEPS)
        coins = len(self._coins_to_fill(window, now)) if self._reads.newest_coin_date() else TOP_COINS
        pause = PAUSE_WITH_KEY if self._keys.get(DEMO_KEY.name) else HISTORY_PAUSE_KEYLESS
        planned = [PlannedStep(PRICES, coins, coins * pause, tr("{count} coins", count=coins))]
        for series in WHOLE_SERIES:
            start = missing_day(self._store, self._reads, series, window, now)
            note = tr("nothing missing") if start is None else tr("from {day}", day=start)
            planned.append(PlannedStep(series.step, int(start is not None), float(start is not None), note))
        return tuple(planned)

    def missing_history(self, now: datetime) -> Window | None:
        """Return the range with holes: a year of today's coins, and the whole of the other series."""
        everything = Window(min(series.starts for series in WHOLE_SERIES))
        starts = [
            start
            for series in WHOLE_SERIES
            if (start := missing_day(self._store, self._reads, series, everything, now)) is not None
        ]
        starts += self._coins_to_fill(everything, now).values()
        return Window(min(starts)) if starts else None

    def checkable(self, now: datetime) -> tuple[Checkable, ...]:
        """Return the whole series, and of today's coins the days that CoinGecko still gives."""
        series = [(each.column, self._reads.series_coverage(each.column)) for each in WHOLE_SERIES]
        found = [Checkable(column, covered.days) for column, covered in series if covered is not None]
        newest, first = self._reads.newest_coin_date(), first_coin_day(now)
        for coin in self._reads.coins_of(newest) if newest is not None else ():
            covered = self._reads.coin_coverage(coin.coin_id)
            if covered is not None:
                found.append(Checkable(coin.coin_id, [day for day in covered.days if day >= first]))
        return tuple(found)

    def subjects(self) -> tuple[Subject, ...]:
        """Return the columns of the whole series, and the stored coins."""
        coins = self._reads.coin_names()
        return (
            *(Subject(series.column, tr(series.step.label)) for series in WHOLE_SERIES),
            *(Subject(coin.coin_id, f"{coin.name} ({coin.symbol.upper()})") for coin in coins),
        )

    def newest_date(self) -> date | None:
        """Return the newest UTC date with a snapshot of the market."""
        return self._reads.newest_coin_date()

    def _coingecko(self, context: RunContext) -> CoinGecko:
        return CoinGecko(context.http, self._keys.get(DEMO_KEY.name))

    def _snapshot(self, gecko: CoinGecko, context: RunContext) -> StepDone:
        snapshot, judged, rows = self._keep_snapshot(gecko, context)
        note = tr("{count} coins", count=len(snapshot.coins))
        faults = len(snapshot.faults)
        lacks = (Missing(RowsLeftOut(COINGECKO_HOST, faults)),) if faults else ()
        return judged.step(StepDone(note, rows, snapshot.date, CRYPTO.tables, missing=lacks))

    def _keep_snapshot(self, gecko: CoinGecko, context: RunContext) -> tuple[MarketSnapshot, Judged, int]:
        snapshot = gecko.markets(TOP_COINS, context.now)
        ratio = eth_btc_ratio({coin.coin_id: coin.price_usd for coin in snapshot.coins})
        judged = CryptoJudge(self._reads, self._store.answers, context.now).snapshot(snapshot, ratio)
        eth_btc = None if ratio is None else SeriesPoint(snapshot.date, ratio)
        rows = self._store.store_snapshot(
            snapshot.coins, context.seen, judged.notes, eth_btc=eth_btc, is_stale=judged.is_stale
        )
        return snapshot, judged, rows

    def _totals(self, gecko: CoinGecko, context: RunContext) -> StepDone:
        totals = gecko.totals(context.now)
        judged = CryptoJudge(self._reads, self._store.answers, context.now).totals(totals)
        rows = self._store.store_totals(totals, context.seen, judged.notes, is_stale=judged.is_stale)
        return judged.step(StepDone(str(totals.date), rows, totals.date, METRIC_TABLE))

    def _coin_history(self, gecko: CoinGecko, coins: CoinHistory, window: Window, context: RunContext) -> StepDone:
        judged = Judged()
        if self._reads.newest_coin_date() is None:
            judged = self._keep_snapshot(gecko, context)[1]
        starts = self._coins_to_fill(window, context.now)
        if not starts:
            # A run that was killed after its last coin has left out what follows from them.
            rows = coins.fill_ratio(anew=window.is_again)
            return replace(nothing_missing(), rows=rows, tables=METRIC_TABLE if rows else frozenset())
        filled = coins.fill(gecko, starts, window)
        note = tr("{count} coin days", count=filled.rows)
        return (judged + filled.judged).step(
            StepDone(note, filled.rows, filled.newest, CRYPTO.tables, came=filled.coins > 0, missing=filled.missing)
        )

    def _coins_to_fill(self, window: Window, now: datetime) -> dict[str, date]:
        day = self._reads.newest_coin_date()
        if day is None:
            return {}
        # A coin that is no longer among the biggest has stored days that can be asked for again.
        known = self._reads.coin_names() if window.is_again else self._reads.coins_of(day)
        starts = {
            coin.coin_id: self._coin_start(coin.coin_id, window, now) for coin in known if window.means(coin.coin_id)
        }
        return {coin_id: start for coin_id, start in starts.items() if start is not None}

    def _coin_start(self, coin_id: str, window: Window, now: datetime) -> date | None:
        first = max(window.date_from, first_coin_day(now))
        if window.again_since is not None:
            done = self._store.again.since(coin_series(coin_id), window.again_since)
            return again_from(window, first, last_wanted(window, window.again_since), done)
        wanted = Coverage(first, last_wanted(window, now))
        return first_hole(wanted.days, self._reads.known_coin_days(coin_id, wanted), utc_date(now))


PARTS = DatasetParts(
    lambda parts: CryptoCollector(CryptoStore(parts.database), CryptoReads(parts.database), parts.keys),
    CryptoReads,
    measures={CRYPTO_SETS.name: measure},
)
