"""Backups, homes that cannot be used, settings, keys and the other commands."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from support import COINGECKO, FEAR_GREED, LLAMA, SECRET, STABLECOINS

from cli.conftest import Market
from cli.test_commands import rows
from tray_app import __version__
from tray_app.app import main
from tray_app.datasets.schema import SCHEMA
from tray_app.demo.misbehave import Mode
from tray_app.demo.server import SampleServer
from tray_app.paths import Home

STEPS = ["coingecko_prices", "coingecko_global", "defillama_tvl", "defillama_stablecoins", "fear_greed"]
ALL_HOSTS = (COINGECKO, LLAMA, STABLECOINS, FEAR_GREED)


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
    again = market("collect", "crypto", "--json")
    assert (again.code, again.document["error"]["title"]) == (1, "The database is missing")
    assert "market-tray restore --empty" in again.document["error"]["hint"]
    assert market("restore").code == 2
    assert market("restore", "--empty", str(aside)).code == 2
    assert market("restore", "--empty", "--json").document == {"database": str(Home(home).database), "kept": None}
    assert market("collect", "crypto", "--json").code == 0


def test_a_newer_database_is_refused(market: Market, home: Path) -> None:
    market("status")
    with closing(sqlite3.connect(Home(home).database)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA.version + 1}")
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


def test_a_row_the_disk_changed_is_told_by_the_deep_look_and_by_a_backup(market: Market, home: Path) -> None:
    assert market("collect", "crypto").code == 0
    assert market("backup", "--json").document["changed_rows"] == []
    with closing(sqlite3.connect(Home(home).database)) as connection, connection:
        connection.execute("UPDATE crypto_price SET price_usd = price_usd + 1 WHERE coin_id = 'bitcoin'")
    said = market("backup", "--json")
    assert (said.code, said.document["changed_rows"]) == (1, ["crypto_price 2026-08-22"])
    [found] = [
        each for each in market("doctor", "--deep", "--json").document["findings"] if each["what"] == "Stored rows"
    ]
    assert not found["well"]
    assert "crypto_price 2026-08-22" in found["detail"]


def test_a_person_declares_a_day_of_the_exchange(market: Market, home: Path) -> None:
    said = market("session", "2026-10-02", "closed", "--note", "announced", "--json")
    assert (said.code, said.document) == (0, {"date": "2026-10-02", "session": "closed", "evidence": "manual"})
    told = "SELECT DISTINCT state, evidence, holiday_name FROM trading_calendar WHERE trade_date = '2026-10-02'"
    assert rows(home, told) == [("closed", "manual", "announced")]
    assert market("session", "2026-10-02", "open", "--json").code == 0
    assert rows(home, told) == [("open", "manual", None)]
    assert market("backup", "--json").document["changed_rows"] == []
    assert market("session", "2026-10-02", "predicted", "--json").document["evidence"] is None
    assert rows(home, told) == []
    assert market("backup", "--json").document["changed_rows"] == []
    assert market("session", "tomorrow", "closed").code == 2
