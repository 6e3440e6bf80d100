"""Homes that tests only read."""

from pathlib import Path

import pandas as pd  # noqa: F401 - before pyarrow decides that there is none
import pytest
from export import kit as export_kit

from tray_app.clock import NOW_VARIABLE
from tray_app.datasets.exports import EXPORTS
from tray_app.paths import Home

from . import kit

NAME = "투자자 100% #1"


@pytest.fixture(autouse=True)
def present(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library live at the instant the sets are made."""
    monkeypatch.setenv(NOW_VARIABLE, export_kit.NOW.isoformat())


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with something of every dataset, whose store no test changes."""
    return kit.make_home(tmp_path_factory.mktemp(NAME))


@pytest.fixture(scope="session")
def exported(shared_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a set of everything in the shared home, adjusted, with its issues."""
    folder = tmp_path_factory.mktemp("library") / "set"
    export_kit.export(
        shared_home, folder, datasets=EXPORTS, adjusted=True, include_issues=True, include_restricted=True
    )
    return folder


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home of the test's own."""
    return kit.make_home(tmp_path / NAME)
