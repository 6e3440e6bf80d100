"""Every command, its exit code, and exactly one JSON document on stdout whatever happens."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import COINGECKO, FEAR_GREED, LLAMA, NOW, SECRET, STABLECOINS, a_job

from tray_app import __version__
from tray_app.app import main
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.paths import Home
from tray_app.store.database import Database
from tray_app.store.lease import Leases
from tray_app.store.migrations import SCHEMA_VERSION
from tray_app.store.runs import RunStore

from .conftest import Market

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
    assert [run["collector"] for run in said.document["collectors"]] == ["crypto"]
    assert said.document["total_duration"] >= 0


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
    database = Database(Home(home).database)
    with Leases(Home(home).locks, database).held("crypto", "process 4711", NOW):
        one, every = market("collect", "crypto", "--json"), market("collect", "all", "--json")
    database.close_thread()
    for said in (one, every):
        assert said.code == 4
        assert said.document["error"]["title"] == "Already running"
        assert "process 4711" in said.document["error"]["message"]
    assert rows(home, "SELECT COUNT(*) FROM collection_runs") == [(0,)]


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
    database = Database(Home(home).database)
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


def test_backup_and_restore(market: Market, home: Path, tmp_path: Path) -> None:
    market("collect", "crypto")
    said = market("backup", "--json")
    copy = Path(said.document["backup"])
    assert (said.code, copy.parent, copy.stat().st_size) == (0, Home(home).backups, said.document["bytes"])
    elsewhere = market("backup", tmp_path / "another folder", "--json")
    assert Path(elsewhere.document["backup"]).parent == tmp_path / "another folder"
    with closing(sqlite3.connect(Home(home).database)) as connection:
        connection.execute("DELETE FROM crypto_price")
        connection.commit()
    restored = market("restore", copy, "--json")
    assert restored.code == 0
    assert Path(restored.document["kept"]).exists()
    assert rows(home, "SELECT COUNT(*) FROM crypto_price") == [(20,)]
    # The backup was made while that command looked: what it shows is the day's run.
    assert market("status", "--json").document["collectors"]["crypto"]["status"] == "success"


def test_a_relative_folder_is_meant_from_here(market: Market, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert Path(market("backup", "here", "--json").document["backup"]).parent == tmp_path / "here"


def test_restore_refuses_what_is_no_backup(market: Market, home: Path, tmp_path: Path) -> None:
    market("collect", "crypto")
    nonsense = tmp_path / "nonsense.db"
    nonsense.write_text("not a database " * 100, encoding="utf-8")
    for file in (nonsense, tmp_path / "absent.db", tmp_path):
        said = market("restore", file, "--json")
        assert said.code == 2
        assert said.document["error"]["hint"]
    assert rows(home, "SELECT COUNT(*) FROM crypto_price") == [(20,)]


def test_folders_that_cannot_be_are_refused(market: Market, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "file"
    file.write_text("in the way", encoding="utf-8")
    said = market("backup", file / "inside", "--json")
    assert said.code == 2
    assert "file" in said.document["error"]["message"]
    capsys.readouterr()
    for words in (["status"], ["collect", "crypto"], ["key", "list"], ["backup"], ["runs"]):
        assert main(["--home", str(file / "home"), *words, "--json"]) == 2
        assert json.loads(capsys.readouterr().out)["error"]["title"] == "The folder cannot be written"


def test_a_file_where_the_logs_should_be(market: Market, home: Path) -> None:
    home.mkdir()
    Home(home).logs.write_text("in the way", encoding="utf-8")
    said = market("status", "--json")
    assert (said.code, said.document["error"]["title"]) == (2, "The folder cannot be written")


# --- a database that is not as it should be -----------------------------------------------------------------------


def test_a_damaged_database_is_set_aside_and_named(market: Market, home: Path) -> None:
    home.mkdir()
    Home(home).database.write_bytes(b"nonsense " * 1000)
    said = market("collect", "crypto", "--json")
    assert said.code == 1
    assert said.document["error"]["title"] == "The database is damaged"
    [aside] = home.glob("market-damaged-*.db")
    assert aside.name in said.document["error"]["hint"]
    assert aside.read_bytes().startswith(b"nonsense")
    assert market("collect", "crypto", "--json").code == 0


def test_a_newer_database_is_refused(market: Market, home: Path) -> None:
    market("status")
    with closing(sqlite3.connect(Home(home).database)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    said = market("collect", "crypto", "--json")
    assert (said.code, said.document["error"]["title"]) == (1, "The database is from a newer version")


# --- settings and environment -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MARKET_TRAY_NOW", "yesterday"),
        ("MARKET_TRAY_NOW", "2026-08-22"),
        ("MARKET_TRAY_CRYPTO_TIMES", "25:00"),
        ("MARKET_TRAY_LOG_DAYS", "0"),
        ("MARKET_TRAY_PROXY", "http://"),
        ("MARKET_TRAY_UPSTREAM", "not an address"),
        ("MARKET_TRAY_NOTIFICATIONS", "loud"),
    ],
)
def test_a_bad_value_in_the_environment_is_refused(
    market: Market, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    said = market("status", "--json")
    assert said.code == 2
    assert said.document["error"]["hint"]


def test_a_password_in_a_bad_proxy_is_not_repeated(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MARKET_TRAY_PROXY", f"ftp://someone:{SECRET}@proxy")
    said = market("status", "--json")
    assert said.code == 2
    assert SECRET not in said.out + said.err


def test_the_home_may_hold_an_environment(market: Market, home: Path) -> None:
    home.mkdir()
    Home(home).environment.write_text("# 한국어\nCOINGECKO_DEMO_KEY=from-the-file\n", encoding="utf-8-sig")
    assert market("key", "list", "--json").document["keys"]["COINGECKO_DEMO_KEY"] == "environment"


def test_an_environment_file_of_another_encoding_is_told(market: Market, home: Path) -> None:
    home.mkdir()
    Home(home).environment.write_bytes("# 한국어".encode("cp949"))
    said = market("status", "--json")
    assert (said.code, said.document["error"]["title"]) == (2, ".env cannot be read")


def test_the_schedule_of_the_settings_is_shown(market: Market, home: Path) -> None:
    home.mkdir()
    Home(home).settings.write_text('crypto_times = ["06:00", "20:30"]\n', encoding="utf-8")
    market("collect", "crypto")
    assert market("status", "--json").document["collectors"]["crypto"]["next_run"] == "2026-08-22T20:30:00+09:00"


# --- keys ---------------------------------------------------------------------------------------------------------


def test_keys_are_listed_and_never_shown(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COINGECKO_DEMO_KEY", SECRET)
    for said in (market("key", "list", "--json"), market("key", "list")):
        assert said.code == 0
        assert "environment" in said.out
        assert SECRET not in said.out + said.err


def test_an_unknown_key_is_refused(market: Market) -> None:
    for words in (["set", "NONSENSE"], ["delete", "NONSENSE"], ["set"], ["delete"]):
        said = market("key", *words, "--json")
        assert said.code == 2
        assert "COINGECKO_DEMO_KEY" in said.document["error"]["hint"]


def test_a_secret_is_in_no_file_output_or_error(
    market: Market, home: Path, server: SampleServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COINGECKO_DEMO_KEY", SECRET)
    monkeypatch.setenv("NOTIFICATION_URLS", f"json://user:{SECRET}@127.0.0.1:9/x")
    said = []
    for mode in (Mode.OK, Mode.REFUSED_KEY, Mode.QUOTA_10006, Mode.RATE_LIMITED, Mode.CUT_BODY, Mode.HTML_200):
        server.misbehave.set(COINGECKO, mode)
        said += [market("collect", "crypto", "--json"), market("status", "--json"), market("runs"), market("doctor")]
    server.stop()
    said += [market("collect", "crypto"), market("doctor", "--json"), market("backup", "--json")]
    assert not [each for each in said if SECRET in each.out + each.err]
    files = [path for path in home.rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"market.db", "market-tray.log"}
    assert not [path for path in files if SECRET.encode() in path.read_bytes()]


# --- the rest -----------------------------------------------------------------------------------------------------


def test_version_and_help(market: Market) -> None:
    assert market("--version").out.strip() == __version__
    said = market("--help")
    assert said.code == 0
    for command in (
        "run",
        "demo",
        "demo-server",
        "collect",
        "status",
        "runs",
        "key",
        "backup",
        "restore",
        "doctor",
        "serve",
    ):
        assert command in said.out


def test_a_port_that_is_taken_is_told(market: Market, server: SampleServer) -> None:
    said = market("demo-server", "--port", server.url.rpartition(":")[2])
    assert said.code == 2
    assert "Port" in said.err
