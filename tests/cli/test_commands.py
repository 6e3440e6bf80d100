"""Every command, its exit code, and exactly one JSON document on stdout whatever happens."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import COINGECKO, FEAR_GREED, LLAMA, NOW, STABLECOINS, a_job

from cli.conftest import Market
from tray_app import __version__
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.paths import Home
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.runs import RunStore

STEPS = ["coingecko_prices", "coingecko_global", "defillama_tvl", "defillama_stablecoins", "fear_greed"]
ALL_HOSTS = (COINGECKO, LLAMA, STABLECOINS, FEAR_GREED)


def rows(home: Path, sql: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(Home(home).database)) as connection:
        return connection.execute(sql).fetchall()


# --- collect ------------------------------------------------------------------------------------------------------


def test_collect_crypto(market: Market, home: Path) -> None:
    said = market("collect", "crypto", "--json")
    assert said.code == 0
    assert said.document["collector"] == "crypto"
    assert said.document["status"] == "success"
    assert said.document["date"] == "2026-08-22"
    assert list(said.document["steps"]) == STEPS
    assert said.document["steps"]["coingecko_prices"] == "success (20 coins)"
    assert isinstance(said.document["duration"], float)
    assert rows(home, "SELECT COUNT(*) FROM crypto_price") == [(20,)]
    assert rows(home, "SELECT triggered_by, status FROM collector_log") == [("manual-cli", "success")]


def test_collect_for_people(market: Market) -> None:
    said = market("collect", "crypto")
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Crypto: success in ")
    assert all(step in said.out for step in STEPS)


def test_collect_all(market: Market) -> None:
    said = market("collect", "all", "--json")
    assert (said.code, said.document["status"]) == (0, "success")
    # What lacks its key is left out.
    assert [run["collector"] for run in said.document["collectors"]] == ["liquidity", "crypto", "news"]
    assert said.document["total_duration"] >= 0


def test_collect_liquidity_and_news(market: Market, home: Path) -> None:
    liquidity, news = market("collect", "liquidity", "--json"), market("collect", "news", "--json")
    assert (liquidity.code, news.code) == (0, 0)
    assert list(liquidity.document["steps"]) == ["fred", "price", "news", "fed_tone", "stress_calc"]
    assert list(news.document["steps"]) == ["feeds", "dedupe"]
    assert rows(home, "SELECT MAX(date) FROM stress_index") == [("2026-08-21",)]
    told = market("status", "--json").document["collectors"]
    assert (told["liquidity"]["date"], told["liquidity"]["data_date"]) == ("2026-08-22", "2026-08-21")
    assert told["news"]["status"] == "success"


def test_collect_half(market: Market, server: SampleServer, home: Path) -> None:
    server.misbehave.set(STABLECOINS, Mode.SERVER_ERROR_HTML)
    said = market("collect", "crypto", "--json")
    assert (said.code, said.document["status"]) == (3, "partial")
    assert said.document["steps"]["defillama_stablecoins"].startswith("failed (stablecoins.llama.fi is not working")
    assert rows(home, "SELECT stablecoin_mcap, defi_tvl > 0 FROM crypto_metric WHERE date = '2026-08-22'") == [
        (None, 1)
    ]
    assert market("collect", "all", "--json").code == 3


def test_collect_nothing(market: Market, server: SampleServer) -> None:
    server.stop()
    said = market("collect", "crypto", "--json")
    assert (said.code, said.document["status"]) == (1, "failed")
    assert "The network did not reach" in said.document["message"]
    assert market("collect", "all", "--json").code == 1


def test_collect_while_another_does(market: Market, home: Path) -> None:
    market("status")
    database = Database(Home(home).database, SCHEMA)
    with Leases(Home(home).locks, database).held("crypto", "process 4711", NOW):
        one, every = market("collect", "crypto", "--json"), market("collect", "all", "--json")
    database.close_thread()
    assert (one.code, every.code) == (4, 4)
    assert one.document["error"]["title"] == "Already running"
    assert "process 4711" in one.document["error"]["message"]
    assert "process 4711" in every.err
    assert rows(home, "SELECT collector FROM collection_runs") == [("liquidity",), ("news",)]


def test_collect_a_range_is_history(market: Market, server: SampleServer, home: Path) -> None:
    market("collect", "crypto")
    said = market("collect", "crypto", "--date-from", "2026-08-01", "--date-to", "2026-08-10", "--json")
    assert said.code == 0
    assert rows(home, "SELECT kind, window_start, window_end FROM collection_runs WHERE run_id = 2") == [
        ("history", "2026-08-01", "2026-08-10")
    ]
    assert rows(home, "SELECT COUNT(*) FROM crypto_price WHERE coin_id = 'bitcoin'") == [(11,)]


def test_a_plan_sends_nothing(market: Market, server: SampleServer) -> None:
    for words in (["crypto"], ["all"], ["crypto", "--date-from", "2017-01-01"]):
        said = market("collect", *words, "--plan", "--json")
        assert said.code == 0
        assert said.document["plan"]["crypto"]["steps"][0]["step"] == "coingecko_prices"
    assert market("collect", "crypto", "--plan").out.startswith("Crypto: 5 calls")
    assert server.requests == ()


def test_the_plan_of_the_exchange_names_each_step_once_and_the_calls_left(market: Market) -> None:
    plan = market("collect", "krx", "--plan", "--json").document["plan"]["krx"]
    steps = {step["step"]: step["calls"] for step in plan["steps"]}
    assert len(steps) == len(plan["steps"])
    assert plan["calls"] == sum(steps.values()) == 35
    assert (plan["seconds"], plan["calls_left_today"]) == (11.7, 10_000)
    assert market("collect", "krx", "--plan").out.rstrip().endswith("10000 calls are left today.")


@pytest.mark.parametrize(
    "words",
    [
        ["--date-from", "2026-08-10", "--date-to", "2026-08-01"],
        ["--date-to", "2026-08-01"],
        ["--date-from", "2027-01-01"],
        ["--date-from", "yesterday"],
        ["--date-from", "2026-02-30"],
        ["--nonsense"],
    ],
)
def test_bad_dates_are_refused_before_anything_is_sent(market: Market, server: SampleServer, words: list[str]) -> None:
    said = market("collect", "crypto", *words, "--json")
    assert said.code == 2
    assert said.document["status"] == "failed"
    assert said.document["error"]["message"]
    assert server.requests == ()


@pytest.mark.parametrize(
    "words",
    [["collect"], ["collect", "everything"], ["nonsense"], ["runs", "--limit", "0"], ["key", "burn", "X"], ["restore"]],
)
def test_wrong_usage(market: Market, words: list[str]) -> None:
    plain, as_json = market(*words), market(*words, "--json")
    assert (plain.code, plain.out) == (2, "")
    assert plain.err
    assert (as_json.code, as_json.document["error"]["title"]) == (2, "Wrong usage")


def test_a_fault_of_ours_is_one_document_too(market: Market, home: Path) -> None:
    market("collect", "crypto")
    with closing(sqlite3.connect(Home(home).database)) as connection:
        connection.execute("DROP VIEW collector_log")
        connection.execute("DROP TABLE lease")
        connection.commit()
    said = market("collect", "crypto", "--json")
    assert (said.code, said.document["error"]["title"]) == (1, "A fault in Market Tray")
    assert "no such table" in said.err


# --- status and runs ----------------------------------------------------------------------------------------------


def test_status(market: Market) -> None:
    empty = market("status", "--json").document
    assert list(empty["collectors"]) == ["liquidity", "crypto", "news", "krx"]
    assert empty["collectors"]["crypto"]["status"] is None
    market("collect", "crypto")
    said = market("status", "--json")
    told = said.document["collectors"]["crypto"]
    assert said.code == 0
    assert {"date", "status", "duration", "triggered_by", "next_run"} <= set(told)
    assert (told["date"], told["status"], told["triggered_by"]) == ("2026-08-22", "success", "manual-cli")
    assert told["next_run"] == "2026-08-23T06:00:00+09:00"
    assert list(told["steps"]) == STEPS
    assert said.document["version"] == __version__
    assert said.document["api_usage_today"][COINGECKO] == 2
    assert said.document["now"].startswith("2026-08-22T19:50")
    people = market("status")
    assert people.code == 0
    assert "Last collected 2026-08-22 19:50 (manual-cli) - success" in people.out


def test_runs(market: Market, server: SampleServer) -> None:
    assert market("runs", "--json").document == {"runs": []}
    assert market("runs").out.strip() == "Nothing collected yet."
    market("collect", "crypto")
    server.misbehave.set(FEAR_GREED, Mode.HTML_200)
    market("collect", "crypto")
    newest, oldest = market("runs", "--json").document["runs"]
    assert (oldest["status"], newest["status"]) == ("success", "partial")
    assert newest["triggered_by"] == "manual-cli"
    assert list(newest["steps"]) == STEPS
    assert len(market("runs", "--limit", "1", "--json").document["runs"]) == 1
    assert "partial" in market("runs").out


def test_a_run_that_was_cut_off_is_shown_as_such(market: Market, home: Path) -> None:
    market("status")
    database = Database(Home(home).database, SCHEMA)
    RunStore(database).start(a_job(), NOW)
    database.close_thread()
    assert market("status", "--json").document["collectors"]["crypto"]["status"] == "interrupted"
    assert market("runs", "--json").document["runs"][0]["status"] == "interrupted"


# --- doctor -------------------------------------------------------------------------------------------------------


def test_doctor_finds_all_well(market: Market) -> None:
    market("collect", "crypto")
    said = market("doctor", "--json")
    wells = {finding["what"]: finding["well"] for finding in said.document["findings"]}
    assert (said.code, said.document["healthy"]) == (0, True)
    assert all(wells.values())
    assert set(ALL_HOSTS) <= set(wells)
    assert "ok" in market("doctor").out


def test_doctor_says_what_to_do(market: Market, server: SampleServer) -> None:
    server.stop()
    said = market("doctor", "--json")
    assert (said.code, said.document["healthy"]) == (1, False)
    advice = {finding["what"]: finding["advice"] for finding in said.document["findings"] if not finding["well"]}
    assert "proxy" in advice[COINGECKO]
    assert "LOOK" in market("doctor").out


def test_doctor_sees_a_clock_that_went_back(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    market("collect", "crypto")
    monkeypatch.setenv("MARKET_TRAY_NOW", "2026-08-21T10:50:00Z")
    findings = market("doctor", "--json").document["findings"]
    [clock] = [finding for finding in findings if finding["what"] == "Clock"]
    assert not clock["well"]
    assert "2026-08-22 10:50" in clock["advice"]


# --- backup and restore -------------------------------------------------------------------------------------------
