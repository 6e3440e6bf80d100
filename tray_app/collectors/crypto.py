"""The crypto collector: top coins, the whole market, DeFi, stablecoins, Fear & Greed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from tray_app.collectors.base import RunContext, Step, StepDone
from tray_app.collectors.crypto_history import CoinHistory, first_coin_day
from tray_app.core.coverage import Coverage, missing_from
from tray_app.core.crypto import eth_btc_ratio
from tray_app.core.errors import KeyMissing
from tray_app.core.model import CollectorName, RunKind, Window
from tray_app.core.planned import PlannedStep
from tray_app.core.series import SeriesPoint
from tray_app.core.times import utc_date
from tray_app.core.words import tr
from tray_app.keys import KeyName, Keys
from tray_app.sources.alternative import ALL_DAYS, AlternativeMe
from tray_app.sources.alternative import HOST as FEAR_GREED_HOST
from tray_app.sources.coingecko import BASE, HISTORY_PAUSE_KEYLESS, PAUSE_WITH_KEY, CoinGecko
from tray_app.sources.coingecko import HOST as COINGECKO_HOST
from tray_app.sources.defillama import STABLECOINS_HOST, TVL_HOST, DefiLlama
from tray_app.sources.request import DAILY, HISTORY, Patience
from tray_app.store.crypto import CryptoStore
from tray_app.store.queries import Queries

TOP_COINS = 20
REVISED_DAYS = 30
PRICE_TABLE = frozenset({"crypto_price"})
METRIC_TABLE = frozenset({"crypto_metric"})
BOTH_TABLES = PRICE_TABLE | METRIC_TABLE

PRICES = "coingecko_prices"
GLOBAL = "coingecko_global"
TVL = "defillama_tvl"
STABLECOINS = "defillama_stablecoins"
FEAR_GREED = "fear_greed"


@dataclass(frozen=True, slots=True)
class WholeSeries:
    """A series whose source sends its whole history in one body."""

    step: str
    column: str
    starts: date


TVL_SERIES = WholeSeries(TVL, "defi_tvl", date(2017, 9, 27))
STABLECOIN_SERIES = WholeSeries(STABLECOINS, "stablecoin_mcap", date(2017, 11, 29))
FEAR_GREED_SERIES = WholeSeries(FEAR_GREED, "fear_greed_index", date(2018, 2, 1))
WHOLE_SERIES = (TVL_SERIES, STABLECOIN_SERIES, FEAR_GREED_SERIES)


class CryptoCollector:
    """Collects crypto_price and crypto_metric."""

    name: CollectorName = CollectorName.CRYPTO
    probe_urls: tuple[str, ...] = (
        f"{BASE}/ping",
        f"https://{TVL_HOST}/",
        f"https://{STABLECOINS_HOST}/",
        f"https://{FEAR_GREED_HOST}/",
    )

    def __init__(self, store: CryptoStore, queries: Queries, keys: Keys) -> None:
        self._store = store
        self._queries = queries
        self._keys = keys

    def daily(self, context: RunContext) -> tuple[Step, ...]:
        """Return today's five steps."""
        gecko, llama = self._coingecko(context), DefiLlama(context.http)
        return (
            Step(PRICES, lambda: self._snapshot(gecko, context)),
            Step(GLOBAL, lambda: self._totals(gecko, context)),
            Step(TVL, lambda: self._tail(TVL_SERIES, llama.total_value_locked, context)),
            Step(STABLECOINS, lambda: self._tail(STABLECOIN_SERIES, llama.stablecoin_supply, context)),
            Step(FEAR_GREED, lambda: self._fear_greed_today(context)),
        )

    def history(self, context: RunContext, window: Window) -> tuple[Step, ...]:
        """Return the steps that fill a range, each series from where it stands."""
        gecko, llama = self._coingecko(context), DefiLlama(context.http)
        coins = CoinHistory(self._store, self._queries, context)
        return (
            Step(PRICES, lambda: self._coin_history(gecko, coins, window, context)),
            Step(GLOBAL, lambda: StepDone(tr("CoinGecko offers no free history of market totals"))),
            Step(TVL, lambda: self._whole(TVL_SERIES, llama.total_value_locked, window, context)),
            Step(STABLECOINS, lambda: self._whole(STABLECOIN_SERIES, llama.stablecoin_supply, window, context)),
            Step(FEAR_GREED, lambda: self._fear_greed_history(window, context)),
        )

    def plan(self, window: Window | None, now: datetime) -> tuple[PlannedStep, ...]:
        """Return what a run would ask for, step by step."""
        if window is None:
            return tuple(
                PlannedStep(step, 1, 1.0, tr("today")) for step in (PRICES, GLOBAL, TVL, STABLECOINS, FEAR_GREED)
            )
        coins = len(self._coins_to_fill(window, now)) if self._queries.newest_coin_date() else TOP_COINS
        pause = PAUSE_WITH_KEY if self._keys.get(KeyName.COINGECKO_DEMO_KEY) else HISTORY_PAUSE_KEYLESS
        planned = [PlannedStep(PRICES, coins, coins * pause, tr("{count} coins", count=coins))]
        for series in WHOLE_SERIES:
            start = self._missing(series, window, now)
            note = tr("nothing missing") if start is None else tr("from {day}", day=start)
            planned.append(PlannedStep(series.step, int(start is not None), float(start is not None), note))
        return tuple(planned)

    def backfill(self, window: Window, now: datetime, used_calls: int) -> None:
        """Return nothing: a few calls bring any range."""
        del window, now, used_calls

    def missing_history(self, now: datetime) -> Window | None:
        """Return the range with holes: a year of today's coins, and the whole of the other series."""
        everything = Window(min(series.starts for series in WHOLE_SERIES))
        starts = [start for series in WHOLE_SERIES if (start := self._missing(series, everything, now)) is not None]
        starts += self._coins_to_fill(everything, now).values()
        return Window(min(starts)) if starts else None

    def missing_key(self) -> KeyMissing | None:
        """Return nothing: every source answers without a key."""
        return None

    def call_limit(self, source: str, kind: RunKind) -> int | None:  # noqa: ARG002 - the collectors' common face
        """Return nothing: the sources count for themselves."""
        return None

    def quota(self) -> tuple[str, int | None]:
        """Return no limit: CoinGecko counts by the month and tells when it is reached."""
        return COINGECKO_HOST, None

    def newest_date(self) -> date | None:
        """Return the newest UTC date with a snapshot of the market."""
        return self._queries.newest_coin_date()

    def _coingecko(self, context: RunContext) -> CoinGecko:
        return CoinGecko(context.http, self._keys.get(KeyName.COINGECKO_DEMO_KEY))

    def _snapshot(self, gecko: CoinGecko, context: RunContext) -> StepDone:
        snapshot = gecko.markets(TOP_COINS, context.now)
        rows = self._store.store_snapshot(snapshot.coins, context.seen)
        ratio = eth_btc_ratio({coin.coin_id: coin.price_usd for coin in snapshot.coins})
        if ratio is not None:
            self._store.store_eth_btc(snapshot.date, ratio, context.seen)
        note = tr("{count} coins", count=len(snapshot.coins))
        return StepDone(note, rows, snapshot.date, BOTH_TABLES)

    def _totals(self, gecko: CoinGecko, context: RunContext) -> StepDone:
        totals = gecko.totals(context.now)
        rows = self._store.store_totals(totals, context.seen)
        return StepDone(str(totals.date), rows, totals.date, METRIC_TABLE)

    def _tail(self, series: WholeSeries, ask: Callable[[], Sequence[SeriesPoint]], context: RunContext) -> StepDone:
        points = ask()
        last = points[-1].date
        newest = self._queries.newest_metric_date(series.column)
        start = min(last - timedelta(days=REVISED_DAYS), newest or last)
        return self._keep_points(series, points, Coverage(start, last), context)

    def _whole(
        self,
        series: WholeSeries,
        ask: Callable[[Patience], Sequence[SeriesPoint]],
        window: Window,
        context: RunContext,
    ) -> StepDone:
        start = self._missing(series, window, context.now)
        if start is None:
            return _nothing_missing()
        points = ask(HISTORY)
        return self._keep_points(series, points, Coverage(start, min(_end(window), points[-1].date)), context)

    def _keep_points(
        self, series: WholeSeries, points: Sequence[SeriesPoint], covers: Coverage, context: RunContext
    ) -> StepDone:
        kept = [point for point in points if covers.first <= point.date <= covers.last]
        rows = self._store.store_series(series.column, kept, covers, points[-1].date, context.seen)
        return StepDone(_days_note(rows, covers.last), rows, covers.last, METRIC_TABLE)

    def _fear_greed_today(self, context: RunContext) -> StepDone:
        newest = self._queries.newest_metric_date(FEAR_GREED_SERIES.column)
        behind = (utc_date(context.now) - newest).days if newest else 1
        return self._keep_fear_greed(max(1, behind), None, context, DAILY)

    def _fear_greed_history(self, window: Window, context: RunContext) -> StepDone:
        start = self._missing(FEAR_GREED_SERIES, window, context.now)
        if start is None:
            return _nothing_missing()
        return self._keep_fear_greed(ALL_DAYS, Coverage(start, _end(window)), context, HISTORY)

    def _keep_fear_greed(
        self, count: int, wanted: Coverage | None, context: RunContext, patience: Patience
    ) -> StepDone:
        days = AlternativeMe(context.http).fear_and_greed(count, patience)
        covers = Coverage(days[0].date, days[-1].date)
        if wanted is not None:
            covers = Coverage(wanted.first, min(wanted.last, covers.last))
        kept = [day for day in days if covers.first <= day.date <= covers.last]
        rows = self._store.store_fear_greed(kept, covers, context.seen)
        return StepDone(_days_note(rows, covers.last), rows, covers.last, METRIC_TABLE)

    def _coin_history(self, gecko: CoinGecko, coins: CoinHistory, window: Window, context: RunContext) -> StepDone:
        if self._queries.newest_coin_date() is None:
            self._snapshot(gecko, context)
        rows = coins.fill(gecko, self._coins_to_fill(window, context.now), window)
        if not rows:
            return _nothing_missing()
        return StepDone(tr("{count} coin days", count=rows), rows, coins.newest, BOTH_TABLES)

    def _missing(self, series: WholeSeries, window: Window, now: datetime) -> date | None:
        start = max(window.date_from, series.starts)
        return missing_from(self._queries.series_coverage(series.column), start, _last_wanted(window, now))

    def _coins_to_fill(self, window: Window, now: datetime) -> dict[str, date]:
        day = self._queries.newest_coin_date()
        if day is None:
            return {}
        first = max(window.date_from, first_coin_day(now))
        starts = {
            coin.coin_id: missing_from(self._queries.coin_coverage(coin.coin_id), first, _last_wanted(window, now))
            for coin in self._queries.coins_of(day)
        }
        return {coin_id: start for coin_id, start in starts.items() if start is not None}


def _end(window: Window) -> date:
    return window.date_to or date.max


def _last_wanted(window: Window, now: datetime) -> date:
    # Today's values come with today's run; a source may also be a little late with yesterday's.
    return min(_end(window), utc_date(now) - timedelta(days=2))


def _nothing_missing() -> StepDone:
    return StepDone(tr("nothing missing"))


def _days_note(rows: int, last: date) -> str:
    return tr("through {day}", day=last) if rows else tr("nothing new, through {day}", day=last)
