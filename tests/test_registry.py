"""Nothing is forgotten: every dataset, export, preset, page, setting and rule is known wherever it has to be.

Each test names what a place lacks, so that a gap fails here and never in a user's menu.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import cast
from urllib.parse import urlsplit

import pytest
from repository import REPOSITORY
from support import HOSTS, NOW, MemoryStore, query, settings_with

from tray_app.cli.commands import ALL, Target
from tray_app.core.quality import VALUE_RULES, ValueCode
from tray_app.datasets import DATASETS
from tray_app.datasets.collector import Collector
from tray_app.datasets.collectors import make_collectors
from tray_app.datasets.dataset import CollectorParts
from tray_app.datasets.exports import BARS, EXPORTS, measure_of, rows_of
from tray_app.datasets.keys import KEY_NAMES, KEYS, SOURCE_KEYS
from tray_app.datasets.krx.rules.quality.catalogue import IssueCode
from tray_app.datasets.options import OPTIONS
from tray_app.datasets.titles import collector_title, rule_text, step_title
from tray_app.export.files.schemas import PLAIN, SMALL_KINDS
from tray_app.export.presets import PRESETS
from tray_app.export.request import OPTIONS as EXPORT_OPTIONS
from tray_app.keys import Keys
from tray_app.paths import resources
from tray_app.settings import SHARED, Settings
from tray_app.store.backfill import BackfillStore
from tray_app.store.database import Database
from tray_app.store.runs import RunStore
from tray_app.ui.labels.attributions import all_attributions
from tray_app.ui.registry import PAGES

PRESET = EXPORT_OPTIONS["preset"]
NAMES = [dataset.name for dataset in DATASETS]
ISSUES = [about for dataset in DATASETS for about in dataset.issues]


@pytest.fixture
def collectors(database: Database, tmp_path: Path) -> Mapping[str, Collector]:
    parts = CollectorParts(
        database=database,
        keys=Keys({}, MemoryStore(), KEY_NAMES),
        settings=lambda: settings_with(krx_etfs=True),
        runs=RunStore(database),
        backfills=BackfillStore(database),
        files=lambda name: (tmp_path / name, resources() / name),
    )
    return make_collectors(parts)


def doubles(words: list[str]) -> set[str]:
    return {word for word in words if words.count(word) > 1}


def test_every_step_that_is_planned_is_one_that_its_dataset_tells_of(collectors: Mapping[str, Collector]) -> None:
    for dataset in DATASETS:
        planned = [step.name for step in collectors[dataset.name].plan(None, NOW)]
        assert planned
        assert set(planned) <= set(dataset.steps)


def test_every_dataset_is_known(database: Database, collectors: Mapping[str, Collector]) -> None:
    stored = {name for (name,) in query(database, "SELECT name FROM sqlite_master WHERE type = 'table'")}
    played = set(HOSTS)
    lacks = {
        "a name of its own": doubles(NAMES),
        "a collector": set(NAMES) ^ set(collectors),
        "a command": {ALL, *NAMES} ^ {str(target) for target in cast("Iterable[str]", Target)},
        "its tables": {name for each in DATASETS for name in each.tables} - stored,
        "a title": {name for name in NAMES if collector_title(name) == name},
        "due times among the settings": {each.name for each in DATASETS if each.due_option not in list(OPTIONS)},
        "due times": {each.name for each in DATASETS if not each.due},
        "options of its own": {
            option.name for each in DATASETS for option in each.own_options if option not in list(OPTIONS)
        },
        "the titles of its steps": {step for each in DATASETS for step in each.steps if step_title(step) != step.label},
        "issues of its own": doubles(ISSUES),
        "attributions": {each.name for each in DATASETS if not each.attributions},
        "attributions in About": {
            own.name for each in DATASETS for own in each.attributions if own.link not in "".join(all_attributions())
        },
        "keys among all": {key.name for each in DATASETS for key in each.keys} - set(KEY_NAMES),
        "sample keys": {key.name for key in SOURCE_KEYS if key.is_needed and not key.sample},
        "sample hosts": {
            url for each in collectors.values() for url in each.probe_urls if urlsplit(url).hostname not in played
        },
        "an address to look for": {name for name, each in collectors.items() if not each.probe_urls},
        "a day before which nothing is": {each.name for each in DATASETS if each.newest_first and not each.first_day},
        "tests": {name for name in NAMES if not (REPOSITORY / "tests" / "datasets" / name).is_dir()},
    }
    assert {place: found for place, found in lacks.items() if found} == {}


def test_every_kind_of_export_is_known() -> None:
    files = [file.name for kind in EXPORTS for file in kind.files]
    blocking = {about for kind in EXPORTS for about in kind.issues}
    lacks = {
        "a name of its own": doubles([kind.name for kind in EXPORTS]),
        "a file of its own": doubles([*files, *(kind.name for kind in SMALL_KINDS if kind.name not in PLAIN)]),
        "files": {kind.name for kind in EXPORTS if not kind.files and not kind.has_bars},
        "a table its rows are of": {kind.name for kind in EXPORTS if not kind.tables and not kind.has_bars},
        "what measures it": set(EXPORTS) - {kind for kind in EXPORTS if callable(measure_of(kind))},
        "what reads its rows": {kind for kind in EXPORTS if not kind.has_bars and not callable(rows_of(kind))},
        "words": {kind.name for kind in EXPORTS if not (kind.title and kind.none_stored and "{rows}" in kind.counted)},
        "an attribution": {kind.name for kind in EXPORTS if not (kind.attribution and kind.dates and kind.remarks)},
        "the size of its frame": {kind.name for kind in EXPORTS if not kind.frame_bytes},
        "a program that there is": {name for kind in EXPORTS for name in kind.loading}
        - {preset.name for preset in PRESETS if preset.loading.table},
        "issues that block it": {kind.name for kind in EXPORTS if not kind.issues},
        "an export that they block": {
            about for each in DATASETS for about in each.issues if each.exports and about not in blocking
        },
    }
    assert {place: found for place, found in lacks.items() if found} == {}
    assert [kind.name for kind in EXPORTS if kind.has_bars] == [BARS.name]


def test_every_preset_is_known() -> None:
    folder = REPOSITORY / "tray_app" / "export" / "presets"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "preset", "bars"}
    lacks = {
        "a name of its own": doubles([preset.name for preset in PRESETS]),
        "its line": files ^ {preset.name for preset in PRESETS},
        "its way back from a name": {preset.name for preset in PRESETS if PRESET.read(preset.name) is not preset},
        "a title": {preset.name for preset in PRESETS if not preset.title},
        "lines that load it": {preset.name for preset in PRESETS if not preset.loading.bars.strip()},
        "a size": {preset.name for preset in PRESETS if preset.write is not None and not any(preset.size)},
    }
    assert {place: found for place, found in lacks.items() if found} == {}


def test_every_page_is_known() -> None:
    names = [page.name for page in PAGES]
    folders = {path.parent.name for path in (REPOSITORY / "tray_app" / "ui" / "pages").glob("*/page.py")}
    lacks = {
        "a name of its own": doubles(names),
        "its line": folders ^ set(names),
        "a title": {page.name for page in PAGES if not page.title},
        "an icon": {page.icon for page in PAGES if not (resources() / "icons" / f"{page.icon}.svg").exists()},
        "tests": {name for name in names if not (REPOSITORY / "tests" / "ui" / "pages" / name).is_dir()},
    }
    assert {place: found for place, found in lacks.items() if found} == {}


def test_every_setting_is_known() -> None:
    names = [option.name for option in OPTIONS]
    lacks = {
        "a name of its own": doubles(names),
        "a variable of its own": doubles([option.environment for option in OPTIONS]),
        "a label": {option.name for option in OPTIONS if not option.label},
        "its value": {option.name for option in OPTIONS if Settings().value(option) != option.default},
        "its place among all": {option.name for option in SHARED} - set(names),
        "a text for each key": {key.name for key in KEYS if not (key.title and key.help and key.url)},
    }
    assert {place: found for place, found in lacks.items() if found} == {}


def test_every_quality_rule_is_known() -> None:
    document = (REPOSITORY / "docs" / "quality.md").read_text("utf-8")
    codes = [*VALUE_RULES, *(rule.code for each in DATASETS for rule in each.quality_rules)]
    lacks = {
        "a rule": {*ValueCode} ^ {*VALUE_RULES},
        "a dataset": set(IssueCode) - set(codes),
        "a code of its own": doubles(codes),
        "a text": {code for code in codes if not rule_text(code)},
        "its line in the document": {code for code in IssueCode if f"`{code}`" not in document},
    }
    assert {place: found for place, found in lacks.items() if found} == {}
