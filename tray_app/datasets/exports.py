"""What can be exported, of all datasets, in the order of sets; and how it is measured and read."""

from tray_app.datasets import DATASETS, SHOWN
from tray_app.datasets.dataset import Dataset
from tray_app.datasets.export_kind import ExportKind, Measure, ReadRows

EXPORTS = tuple(kind for dataset in SHOWN for kind in dataset.exports)
BARS = next(kind for kind in EXPORTS if kind.has_bars)


def measure_of(kind: ExportKind) -> Measure:
    """Return what tells how much a set would hold of a kind. Reads the store."""
    return _owner(kind).parts().measures[kind.name]


def rows_of(kind: ExportKind) -> ReadRows:
    """Return what reads the rows of a kind that has no bars. Loads pyarrow: for exports only."""
    return _owner(kind).export_rows()[kind.name]


def _owner(kind: ExportKind) -> Dataset[object]:
    return next(dataset for dataset in DATASETS if kind in dataset.exports)
