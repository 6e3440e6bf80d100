"""Two processes on one home, and a process that is asked to stop."""

import signal
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from patience import PATIENCE
from support import COINGECKO, HOSTS, STABLECOINS

from e2e.children import Ended, environment, held, market, start
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as POSIX knows them")
STARTED = datetime(2026, 8, 22, 10, 50, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer(lambda: STARTED, hosts=HOSTS) as running:
        yield running


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "market.db")) as connection:
        return connection.execute(sql).fetchall()


def slow(server: SampleServer, host: str) -> None:
    """Let a host take longer for an answer than a child waits for it."""
    server.misbehave.set(host, Mode.SLOW_DRIP, seconds=5, size=10)


def test_the_second_is_told_that_one_is_running(tmp_path: Path, server: SampleServer) -> None:
    child = environment(server.url)
    slow(server, COINGECKO)
    first = start(tmp_path, ["collect", "crypto", "--json"], child)
    assert server.log.wait_for(1, COINGECKO, seconds=PATIENCE)
    with held(first):
        second = market(tmp_path, ["collect", "crypto", "--json"], child)
        assert (second.code, second.document["error"]["title"]) == (4, "Already running")
        assert f"process {first.pid}" in second.document["error"]["message"]
        # Reading beside it works, and shows it.
        assert market(tmp_path, ["status", "--json"], child).document["collectors"]["crypto"]["status"] == "running"
        assert market(tmp_path, ["backup", "--json"], child).code == 0
        assert server.count(COINGECKO) == 1
        server.misbehave.clear()
        first.send_signal(signal.SIGINT)
    assert Ended(first).code == 130
    assert market(tmp_path, ["collect", "crypto", "--json"], child).code == 0
    assert rows(tmp_path, "SELECT COUNT(*), COUNT(DISTINCT coin_id) FROM crypto_price") == [(20, 20)]
    assert rows(tmp_path, "SELECT status FROM collection_runs") == [("cancelled",), ("success",)]


def test_four_at_once_on_a_fresh_home(tmp_path: Path, server: SampleServer) -> None:
    child = environment(server.url)
    children = [start(tmp_path, ["collect", "crypto", "--json"], child) for _ in range(4)]
    codes = [Ended(each).code for each in children]
    assert set(codes) <= {0, 4}
    assert 0 in codes
    assert rows(tmp_path, "SELECT COUNT(*), COUNT(DISTINCT coin_id) FROM crypto_price") == [(20, 20)]
    assert rows(tmp_path, "SELECT COUNT(*) FROM collection_runs WHERE status = 'success'") == [(codes.count(0),)]
    assert rows(tmp_path, "PRAGMA quick_check") == [("ok",)]


def test_ctrl_c_cancels_and_keeps_what_came(tmp_path: Path, server: SampleServer) -> None:
    slow(server, STABLECOINS)
    first = start(tmp_path, ["collect", "crypto", "--json"], environment(server.url))
    assert server.log.wait_for(1, STABLECOINS, seconds=PATIENCE)
    first.send_signal(signal.SIGINT)
    done = Ended(first)
    assert (done.code, done.document["status"]) == (130, "cancelled")
    assert rows(tmp_path, "SELECT COUNT(*) FROM crypto_price") == [(20,)]
    assert rows(tmp_path, "SELECT status FROM collection_runs") == [("cancelled",)]


@pytest.mark.parametrize("word", [signal.SIGTERM, signal.SIGINT])
def test_serve_collects_and_stops_when_asked(tmp_path: Path, server: SampleServer, word: signal.Signals) -> None:
    serving = start(tmp_path, ["serve"], environment(server.url, MARKET_TRAY_HISTORY_ON_FIRST_RUN="false"))
    assert server.log.wait_for(5, seconds=PATIENCE)
    serving.send_signal(word)
    done = Ended(serving)
    assert (done.code, done.err) == (0, "")
    [(status, trigger)] = rows(tmp_path, "SELECT status, triggered_by FROM collection_runs")
    assert (status, trigger) in {("success", "catch-up"), ("interrupted", "catch-up")}


def test_serve_beside_a_command(tmp_path: Path, server: SampleServer) -> None:
    child = environment(server.url, MARKET_TRAY_HISTORY_ON_FIRST_RUN="false")
    slow(server, COINGECKO)
    serving = start(tmp_path, ["serve"], child)
    assert server.log.wait_for(1, COINGECKO, seconds=PATIENCE)
    with held(serving):
        refused = market(tmp_path, ["collect", "crypto", "--json"], child)
        serving.terminate()
    done = Ended(serving)
    assert refused.code == 4
    assert done.code == 0
    assert rows(tmp_path, "SELECT status FROM collection_runs WHERE collector = 'crypto'") == [("interrupted",)]
    server.misbehave.clear()
    assert market(tmp_path, ["collect", "crypto", "--json"], child).code == 0


def test_restore_refuses_beside_a_run_and_takes_nothing_away(tmp_path: Path, server: SampleServer) -> None:
    child = environment(server.url, MARKET_TRAY_HISTORY_ON_FIRST_RUN="false")
    assert market(tmp_path, ["collect", "all", "--json"], child).code == 0
    copy = market(tmp_path, ["backup", "--json"], child).document["backup"]
    server.log.clear()
    slow(server, COINGECKO)
    # Half an hour later by the schedule of this home, so that there is something to collect.
    child["MARKET_TRAY_CRYPTO_TIMES"] = "20:20"
    child["MARKET_TRAY_NOW"] = "2026-08-22T11:20:30Z"
    serving = start(tmp_path, ["serve"], child)
    assert server.log.wait_for(1, COINGECKO, seconds=PATIENCE)
    with held(serving):
        refused = market(tmp_path, ["restore", copy, "--json"], child)
        serving.terminate()
    Ended(serving)
    assert (refused.code, refused.document["error"]["title"]) == (4, "Already running")
    assert rows(tmp_path, "SELECT COUNT(*) FROM crypto_price") == [(20,)]
    assert market(tmp_path, ["restore", copy, "--json"], child).code == 0
