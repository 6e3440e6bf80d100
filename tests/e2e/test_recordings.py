"""What the hosts really answered on 2026-08-22, through the command line into the database."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from replay import RUNNING_DAY_TVL, needs_recordings, recorded_hosts, replaying
from support import COINGECKO, FEAR_GREED, LLAMA, STABLECOINS

from e2e.children import Ended, environment, market
from tray_app.core.times import parse_instant
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer

pytestmark = needs_recordings

RECORDED_NOW = "2026-08-22T10:50:00Z"
METRIC = (
    "total_market_cap, total_volume_24h, btc_dominance, eth_btc_ratio, fear_greed_index, fear_greed_label,"
    " defi_tvl, stablecoin_mcap"
)


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with replaying() as running:
        yield running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def collect(home: Path, server: SampleServer, now: str = RECORDED_NOW) -> Ended:
    return market(home, ["collect", "crypto", "--json"], environment(server.url, now))


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(home / "market.db")) as connection:
        return connection.execute(sql).fetchall()


def everything(home: Path) -> list[object]:
    tables = ("crypto_price", "crypto_metric", "series_progress", "restatements")
    return [rows(home, f"SELECT * FROM {table} ORDER BY 1, 2") for table in tables]


@pytest.mark.parametrize(
    ("now", "code", "status"),
    [(RECORDED_NOW, 0, "success"), ("2026-09-05T10:50:00Z", 3, "partial")],
    ids=["on the recorded day", "two weeks later, when the answers are stale"],
)
def test_the_recorded_day(home: Path, now: str, code: int, status: str) -> None:
    with replaying(now=parse_instant(now)) as server:
        the_recorded_day(home, server, now, code, status)


def the_recorded_day(home: Path, server: SampleServer, now: str, code: int, status: str) -> None:
    done = collect(home, server, now)
    assert (done.code, done.document["status"]) == (code, status)
    assert done.document["data_date"] == "2026-08-22"
    assert rows(home, "SELECT date, COUNT(*) FROM crypto_price GROUP BY date") == [("2026-08-22", 20)]
    [metric] = rows(home, f"SELECT {METRIC} FROM crypto_metric WHERE date = '2026-08-22'")
    assert None not in metric
    whole = " AND ".join(f"{column.strip()} IS NOT NULL" for column in METRIC.split(","))
    assert rows(home, f"SELECT COUNT(*) FROM crypto_metric WHERE {whole}") == [(1,)]
    assert metric[4:6] == (71, "Greed")
    assert metric[6] == RUNNING_DAY_TVL
    assert metric[7] == pytest.approx(310.06e9, rel=1e-4)
    # Again: the same rows, nothing doubled, nothing restated.
    before = everything(home)
    assert collect(home, server, now).code == code
    assert everything(home) == before
    assert rows(home, "SELECT * FROM restatements") == []
    assert rows(home, "PRAGMA quick_check") == [("ok",)]


def test_the_run_is_shown(home: Path, server: SampleServer) -> None:
    collect(home, server)
    child = environment(server.url, RECORDED_NOW)
    status = market(home, ["status", "--json"], child).document["collectors"]["crypto"]
    assert (status["status"], status["triggered_by"], status["date"]) == ("success", "manual-cli", "2026-08-22")
    assert status["next_run"] == "2026-08-23T06:00:00+09:00"
    [run] = market(home, ["runs", "--json"], child).document["runs"]
    assert run["triggered_by"] == "manual-cli"
    assert run["steps"]["coingecko_prices"] == "success (20 coins)"
    assert len(run["steps"]) == 5
    assert rows(home, "SELECT date, collector, status, triggered_by FROM collector_log") == [
        ("2026-08-22", "crypto", "success", "manual-cli")
    ]


def test_the_stablecoins_down(home: Path, server: SampleServer) -> None:
    server.misbehave.set(STABLECOINS, Mode.SERVER_ERROR_HTML)
    done = collect(home, server)
    assert (done.code, done.document["status"]) == (3, "partial")
    assert rows(home, "SELECT COUNT(*) FROM crypto_price") == [(20,)]
    [metric] = rows(home, f"SELECT {METRIC} FROM crypto_metric WHERE date = '2026-08-22'")
    assert metric[7] is None
    assert None not in metric[:7]


def test_everything_down(home: Path, server: SampleServer) -> None:
    server.stop()
    done = collect(home, server)
    assert (done.code, done.document["status"]) == (1, "failed")
    assert "network" in done.document["message"]
    assert all(host in str(done.document["steps"]) for host in (COINGECKO, LLAMA, STABLECOINS, FEAR_GREED))


def test_the_quota_spent_between_two_calls_as_on_that_day(home: Path, server: SampleServer) -> None:
    server.misbehave.set(COINGECKO, Mode.QUOTA_10006, path="/api/v3/global")
    server.stop()
    with replaying(recorded_hosts(totals="cg_error_10006_monthly_limit_2026-08-22.json")) as that_day:
        done = collect(home, that_day)
    assert (done.code, done.document["status"]) == (3, "partial")
    assert done.document["steps"]["coingecko_prices"] == "success (20 coins)"
    assert done.document["steps"]["coingecko_global"].startswith("skipped (CoinGecko's 10,000 calls")
