"""Makes the collectors of every dataset."""

from collections.abc import Mapping
from dataclasses import replace

from tray_app.datasets import DATASETS
from tray_app.datasets.collector import Collector
from tray_app.datasets.dataset import CollectorParts


def make_collectors(parts: CollectorParts) -> Mapping[str, Collector]:
    """Return the collector of each dataset by its name."""
    made = {dataset.name: dataset.parts() for dataset in DATASETS}
    within = {name: each.within(parts) for name, each in made.items() if each.within is not None}
    return {name: each.make_collector(replace(parts, within=within)) for name, each in made.items()}
