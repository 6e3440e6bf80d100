"""The command line in this process, on a home of its own, its upstreams on loopback."""

import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tray_app.app import main
from tray_app.datasets.liquidity.sample.fred import SAMPLE_FRED_KEY
from tray_app.demo.server import SampleServer


@dataclass(frozen=True)
class Said:
    """What a command said: exit code, stdout, stderr."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Return the one JSON document on stdout; fails when there is another word on it."""
        return json.loads(self.out)


Market = Callable[..., Said]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home 홈"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, server: SampleServer) -> None:
    """Leave nothing of the caller's settings, and send every request to the sample server on the recorded day."""
    for name in list(os.environ):
        if name.startswith(("MARKET_TRAY_", "COINGECKO_", "FRED_", "KRX_", "NOTIFICATION_")):
            monkeypatch.delenv(name)
    monkeypatch.setenv("MARKET_TRAY_UPSTREAM", server.url)
    monkeypatch.setenv("FRED_API_KEY", SAMPLE_FRED_KEY)
    monkeypatch.setenv("MARKET_TRAY_NOW", "2026-08-22T10:50:00Z")


@pytest.fixture
def market(environment: None, home: Path, capsys: pytest.CaptureFixture[str]) -> Market:
    """Give a way to run `market-tray --home HOME WORDS`."""

    def run(*words: str | Path) -> Said:
        capsys.readouterr()
        code = main(["--home", str(home), *map(str, words)])
        captured = capsys.readouterr()
        return Said(code, captured.out, captured.err)

    return run
