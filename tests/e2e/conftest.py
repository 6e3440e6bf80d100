"""A desktop for the whole folder, a tray host for the tests that want one, and sample upstreams."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import present
import pytest
from support import HOSTS

from e2e.desktop import Desktop, missing_programs, until
from tray_app.demo.server import SampleServer


@pytest.fixture(scope="session")
def screen() -> Iterator[Desktop]:
    reason = missing_programs()
    if reason:
        pytest.skip(reason)
    with Desktop() as made:
        yield made


@pytest.fixture
def bare_desktop(screen: Desktop) -> Iterator[Desktop]:
    yield screen
    screen.stop_tray()
    until(lambda: not screen.titles(), "a desktop without windows")


@pytest.fixture
def desktop(bare_desktop: Desktop) -> Desktop:
    bare_desktop.start_tray()
    return bare_desktop


@pytest.fixture
def upstream() -> Iterator[SampleServer]:
    with SampleServer(present.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "한국 투자자" / "데이터"
