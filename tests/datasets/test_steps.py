"""The steps of a dataset are those that its runs make, so that each is shown by its title."""

from pathlib import Path

from support import NOW, MemoryStore, settings_with

from tray_app.datasets import DATASETS
from tray_app.datasets.collectors import make_collectors
from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.keys import KEY_NAMES
from tray_app.keys import Keys
from tray_app.paths import resources
from tray_app.store.backfill import BackfillStore
from tray_app.store.database import Database
from tray_app.store.runs import RunStore


def test_every_step_that_is_planned_is_one_that_its_dataset_tells_of(database: Database, tmp_path: Path) -> None:
    parts = CollectorParts(
        database=database,
        keys=Keys({}, MemoryStore(), KEY_NAMES),
        settings=lambda: settings_with(krx_etfs=True),
        runs=RunStore(database),
        backfills=BackfillStore(database),
        files=lambda name: (tmp_path / name, resources() / name),
    )
    collectors = make_collectors(parts)
    for dataset in DATASETS:
        planned = [step.name for step in collectors[dataset.name].plan(None, NOW)]
        assert planned
        assert set(planned) <= set(dataset.steps)
