"""How datasets and their steps are called, by the names that runs are logged under."""

from tray_app.core.words import tr
from tray_app.datasets import DATASETS


def collector_title(name: str) -> str:
    """Return a collector's name for people; one of another version is shown by its logged name."""
    return next((tr(dataset.title) for dataset in DATASETS if dataset.name == name), name)


def step_title(name: str) -> str:
    """Return a step's name for people; one of another version is shown by its logged name."""
    titles = {str(step): step.label for dataset in DATASETS for step in dataset.steps}
    return tr(titles[name]) if name in titles else name.replace("_", " ")
