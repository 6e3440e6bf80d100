"""Market Tray as a child process on a home of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from patience import PATIENCE
from repository import REPOSITORY

from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY

PATIENT_APP = str(REPOSITORY / "tests" / "patient_app.py")


def environment(url: str, now: str = "2026-08-22T10:50:00Z", **more: str) -> dict[str, str]:
    """Return the environment of a child whose requests go to loopback; without `now` it lives in the present."""
    ours = ("MARKET_TRAY_", "COINGECKO_", "FRED_", "KRX_", "NOTIFICATION_")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    lived = {"MARKET_TRAY_NOW": now} if now else {}
    return {**kept, "MARKET_TRAY_UPSTREAM": url, "FRED_API_KEY": SAMPLE_FRED_KEY, **lived, **more}


def start(home: Path, words: list[str], environment: dict[str, str]) -> "subprocess.Popen[str]":
    """Start `market-tray --home HOME WORDS`."""
    return subprocess.Popen(
        [sys.executable, PATIENT_APP, "--home", str(home), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        encoding="utf-8",
    )


@contextmanager
def held(child: "subprocess.Popen[str]") -> Iterator[None]:
    """Hold a process where it is; what it is sent meanwhile it meets as soon as it is let go."""
    child.send_signal(signal.SIGSTOP)
    try:
        yield
    finally:
        child.send_signal(signal.SIGCONT)


class Ended:
    """How a child ended: its exit code and its words."""

    def __init__(self, child: "subprocess.Popen[str]") -> None:
        self.out, self.err = child.communicate(timeout=PATIENCE)
        self.code = child.returncode

    @property
    def document(self) -> Any:
        """Return the one JSON document on stdout."""
        return json.loads(self.out)


def market(home: Path, words: list[str], environment: dict[str, str]) -> Ended:
    """Run a command to its end."""
    return Ended(start(home, words, environment))
