"""The overview kept for the tray: asked on reader threads only, and not more often than anybody can look."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tray_app.core.events import DataChanged, RunProgress
from tray_app.core.overview import Overview
from tray_app.engine.facade import Engine
from tray_app.ui.queries.bridge import Bridge
from tray_app.ui.tray.overview_watch import OverviewWatch

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

BURST = 60


class Asked:
    """Stands before the engine's overview and notes who asks."""

    def __init__(self, engine: Engine) -> None:
        self._overview = engine.overview
        self.threads: list[str] = []
        self.fails = False

    def __call__(self) -> Overview:
        self.threads.append(threading.current_thread().name)
        if self.fails:
            raise RuntimeError("the store is away")
        return self._overview()


@pytest.fixture
def asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Asked:
    made = Asked(engine)
    monkeypatch.setattr(engine, "overview", made)
    return made


@pytest.fixture
def bridge(engine: Engine, qtbot: QtBot) -> Iterator[Bridge]:
    made = Bridge(engine)
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def watch(engine: Engine, bridge: Bridge, asked: Asked, qtbot: QtBot) -> Iterator[OverviewWatch]:
    made = OverviewWatch(engine, bridge)
    qtbot.waitUntil(lambda: made.overview is not None)
    yield made
    made.stop()
    made.deleteLater()


def test_the_store_is_never_asked_on_the_ui_thread(
    watch: OverviewWatch, engine: Engine, asked: Asked, qtbot: QtBot
) -> None:
    engine.pause(timedelta(hours=1))
    qtbot.waitUntil(lambda: watch.overview is not None and watch.overview.is_paused)
    assert all(name.startswith("reader") for name in asked.threads)


def test_a_burst_of_events_asks_a_few_times_and_ends_on_the_last(
    watch: OverviewWatch, engine: Engine, asked: Asked, qtbot: QtBot
) -> None:
    before = len(asked.threads)
    for number in range(BURST):
        engine.pause(timedelta(hours=1 + number))
    wanted = timedelta(hours=BURST - 1)
    qtbot.waitUntil(lambda: _pause_left(watch) > wanted)
    assert len(asked.threads) - before <= 3


def _pause_left(watch: OverviewWatch) -> timedelta:
    overview = watch.overview
    assert overview is not None
    return timedelta() if overview.paused_until is None else overview.paused_until - overview.now


def test_progress_is_shown_without_asking(watch: OverviewWatch, bridge: Bridge, asked: Asked, qtbot: QtBot) -> None:
    before = len(asked.threads)
    progress = RunProgress(1, "crypto", "fear_greed", 4, 5)
    with qtbot.waitSignal(watch.changed):
        bridge.happened.emit(progress)
    assert watch.overview is not None
    assert watch.overview.progress == progress
    bridge.happened.emit(DataChanged(frozenset({"crypto_price"})))
    assert len(asked.threads) == before


def test_a_failed_question_keeps_what_was_known_and_is_asked_again(
    watch: OverviewWatch, engine: Engine, asked: Asked, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    known, asked.fails = watch.overview, True
    before = len(asked.threads)
    watch.ask_soon()
    qtbot.waitUntil(lambda: len(asked.threads) > before)
    assert watch.overview is known
    asked.fails = False
    with qtbot.waitSignal(watch.changed):
        engine.resume()


def test_a_closed_bridge_asks_no_more(bridge: Bridge, engine: Engine, asked: Asked, qtbot: QtBot) -> None:
    bridge.close()
    OverviewWatch(engine, bridge).deleteLater()
    assert asked.threads == []
