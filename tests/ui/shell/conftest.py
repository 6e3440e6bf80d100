"""A home, real engines on it with their upstreams on loopback, and orders that are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tray_app.app import Opened, build_engine, open_home
from tray_app.demo.server import SampleServer
from tray_app.engine.launching import Launched
from tray_app.keys import Keys, NoStore
from tray_app.logs import LogTail
from tray_app.paths import Home

if TYPE_CHECKING:
    from tray_app.engine.facade import Engine


def pytest_configure(config: pytest.Config) -> None:
    """Ignore what the offscreen platform says about itself when a window comes forward."""
    config.getini("qt_log_ignore").append("This plugin does not support raise")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "한국 투자자" / "데이터")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SampleServer]:
    with SampleServer(lambda: datetime.now(UTC)) as running:
        monkeypatch.setenv("MARKET_TRAY_UPSTREAM", running.url)
        yield running


@pytest.fixture
def launch(home: Home, server: SampleServer) -> Callable[[], Launched]:
    """Open the home's engine as the entry point does, but for the log files, which are the process's."""

    def opened() -> Launched:
        found = open_home(home)
        keys = Keys(found.environment, NoStore())
        engine = build_engine(home, Opened(found.environment, found.settings, keys), check=True)
        return Launched(engine, LogTail(), keys.known_secrets)

    return opened


@pytest.fixture
def engine(launch: Callable[[], Launched]) -> Iterator[Engine]:
    made = launch().engine
    yield made
    assert made.stop()
