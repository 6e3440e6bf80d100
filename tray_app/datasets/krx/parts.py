"""What the engine makes of the dataset `krx`."""

from tray_app.datasets.dataset import CollectorParts, DatasetParts
from tray_app.datasets.krx.collect.by_hand import DaysByHand
from tray_app.datasets.krx.collect.collector import KrxCollector
from tray_app.datasets.krx.dataset import DAILY_LIMIT, KRX, WITH_ETFS
from tray_app.datasets.krx.reads import KrxReads


def _make_collector(parts: CollectorParts) -> KrxCollector:
    return KrxCollector(
        database=parts.database,
        keys=parts.keys,
        daily_limit=lambda: parts.settings()[DAILY_LIMIT],
        pending_history=lambda: parts.backfills.windows(KRX.name),
        with_etfs=lambda: parts.settings()[WITH_ETFS],
    )


PARTS = DatasetParts(_make_collector, KrxReads)
open_by_hand = DaysByHand
