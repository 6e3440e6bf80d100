"""Paths, the clock, keys and the layers of the edges."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support import SECRET, BrokenStore, MemoryStore

from tray_app.clock import SystemClock, clock_from
from tray_app.core.errors import BadInput, NoCredentialStore
from tray_app.datasets.keys import KEY_NAMES
from tray_app.keys import KeyPlace, Keys, NoStore
from tray_app.paths import Home, find_home, resources

KEY = "COINGECKO_DEMO_KEY"


# --- paths --------------------------------------------------------------------------------------------------------


def test_everything_lies_in_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path)
    inside = [home.database, home.settings, home.environment, home.logs, home.backups, home.exports, home.locks]
    assert {path.parent for path in inside} == {tmp_path}
    assert [path.name for path in inside] == [
        "market.db",
        "settings.toml",
        ".env",
        "logs",
        "backups",
        "exports",
        "locks",
    ]


def test_the_home_asked_for_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    environment = {"MARKET_TRAY_HOME": str(tmp_path / "from the environment")}
    assert find_home(Path("asked"), environment).root == tmp_path / "asked"
    assert find_home(None, environment).root == tmp_path / "from the environment"


def test_without_a_word_it_is_the_platforms_folder_for_data() -> None:
    root = find_home(None, {}).root
    assert root.is_absolute()
    assert "Market Tray" in root.name
    assert find_home(None, {"MARKET_TRAY_HOME": ""}).root == root


def test_a_file_beside_the_packaged_program_makes_it_portable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", str(tmp_path / "market-tray.exe"))
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert find_home(None, {}).root != tmp_path
    (tmp_path / "portable").touch()
    assert find_home(None, {}).root == tmp_path
    assert find_home(None, {"MARKET_TRAY_HOME": str(tmp_path / "other")}).root == tmp_path / "other"
    monkeypatch.setattr(sys, "frozen", False, raising=False)
    assert find_home(None, {}).root != tmp_path


def test_the_resources_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    assert (resources() / "icons").is_dir()
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "_MEIPASS", str(tmp_path), raising=False)
    assert resources() == tmp_path / "resources"


# --- the clock ----------------------------------------------------------------------------------------------------


def test_a_clock_started_on_a_past_day_runs_on() -> None:
    clock = clock_from("2026-08-22T10:50:00Z")
    first, since = clock.now(), clock.monotonic()
    assert timedelta(0) <= first - datetime(2026, 8, 22, 10, 50, tzinfo=UTC) < timedelta(seconds=30)
    while clock.now() == first:
        pass
    assert clock.now() > first
    assert clock.monotonic() >= since


def test_the_clock_takes_any_zone() -> None:
    assert abs(clock_from("2026-08-22T19:50:00+09:00").now() - clock_from("2026-08-22T10:50:00Z").now()) < timedelta(
        seconds=5
    )


def test_without_a_start_it_is_the_computers() -> None:
    assert abs(clock_from("").now() - datetime.now(UTC)) < timedelta(seconds=5)
    assert SystemClock(timedelta(days=1)).now() - datetime.now(UTC) > timedelta(hours=23)


@pytest.mark.parametrize("text", ["now", "2026-08-22", "2026-08-22T10:50:00", "0001-01-01T00:00:00+09:00"])
def test_a_start_that_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(BadInput, match="MARKET_TRAY_NOW"):
        clock_from(text)


# --- keys ---------------------------------------------------------------------------------------------------------


def test_the_environment_wins_over_the_store() -> None:
    store = MemoryStore({("market-tray", KEY): "stored"})
    assert Keys({}, store, KEY_NAMES).get(KEY) == "stored"
    keys = Keys({KEY: f" {SECRET} "}, store, KEY_NAMES)
    assert keys.get(KEY) == SECRET
    assert keys.state(KEY).place is KeyPlace.ENVIRONMENT


def test_where_each_key_is() -> None:
    keys = Keys({}, MemoryStore({("market-tray", KEY): "stored"}), KEY_NAMES)
    places = {state.name: state.place for state in keys.states()}
    assert places[KEY] is KeyPlace.CREDENTIAL_STORE
    assert places["NOTIFICATION_URLS"] is KeyPlace.NOWHERE
    assert Keys({KEY: "  "}, MemoryStore(), KEY_NAMES).state(KEY).place is KeyPlace.NOWHERE


def test_keeping_and_deleting() -> None:
    store = MemoryStore()
    keys = Keys({}, store, KEY_NAMES)
    assert keys.get(KEY) is None
    keys.keep(KEY, f" {SECRET}\n")
    assert (store.kept, keys.get(KEY)) == ({("market-tray", KEY): SECRET}, SECRET)
    keys.delete(KEY)
    keys.delete(KEY)
    assert (store.kept, keys.get(KEY)) == ({}, None)


@pytest.mark.parametrize("empty", ["", "  ", "\n"])
def test_an_empty_key_is_refused(empty: str) -> None:
    with pytest.raises(BadInput):
        Keys({}, MemoryStore(), KEY_NAMES).keep(KEY, empty)


def test_a_store_that_fails_counts_as_empty_and_quotes_nothing(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    keys = Keys({}, BrokenStore(), KEY_NAMES)
    assert keys.get(KEY) is None
    with pytest.raises(NoCredentialStore) as caught:
        keys.keep(KEY, SECRET)
    assert SECRET not in repr(caught.value) + caplog.text
    # The cause would quote the secret: it is not carried along.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


def test_every_secret_this_process_has_held_is_known() -> None:
    """Whatever was handed out must be struck out of logs: from the environment, from the store, just entered."""
    urls = "json://one:pass@host slack://two"
    store = MemoryStore({("market-tray", KEY): SECRET})
    keys = Keys({"NOTIFICATION_URLS": urls}, store, KEY_NAMES)
    live = keys.handed_out
    assert set(keys.known_secrets()) == {urls, *urls.split()}
    keys.get(KEY)
    keys.keep(KEY, "new-secret")
    assert set(keys.known_secrets()) == {urls, *urls.split(), SECRET, "new-secret"}
    assert live == set(keys.known_secrets())


def test_the_demo_keeps_no_key() -> None:
    keys = Keys({}, NoStore(), KEY_NAMES)
    assert keys.get(KEY) is None
    keys.delete(KEY)
    with pytest.raises(NoCredentialStore):
        keys.keep(KEY, SECRET)


def test_names_of_keys() -> None:
    assert Keys({}, NoStore(), KEY_NAMES).known_name("coingecko_demo_key") == KEY
    with pytest.raises(BadInput, match="Known keys"):
        Keys({}, NoStore(), KEY_NAMES).known_name("nonsense")
