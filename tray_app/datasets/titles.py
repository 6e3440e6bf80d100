"""How datasets, their steps and rules are called, by the names under which runs and issues are kept."""

from tray_app.core.quality import VALUE_RULES
from tray_app.core.words import tr
from tray_app.datasets import DATASETS


def collector_title(name: str) -> str:
    """Return a collector's name for people; one of another version is shown by its logged name."""
    return next((tr(dataset.title) for dataset in DATASETS if dataset.name == name), name)


def step_title(name: str) -> str:
    """Return a step's name for people; one of another version is shown by its logged name."""
    titles = {str(step): step.label for dataset in DATASETS for step in dataset.steps}
    return tr(titles[name]) if name in titles else name.replace("_", " ")


def rule_text(code: str) -> str:
    """Return what an issue of a code means, or nothing for a code of another version."""
    rules = (*VALUE_RULES.values(), *(rule for dataset in DATASETS for rule in dataset.quality_rules))
    return next((rule.text for rule in rules if rule.code == code), "")
