"""The window stays alive: the UI thread's timer is never long late while the app collects and fills history."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import present
from patience import PATIENCE
from repository import REPOSITORY

from e2e.desktop import Desktop
from tray_app.demo.server import SampleServer

PROBE = REPOSITORY / "benchmarks" / "lateness.py"
LONGEST_STALL_MS = 50.0
# What the program does to its window it does at every first start; what a busy machine does to it seldom comes twice.
STARTS = 3


def test_collecting_and_filling_history_never_hold_the_window_up(
    desktop: Desktop, upstream: SampleServer, tmp_path: Path
) -> None:
    environment = {**desktop.environment, "MARKET_TRAY_UPSTREAM": upstream.url, **present.variables()}
    longest: list[float] = []
    while len(longest) < STARTS and min(longest, default=LONGEST_STALL_MS + 1) > LONGEST_STALL_MS:
        measured = _first_start(tmp_path / f"한국 투자자 {len(longest)}", environment)
        assert measured["exit_code"] == 0
        assert measured["samples"] > 1000
        longest.append(measured["max"])
    assert min(longest) <= LONGEST_STALL_MS, longest


def _first_start(home: Path, environment: dict[str, str]) -> dict[str, Any]:
    probed = subprocess.run(
        [sys.executable, str(PROBE), str(home)],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=True,
    )
    measured: dict[str, Any] = json.loads(probed.stdout)
    return measured
