"""A home, real engines on it with their upstreams on loopback, and orders that are written down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import present
import pytest
from support import HOSTS

from tray_app.clock import NOW_VARIABLE
from tray_app.datasets.keys import KEY_NAMES
from tray_app.demo.server import SampleServer
from tray_app.engine.launching import OpenedEngine
from tray_app.keys import Keys, NoStore
from tray_app.logs import LogTail
from tray_app.paths import Home
from tray_app.wiring import HomeConfig, build_engine, open_home

if TYPE_CHECKING:
    from tray_app.engine.facade import Engine


def pytest_configure(config: pytest.Config) -> None:
    """Ignore what the offscreen platform says of what it lacks: an order of windows, and a tray."""
    config.getini("qt_log_ignore").extend(("This plugin does not support raise", "systemTrayWindowChanged"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "한국 투자자" / "데이터")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[SampleServer]:
    with SampleServer(present.now, hosts=HOSTS) as running:
        monkeypatch.setenv("MARKET_TRAY_UPSTREAM", running.url)
        monkeypatch.setenv(NOW_VARIABLE, present.STARTS_AT)
        yield running


@pytest.fixture
def launch(home: Home, server: SampleServer) -> Callable[[], OpenedEngine]:
    """Open the home's engine as the entry point does, but for the log files, which are the process's."""

    def opened() -> OpenedEngine:
        found = open_home(home)
        keys = Keys(found.environment, NoStore(), KEY_NAMES)
        engine = build_engine(home, HomeConfig(found.environment, found.settings, keys), check=True)
        return OpenedEngine(engine, LogTail(), keys.known_secrets)

    return opened


@pytest.fixture
def engine(launch: Callable[[], OpenedEngine]) -> Iterator[Engine]:
    made = launch().engine
    yield made
    assert made.stop()
