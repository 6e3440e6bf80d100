"""What is wrong with a computer or its folders is told as that, never as a fault of ours; private stays private."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from patience import PATIENCE

from tray_app.paths import Home

if TYPE_CHECKING:
    from collections.abc import Callable

    from cli.conftest import Market

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="a user's folder is private by itself on Windows")


def deep_settings(home: Home) -> None:
    home.settings.write_text(f"theme = {'[' * 20_000}{']' * 20_000}\n", encoding="utf-8")


def log_is_a_folder(home: Home) -> None:
    (home.logs / "market-tray.log").mkdir(parents=True)


def lock_is_a_folder(home: Home) -> None:
    (home.locks / "crypto.lock").mkdir(parents=True)


def lock_is_a_link(home: Home) -> None:
    home.locks.mkdir()
    (home.root / "precious.txt").write_text("my own words, no lock", encoding="utf-8")
    (home.locks / "crypto.lock").symlink_to(home.root / "precious.txt")


def restore_copy_is_a_folder(home: Home) -> None:
    (home.root / ".market.db.incoming").mkdir()


def database_is_a_folder(home: Home) -> None:
    home.database.mkdir()


def settings_is_a_folder(home: Home) -> None:
    home.settings.mkdir()


def environment_is_a_folder(home: Home) -> None:
    home.environment.mkdir()


def locks_is_a_file(home: Home) -> None:
    home.locks.write_text("a file")


def database_of_another_program(home: Home) -> None:
    with closing(sqlite3.connect(home.database)) as connection:
        connection.execute("PRAGMA user_version = 4")


@pytest.mark.parametrize(
    ("spoil", "code", "said"),
    [
        (deep_settings, 0, ""),
        (log_is_a_folder, 2, "market-tray.log"),
        (lock_is_a_folder, 2, "crypto.lock"),
        pytest.param(lock_is_a_link, 2, "crypto.lock", marks=POSIX),
        (restore_copy_is_a_folder, 2, ".market.db.incoming"),
        (database_is_a_folder, 2, "market.db"),
        (settings_is_a_folder, 2, "settings.toml"),
        (environment_is_a_folder, 2, ".env"),
        (locks_is_a_file, 2, "locks"),
        (database_of_another_program, 1, "another program"),
    ],
)
def test_it_is_told_what_is_wrong(
    market: Market, home: Path, spoil: Callable[[Home], None], code: int, said: str
) -> None:
    home.mkdir(parents=True)
    spoil(Home(home))
    before = {file: file.read_bytes() for file in home.glob("*.txt")}
    done = market("collect", "crypto", "--json")
    assert done.code == code, done.err
    assert "fault" not in (done.out + done.err).lower()
    if code:
        error = done.document["error"]
        assert said in f"{error['message']} {error['hint']}"
        assert error["hint"]
    assert {file: file.read_bytes() for file in before} == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no pipe among the files of a folder")
@pytest.mark.parametrize(
    "name",
    [
        "settings.toml",
        ".env",
        "market.db",
        "market.db-wal",
        "logs/market-tray.log",
        "locks/crypto.lock",
        "locks/tray.lock",
    ],
)
@pytest.mark.usefixtures("environment")
def test_a_pipe_with_a_files_name_is_told_and_not_waited_for(home: Path, name: str) -> None:
    (home / name).parent.mkdir(parents=True)
    os.mkfifo(home / name)
    done = subprocess.run(
        [sys.executable, "-m", "tray_app", "--home", str(home), "collect", "crypto", "--json"],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 2
    error = json.loads(done.stdout)["error"]
    assert f"{home / name} " in error["message"]
    assert "Move it away" in error["hint"]


def test_a_second_broken_settings_file_leaves_the_first(market: Market, home: Path) -> None:
    home.mkdir(parents=True)
    for text in ("first = [", "second = ["):
        Home(home).settings.write_text(text, encoding="utf-8")
        assert market("status").code == 0
    assert {file.read_text(encoding="utf-8") for file in home.glob("settings-broken*.toml")} == {
        "first = [",
        "second = [",
    }


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes no such path")
def test_a_path_too_long_for_the_database_is_told(tmp_path: Path) -> None:
    home = tmp_path
    while len(str(home)) < 600:
        home = home / ("a" * 100)
    done = subprocess.run(
        [sys.executable, "-m", "tray_app", "--home", str(home), "status", "--json"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 1
    assert "fault" not in done.stdout.lower()
    assert "its path is longer than" in done.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems refuse such a name themselves")
def test_a_home_whose_name_is_no_unicode_is_told_where_it_matters(tmp_path: Path) -> None:
    home = os.fsencode(tmp_path) + b"/caf\xe9"
    done = subprocess.run(
        [sys.executable, "-m", "tray_app", "--home", home, "backup", "--json"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert "not Unicode" in done.stdout
    assert "Traceback" not in done.stderr


@POSIX
def test_everything_in_the_home_is_its_users_alone(market: Market, home: Path, tmp_path: Path) -> None:
    os.umask(0o022)
    assert market("collect", "crypto").code == 0
    assert market("backup").code == 0
    for path in (home, *home.rglob("*")):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    set_folder = tmp_path / "set"
    export = ["export", "--dataset", "crypto", "--date-from", "2026-08-01", "--date-to", "2026-08-22"]
    tmp_path.chmod(0o755)
    assert market(*export, "--output-path", set_folder).code == 0
    # A set may be read by whoever may read the folder it was put into.
    assert stat.S_IMODE(set_folder.stat().st_mode) == 0o755
    assert {stat.S_IMODE(file.stat().st_mode) for file in set_folder.rglob("*") if file.is_file()} == {0o644}


@POSIX
def test_what_an_older_version_left_open_is_closed_and_an_open_env_is_told(market: Market, home: Path) -> None:
    assert market("collect", "crypto").code == 0
    opened = [home, Home(home).database, *Home(home).logs.glob("*")]
    for path in opened:
        path.chmod(0o755 if path.is_dir() else 0o644)
    Home(home).environment.write_text("KRX_DAILY_LIMIT=500\n")
    Home(home).environment.chmod(0o644)
    [found] = [each for each in market("doctor", "--json").document["findings"] if each["what"] == "Home folder"]
    assert not found["well"]
    assert ".env can be read by others" in found["detail"]
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in opened} == {0}
