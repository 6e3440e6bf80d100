"""What a store with every dataset is made of."""

from tray_app.datasets import DATASETS
from tray_app.store.migrations import Schema

SCHEMA = Schema(tuple(table for dataset in DATASETS for table in dataset.owns))
