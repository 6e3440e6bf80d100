"""One store for all tests that only read it."""

from pathlib import Path

import pandas as pd  # noqa: F401 - before pyarrow decides that there is none
import pytest

from export.kit import make_home
from tray_app.paths import Home

from . import liquid

HOME = "투자자 100% #1"


@pytest.fixture(scope="session")
def shared_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home whose store no test changes."""
    return make_home(tmp_path_factory.mktemp(HOME))


@pytest.fixture(scope="session")
def liquid_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Return a home with macro series and a stress index too, whose store no test changes."""
    return liquid.fill(make_home(tmp_path_factory.mktemp(HOME)))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Return a home of the test's own."""
    return make_home(tmp_path / HOME)
