"""Makes the collectors of every dataset."""

from collections.abc import Mapping
from dataclasses import replace

from tray_app.datasets import DATASETS
from tray_app.datasets.collector import Collector
from tray_app.datasets.dataset import CollectorParts


def make_collectors(parts: CollectorParts) -> Mapping[str, Collector]:
    """Return the collector of each dataset by its name."""
    within = {dataset.name: dataset.within(parts) for dataset in DATASETS if dataset.within is not None}
    return {dataset.name: dataset.make_collector(replace(parts, within=within)) for dataset in DATASETS}
