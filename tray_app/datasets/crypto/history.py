"""The last year of each coin: one request a coin, Bitcoin and Ether first, stored coin by coin."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from tray_app.core.coverage import Coverage
from tray_app.core.errors import AppError, Cancelled, SourceChangedShape
from tray_app.core.model import Window
from tray_app.core.outcome import Missing
from tray_app.core.row_faults import Sifted
from tray_app.core.times import utc_date
from tray_app.datasets.collector import RunContext
from tray_app.datasets.crypto.coingecko import LONGEST_HISTORY, CoinGecko
from tray_app.datasets.crypto.judging import CryptoJudge
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.rows import BITCOIN, ETHEREUM, CoinName, eth_btc_ratio
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.judging import Judged
from tray_app.store.series import coin_series


def first_coin_day(now: datetime) -> date:
    """Return the first UTC date that CoinGecko gives without a paid key."""
    return utc_date(now) - timedelta(days=LONGEST_HISTORY - 1)


@dataclass(frozen=True, slots=True)
class Filled:
    """What came of asking for coins: their number, rows new or changed, the newest date, what was found, what lacks."""

    coins: int = 0
    rows: int = 0
    newest: date | None = None
    judged: Judged = field(default_factory=Judged)
    missing: tuple[Missing, ...] = ()

    def __add__(self, other: "Filled") -> "Filled":
        """Return both together."""
        newest = max((day for day in (self.newest, other.newest) if day is not None), default=None)
        return Filled(
            self.coins + other.coins,
            self.rows + other.rows,
            newest,
            self.judged + other.judged,
            (*self.missing, *other.missing),
        )


class CoinHistory:
    """Fills the past days of coins."""

    def __init__(self, store: CryptoStore, reads: CryptoReads, context: RunContext) -> None:
        self._store = store
        self._reads = reads
        self._context = context
        self._judge = CryptoJudge(reads, store.answers, context.now)

    def fill(self, gecko: CoinGecko, starts: Mapping[str, date], window: Window) -> Filled:
        """Store every coin from its start to the end of the window.

        A coin is stored as soon as it has come, so a run that is killed goes on with the next coin. A coin that the
        source does not know any more does not keep the others from coming; any other error ends the asking.
        """
        names = {coin.coin_id: coin for coin in self._reads.coin_names()}
        order = sorted(starts, key=lambda coin_id: (coin_id != BITCOIN, coin_id != ETHEREUM))
        filled = Filled()
        for done, coin_id in enumerate(order):
            name = names[coin_id]
            self._context.progress(name.name, done, len(order))
            try:
                filled += self._fill_coin(gecko, name, starts[coin_id], window)
            except Cancelled:
                raise
            except SourceChangedShape as error:
                filled += Filled(missing=(Missing(error, coin_id),))
            except AppError as error:
                filled += Filled(missing=(Missing(error),))
                break
        return filled + Filled(rows=self.fill_ratio(anew=window.is_again))

    def _fill_coin(self, gecko: CoinGecko, coin: CoinName, start: date, window: Window) -> Filled:
        today = utc_date(self._context.now)
        end = min(window.date_to or date.max, today - timedelta(days=1))
        sifted = gecko.history(coin.coin_id, (today - start).days + 1, self._context.now)
        kept = tuple(point for point in sifted.rows if start <= point.date <= end)
        judged = self._judge.history(coin.coin_id, Sifted(kept, sifted.faults), start)
        newest = kept[-1].date if kept else None
        covers = Coverage(start, newest or start)
        rows = self._store.store_coin_history(coin, kept, covers, self._context.seen, judged.notes)
        if window.is_again:
            self._store.again.note(coin_series(coin.coin_id), Coverage(start, end), self._context.seen)
        return Filled(1, rows, newest, judged)

    def fill_ratio(self, *, anew: bool) -> int:
        """Store ETH priced in BTC for the days whose prices are stored without it, or anew; returns the rows changed.

        Both prices of a day are of one source: those of two are hours apart.
        """
        bitcoin, ethereum = (self._prices(coin_id) for coin_id in (BITCOIN, ETHEREUM))
        ratios = {
            day: ratio
            for (day, source), price in ethereum.items()
            if (ratio := eth_btc_ratio({BITCOIN: bitcoin.get((day, source), 0.0), ETHEREUM: price})) is not None
        }
        return self._store.fill_eth_btc(ratios, self._context.seen, anew=anew)

    def _prices(self, coin_id: str) -> dict[tuple[date, str], float]:
        return {(point.date, point.source_name): point.price_usd for point in self._reads.coin_prices(coin_id)}
