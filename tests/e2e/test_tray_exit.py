"""Leaving in order: exit code 0 every time, on a machine with too much to do."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from e2e.desktop import Desktop, TrayApp, until
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

TIMES = 30
LANES = 3
SOCKETS = "market-tray-*"


@pytest.fixture
def load() -> Iterator[None]:
    """Keep two processes busy."""
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _child in range(2)]
    yield
    for child in busy:
        child.kill()
        child.wait()


def start_and_quit(desktop: Desktop, folder: Path, upstream: str, number: int) -> tuple[int, str]:
    """Start, quit as soon as a second start would find it, and return exit code and complaints.

    Every third time the window is open, and every other time the engine has begun to collect.
    """
    home = folder / "home"
    words = () if number % 3 == 0 else ("run", "--hidden")
    # A socket's path must be short.
    with TemporaryDirectory() as sockets, TrayApp(desktop, home, upstream, *words, TMPDIR=sockets) as app:
        until(lambda: app.is_over() or list(Path(sockets).glob(SOCKETS)), "a start")
        if number % 3 == 0:
            until(lambda: app.is_over() or app.windows(), "the window")
        if number % 2 == 0:
            until(lambda: app.is_over() or (home / "locks" / "crypto.lock").exists(), "a run")
        app.end()
        return app.result()


def test_thirty_of_thirty_end_well_under_load(
    desktop: Desktop, upstream: SampleServer, tmp_path: Path, load: None
) -> None:
    def one(number: int) -> tuple[int, str]:
        return start_and_quit(desktop, tmp_path / str(number), upstream.url, number)

    with ThreadPoolExecutor(LANES) as lanes:
        results = list(lanes.map(one, range(TIMES)))
    assert results == [(0, "")] * TIMES


@pytest.mark.parametrize("mode", [Mode.TIMEOUT, Mode.SLOW_DRIP])
def test_a_source_that_hangs_does_not_hold_up_the_end(
    desktop: Desktop, upstream: SampleServer, home: Path, mode: Mode
) -> None:
    # The program would wait longer for this answer than the test for the program.
    upstream.misbehave.set("api.coingecko.com", mode, seconds=5, size=10)
    with TrayApp(desktop, home, upstream.url, "run", "--hidden") as app:
        until(lambda: upstream.count("api.coingecko.com"), "a request that hangs")
        app.end()
        assert app.result()[0] == 0
