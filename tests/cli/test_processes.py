"""The command line as a process of its own: streams, the credential store, the sample server."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Sequence
from pathlib import Path

import pytest
from patience import PATIENCE
from support import SECRET

from tray_app.datasets.schema import SCHEMA
from tray_app.demo.server import SampleServer
from tray_app.paths import Home
from tray_app.store.database import Database
from tray_app.store.state import StateStore


def environment(**more: str) -> dict[str, str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("MARKET_TRAY_", "COINGECKO_", "KRX_"))
    }
    return {**kept, **more}


def market(home: Path, words: Sequence[str], stdin: str = "", **more: str) -> "subprocess.CompletedProcess[bytes]":
    return subprocess.run(
        [sys.executable, "-m", "tray_app", "--home", str(home), *words],
        input=stdin.encode("utf-8"),
        capture_output=True,
        env=environment(**more),
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def keyring(tmp_path: Path) -> dict[str, str]:
    return {
        "PYTHON_KEYRING_BACKEND": "fake_keyring.Kept",
        "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]),
        "FAKE_KEYRING": str(tmp_path / "keyring.json"),
    }


def kept(keyring: dict[str, str]) -> dict[str, str]:
    found: dict[str, str] = json.loads(Path(keyring["FAKE_KEYRING"]).read_text(encoding="utf-8"))
    return found


def test_keys_go_into_the_credential_store_and_nowhere_else(tmp_path: Path, keyring: dict[str, str]) -> None:
    home = tmp_path / "home"
    done = market(home, ["key", "set", "coingecko_demo_key", "--json"], f"  {SECRET}\r\n", **keyring)
    assert (done.returncode, json.loads(done.stdout)) == (0, {"key": "COINGECKO_DEMO_KEY", "kept": True})
    assert kept(keyring) == {"market-tray/COINGECKO_DEMO_KEY": SECRET}
    listed = market(home, ["key", "list", "--json"], **keyring)
    assert json.loads(listed.stdout)["keys"]["COINGECKO_DEMO_KEY"] == "credential store"
    for said in (done, listed):
        assert SECRET.encode() not in said.stdout + said.stderr
    assert not [path for path in home.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]
    deleted = market(home, ["key", "delete", "COINGECKO_DEMO_KEY", "--json"], **keyring)
    assert (deleted.returncode, kept(keyring)) == (0, {})


def test_a_changed_key_is_noted_where_something_may_run(tmp_path: Path, keyring: dict[str, str]) -> None:
    home = tmp_path / "home"
    assert market(home, ["key", "set", "FRED_API_KEY"], SECRET, **keyring).returncode == 0
    assert not Home(home).database.exists()
    assert market(home, ["status"], **keyring).returncode == 0
    database = Database(Home(home).database, SCHEMA)
    state = StateStore(database)
    assert (state.key_changes(), state.key_entered_at()) == (0, None)
    assert market(home, ["key", "set", "FRED_API_KEY"], f"{SECRET}2", **keyring).returncode == 0
    assert state.key_changes() == 1
    entered = state.key_entered_at()
    assert entered is not None
    assert market(home, ["key", "delete", "FRED_API_KEY"], **keyring).returncode == 0
    assert (state.key_changes(), state.key_entered_at()) == (2, entered)
    database.close_thread()


def test_a_store_that_fails_says_how_else_and_not_what(tmp_path: Path, keyring: dict[str, str]) -> None:
    Path(keyring["FAKE_KEYRING"]).write_text("broken", encoding="utf-8")
    failed = market(tmp_path / "home", ["key", "set", "COINGECKO_DEMO_KEY", "--json"], SECRET, **keyring)
    document = json.loads(failed.stdout)
    assert (failed.returncode, document["error"]["title"]) == (1, "No credential store")
    assert "environment variable" in document["error"]["hint"]
    assert SECRET.encode() not in failed.stdout + failed.stderr
    empty = market(tmp_path / "home", ["key", "set", "COINGECKO_DEMO_KEY", "--json"], "\n", **keyring)
    assert (empty.returncode, json.loads(empty.stdout)["error"]["title"]) == (2, "The key is empty")


def test_a_key_of_the_store_is_in_no_log_though_it_is_read_late(tmp_path: Path, keyring: dict[str, str]) -> None:
    # No loopback server stands for the sources here: the key is read from the store, and no network is reached.
    Path(keyring["FAKE_KEYRING"]).write_text(
        json.dumps({"market-tray/COINGECKO_DEMO_KEY": f"{SECRET}\nx"}), encoding="utf-8"
    )
    home = tmp_path / "home"
    done = market(home, ["collect", "crypto", "--json"], **keyring, MARKET_TRAY_PROXY="http://127.0.0.1:9")
    assert done.returncode == 1
    assert json.loads(done.stdout)["status"] == "failed"
    said = done.stdout + done.stderr + b"".join(path.read_bytes() for path in home.rglob("*") if path.is_file())
    assert SECRET.encode() not in said
    assert b"key for api.coingecko.com" in said


def test_korean_texts_survive_a_stream_of_any_code_page(tmp_path: Path, server: SampleServer) -> None:
    home = tmp_path / "집 홈"
    more = {"MARKET_TRAY_UPSTREAM": server.url, "PYTHONIOENCODING": "cp949", "PYTHONUTF8": "0"}
    done = market(home, ["status", "--json"], **more)
    assert done.returncode == 0
    assert json.loads(done.stdout.decode("utf-8"))["storage"]["database"] == str(home / "market.db")


def test_the_sample_server_serves_until_its_parent_leaves() -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tray_app", "demo-server", "--with-parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(MARKET_TRAY_NOW="2026-08-22T10:50:00Z"),
    )
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        url = child.stdout.readline().decode("utf-8").strip().rpartition(" ")[2]
        with urllib.request.urlopen(f"{url}/api.alternative.me/fng/?limit=1", timeout=PATIENCE) as answer:
            [day] = json.load(answer)["data"]
        assert day["timestamp"] == "1787356800"
        child.stdin.close()
        assert child.wait(PATIENCE) == 0
    finally:
        child.kill()
        child.stdout.close()
        child.wait(PATIENCE)
