"""A real engine on a real database for every page, its upstreams served on loopback."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import present
import pytest
from support import HOSTS, MemoryStore

from tray_app.clock import NOW_VARIABLE
from tray_app.datasets.keys import KEY_NAMES
from tray_app.demo.server import SampleServer
from tray_app.keys import Keys
from tray_app.logs import LogTail, Redacted
from tray_app.paths import Home
from tray_app.wiring import HomeConfig, build_engine, open_home
from ui.pages.world import World

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "한국 투자자" / "데이터")


@pytest.fixture
def live_server() -> Iterator[SampleServer]:
    with SampleServer(present.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture
def world(
    home: Home, live_server: SampleServer, style: Style, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    from tray_app.ui.page import PageParts
    from tray_app.ui.queries.bridge import Bridge

    monkeypatch.setenv("MARKET_TRAY_UPSTREAM", live_server.url)
    monkeypatch.setenv(NOW_VARIABLE, present.STARTS_AT)
    opened, store = open_home(home), MemoryStore()
    environment = dict(opened.environment)
    keys = Keys(environment, store, KEY_NAMES)
    engine = build_engine(home, HomeConfig(opened.environment, opened.settings, keys), check=False)
    tail = LogTail()
    tail.setFormatter(Redacted(keys.known_secrets))
    logging.getLogger().addHandler(tail)
    bridge = Bridge(engine)
    parts = PageParts(engine, bridge, style, tail)
    yield World(home, live_server, engine, parts, store, environment, qtbot)
    live_server.misbehave.clear()
    bridge.close()
    assert engine.stop()
    logging.getLogger().removeHandler(tail)
    bridge.deleteLater()
    assert not [thread for thread in threading.enumerate() if thread.name in {"worker", "ticker"}]
