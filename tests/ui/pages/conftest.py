"""A real engine on a real database for every page, its upstreams served on loopback."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from support import HOSTS, MemoryStore

from tray_app.app import Opened, build_engine, open_home
from tray_app.core.model import CollectorName, Job, Run, Trigger, Window
from tray_app.demo.server import SampleServer
from tray_app.engine.cancel import CancelFlag
from tray_app.keys import Keys
from tray_app.logs import LogTail, Redacted
from tray_app.paths import Home

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.engine.facade import Engine
    from tray_app.ui.page import Page, PageParts
    from tray_app.ui.parts.look import Look


@dataclass
class World:
    """What a page is made with, and the ways to move it."""

    home: Home
    server: SampleServer
    engine: Engine
    parts: PageParts
    store: MemoryStore
    environment: dict[str, str]
    qtbot: QtBot
    shown: list[Page] = field(default_factory=list)

    def collect(self, trigger: Trigger = Trigger.SCHEDULER, window: Window | None = None) -> Run:
        """Make a run and wait for it, as the scheduler would."""
        return self.engine.collect(Job(CollectorName.CRYPTO, trigger, window=window), CancelFlag())

    def work(self) -> None:
        """Let the worker run what pages ask for, while the schedule is held back."""
        self.engine.pause(None)
        self.engine.start()

    def show(self, page: Page) -> None:
        """Show a page as the window would."""
        self.qtbot.addWidget(page)
        self.shown.append(page)
        page.resize(900, 600)
        page.show()
        self.qtbot.waitExposed(page)

    def until(self, condition: Callable[[], object]) -> None:
        """Wait for a condition, never for a time."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "한국 투자자" / "데이터")


@pytest.fixture
def live_server() -> Iterator[SampleServer]:
    with SampleServer(lambda: datetime.now(UTC), hosts=HOSTS) as running:
        yield running


@pytest.fixture
def world(
    home: Home, live_server: SampleServer, look: Look, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> Iterator[World]:
    from tray_app.ui.bridge import Bridge
    from tray_app.ui.page import PageParts

    monkeypatch.setenv("MARKET_TRAY_UPSTREAM", live_server.url)
    opened, store = open_home(home), MemoryStore()
    environment = dict(opened.environment)
    keys = Keys(environment, store)
    engine = build_engine(home, Opened(opened.environment, opened.settings, keys), check=False)
    tail = LogTail()
    tail.setFormatter(Redacted(keys.known_secrets))
    logging.getLogger().addHandler(tail)
    bridge = Bridge(engine)
    parts = PageParts(engine, bridge, look.theme, look.icons, tail)
    yield World(home, live_server, engine, parts, store, environment, qtbot)
    live_server.misbehave.clear()
    bridge.close()
    assert engine.stop()
    logging.getLogger().removeHandler(tail)
    bridge.deleteLater()
    assert not [thread for thread in threading.enumerate() if thread.name in {"worker", "ticker"}]
