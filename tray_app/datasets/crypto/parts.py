"""What the engine makes of the dataset `crypto`."""

from tray_app.datasets.crypto.collect import CryptoCollector
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.dataset import CollectorParts, DatasetParts


def _make_collector(parts: CollectorParts) -> CryptoCollector:
    return CryptoCollector(CryptoStore(parts.database), CryptoReads(parts.database), parts.keys)


PARTS = DatasetParts(_make_collector, CryptoReads)
