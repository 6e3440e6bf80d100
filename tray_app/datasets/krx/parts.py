"""What the engine makes of the dataset `krx`."""

from tray_app.datasets.dataset import CollectorParts, DatasetParts
from tray_app.datasets.export_kind import Asked, Measured
from tray_app.datasets.krx.collect.by_hand import DaysByHand
from tray_app.datasets.krx.collect.collector import KrxCollector
from tray_app.datasets.krx.dataset import DAILY_LIMIT, KRX, WITH_ETFS
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.reads import KrxReads
from tray_app.datasets.krx.rows import Market
from tray_app.store.database import Database

ROW_BYTES, ADJUSTED_ROW_BYTES = 30, 44
ETF_ROW_BYTES = 23
LISTING_BYTES = 55


def _make_collector(parts: CollectorParts) -> KrxCollector:
    return KrxCollector(
        database=parts.database,
        keys=parts.keys,
        daily_limit=lambda: parts.settings()[DAILY_LIMIT],
        pending_history=lambda: parts.backfills.windows(KRX.name),
        with_etfs=lambda: parts.settings()[WITH_ETFS],
    )


def _measure(database: Database, asked: Asked) -> Measured:
    """Return the daily bars; what preset files take is not in their bytes."""
    reads, markets = KrxReads(database), tuple(map(Market, asked.markets))
    rows = reads.count_daily_bars(asked.first, asked.last, markets)
    listings = reads.count_listings(asked.first, asked.last, markets) if rows else 0
    etfs = reads.count_etf_days(asked.first, asked.last) if rows and Market.ETF in markets else 0
    row = ADJUSTED_ROW_BYTES if asked.is_adjusted else ROW_BYTES
    return Measured(rows, rows * row + etfs * ETF_ROW_BYTES + listings * LISTING_BYTES, listings)


PARTS = DatasetParts(_make_collector, KrxReads, measures={KRX_SETS.name: _measure})
open_by_hand = DaysByHand
