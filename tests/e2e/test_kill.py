"""kill -9 of a collecting child, fifty times at moments nobody chose: the database stays whole, a run completes it."""

import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from patience import PATIENCE
from support import CRYPTO, HOSTS, NOW, Clock, MemoryStore, open_store

from e2e.children import environment, market, start
from tray_app.core.model import RunKind, RunStatus
from tray_app.datasets.crypto.collect import CryptoCollector
from tray_app.datasets.crypto.reads import CryptoReads
from tray_app.datasets.crypto.store import CryptoStore
from tray_app.datasets.keys import KEY_NAMES
from tray_app.demo.server import SampleServer
from tray_app.keys import Keys
from tray_app.store.restatements import RestatementReads
from tray_app.store.runs import RunStore

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills as POSIX knows them")
STARTED = datetime(2026, 8, 22, 10, 50, tzinfo=UTC)
HISTORY = ["collect", "crypto", "--date-from", "2017-09-27", "--json"]
DAY = ["collect", "crypto", "--json"]
KILLS = 50


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer(lambda: STARTED, hosts=HOSTS) as running:
        yield running


def checked(home: Path) -> list[str]:
    """Return the statuses of the run log of a database that must be whole."""
    with closing(sqlite3.connect(home / "market.db")) as connection:
        assert connection.execute("PRAGMA quick_check").fetchall() == [("ok",)]
        # A coin is stored whole or not at all: its rows and the note of what they cover belong together.
        halves = connection.execute(
            "SELECT coin_id FROM crypto_price WHERE source_name = 'coingecko:market_chart' EXCEPT"
            " SELECT substr(series, 6) FROM series_progress WHERE covered_from IS NOT NULL"
        ).fetchall()
        assert halves == []
        return [status for (status,) in connection.execute("SELECT status FROM collection_runs ORDER BY run_id")]


def kill_once(home: Path, server: SampleServer, words: list[str], dice: random.Random) -> bool:
    """Start a run and kill it at some moment after its first request; returns whether it was still alive."""
    server.log.clear()
    asks = dice.random() > 0.1
    child = start(home, words, environment(server.url))
    try:
        # One in ten dies while it starts, the others once they have begun to ask.
        while asks and child.poll() is None and not server.log.wait_for(1, seconds=0.2):
            pass
        child.wait(dice.uniform(0, 0.4))
    except subprocess.TimeoutExpired:
        child.kill()
        return True
    else:
        return False
    finally:
        child.communicate(timeout=PATIENCE)


def test_fifty_kills(tmp_path: Path, server: SampleServer) -> None:
    dice = random.Random()
    killed = cut = 0
    while killed < KILLS:
        home = tmp_path / f"home {killed}"
        killed += kill_once(home, server, DAY, dice)
        # A history is killed again and again until it gets to its end between two kills.
        while killed < KILLS and kill_once(home, server, HISTORY, dice):
            killed += 1
            if (home / "market.db").exists():
                cut += "running" in checked(home)
        completes(home, server)
    assert cut > 0, "not one of the kills met a run: the test looks at nothing"


def completes(home: Path, server: SampleServer) -> None:
    child = environment(server.url)
    day, history = market(home, DAY, child), market(home, HISTORY, child)
    assert (day.code, history.code) == (0, 0), (day.out, history.out)
    statuses = checked(home)
    assert statuses[-2:] == ["success", "success"]
    assert set(statuses) <= {"success", "interrupted"}
    with open_store(home) as database:
        queries = CryptoReads(database)
        collector = CryptoCollector(CryptoStore(database), queries, Keys({}, MemoryStore(), KEY_NAMES))
        assert collector.missing_history(Clock(NOW).now()) is None
        assert len(queries.coins_of(date(2026, 8, 22))) == 20
        assert RestatementReads(database).count() == 0
        latest = RunStore(database).latest(CRYPTO, RunKind.DAILY)
        assert latest is not None
        assert latest.status is RunStatus.SUCCESS
