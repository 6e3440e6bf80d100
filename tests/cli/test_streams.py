"""Commands without standard streams, as a task planner or pythonw starts them, and what they leave behind."""

import json
import os
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from patience import PATIENCE
from support import SECRET

from tray_app.crash_file import LARGEST_BYTES
from tray_app.crashes import UNREAD, LastWords
from tray_app.demo.server import SampleServer

WITHOUT = {"all": "<&- >&- 2>&-", "errors": "2>&-", "results": ">&-", "input": "<&-"}
# Each is started where its output goes nowhere at all, and says by its exit code alone how it went.
COMMANDS = {
    "collect crypto": 0,
    "collect crypto --plan": 0,
    "status": 0,
    "runs --json": 0,
    "issues": 0,
    "doctor": 0,
    "key list": 0,
    "key set COINGECKO_DEMO_KEY": 2,
    "backup": 0,
    "export --output-path {home}-set --date-from 2026-08-20 --date-to 2026-08-21 --dataset crypto": 0,
    "verify {home}-set": 0,
    "diff {home}-set {home}-set": 0,
    "--version": 0,
    "--help": 0,
    "collect nothing": 2,
    "restore {home}/missing.db": 2,
}

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell of POSIX is what closes streams")


def run(home: Path, words: str, without: str, **environment: str) -> int:
    command = f'exec "$0" -m tray_app --home "$1" {words.format(home=home)} {without}'
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MARKET_TRAY_")}
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, str(home)], env={**kept, **environment}, timeout=PATIENCE, check=False
    )
    return done.returncode


def crash_of(home: Path) -> str:
    path = home / "logs" / UNREAD
    return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.fixture
def world(server: SampleServer) -> Mapping[str, str]:
    return {"MARKET_TRAY_UPSTREAM": server.url, "MARKET_TRAY_NOW": "2026-08-22T10:50:00+00:00"}


@pytest.mark.parametrize("without", WITHOUT)
def test_a_run_is_made_and_logged_whatever_stream_is_missing(
    tmp_path: Path, world: Mapping[str, str], without: str
) -> None:
    assert run(tmp_path, "collect crypto", WITHOUT[without], **world) == 0
    listed = subprocess.run(
        [sys.executable, "-m", "tray_app", "--home", str(tmp_path), "runs", "--json"],
        capture_output=True, env={**os.environ, **world}, timeout=PATIENCE, check=True,
    )  # fmt: skip
    assert [each["status"] for each in json.loads(listed.stdout)["runs"]] == ["success"]
    assert "crypto" in (tmp_path / "logs" / "market-tray.log").read_text(encoding="utf-8")
    assert crash_of(tmp_path) == ""


def test_every_command_works_without_any_stream(tmp_path: Path, world: Mapping[str, str]) -> None:
    codes = {words: run(tmp_path, words, WITHOUT["all"], **world) for words in COMMANDS}
    assert codes == COMMANDS


def test_no_file_takes_the_number_of_a_missing_stream(tmp_path: Path) -> None:
    program = textwrap.dedent("""
        import os, sys
        from tray_app.streams import open_streams
        open_streams()
        opened = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT)
        os.write(2, b"a library's last words")
        sys.exit(opened if opened > 2 else 1)
    """)
    path = tmp_path / "market.db"
    shell = 'exec "$0" -c "$1" "$2" <&- >&- 2>&-'
    done = subprocess.run(["sh", "-c", shell, sys.executable, program, str(path)], timeout=PATIENCE, check=False)
    assert done.returncode > 2
    assert path.read_bytes() == b""


# --- what is left behind ------------------------------------------------------------------------------------------


def test_an_error_before_the_log_is_kept_when_nobody_hears_it(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert run(home, "collect crypto", "2>&-", MARKET_TRAY_CRYPTO_TIMES="25:99") == 2
    assert "25:99" in crash_of(home)
    assert run(home, "collect nothing", "2>&-") == 2
    assert "nothing" in crash_of(home)


def test_an_error_that_somebody_reads_leaves_no_file(tmp_path: Path) -> None:
    assert run(tmp_path, "collect crypto", "2>/dev/null", MARKET_TRAY_CRYPTO_TIMES="25:99") == 2
    assert crash_of(tmp_path) == ""


def test_an_error_after_the_log_began_stands_in_the_log(tmp_path: Path, world: Mapping[str, str]) -> None:
    assert run(tmp_path, "export --output-path {home}-set --date-to 2026-08-21", "2>&-", **world) == 2
    assert "ERROR" in (tmp_path / "logs" / "market-tray.log").read_text(encoding="utf-8")
    assert crash_of(tmp_path) == ""


BROKEN = """
import sys
import tray_app.app as app
import tray_app.wiring as wiring
def broken(*_arguments, **_options):
    raise RuntimeError("the disk said {secret}")
for module in (app, wiring):
    if hasattr(module, "{name}"):
        module.{name} = broken
sys.exit(app.main(sys.argv[1:]))
"""


@pytest.mark.parametrize(
    ("name", "words"),
    [("starters", ["status"]), ("open_home", ["status"]), ("find_home", ["status"]), ("_draw_tray", [])],
)
def test_a_fault_at_any_moment_leaves_a_file_without_secrets(tmp_path: Path, name: str, words: list[str]) -> None:
    home = tmp_path / "home"
    program = BROKEN.format(secret=SECRET, name=name)
    done = subprocess.run(
        [sys.executable, "-c", program, "--home", str(home), *words],
        capture_output=True, timeout=PATIENCE, check=False, env={**os.environ, "COINGECKO_DEMO_KEY": SECRET},
    )  # fmt: skip
    assert done.returncode == 1
    assert "RuntimeError: the disk said ***" in crash_of(home)
    assert "Traceback" in crash_of(home)


def test_where_the_home_cannot_be_written_the_file_is_in_the_folder_for_passing_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    LastWords(["--home", str(tmp_path / "file"), "status"]).keep("lost")
    assert "lost" in (tmp_path / "market-tray-crash.txt").read_text(encoding="utf-8")


def test_the_file_does_not_grow_for_ever(tmp_path: Path) -> None:
    last = LastWords([f"--home={tmp_path}", "status"])
    for _ in range(4):
        last.keep("x" * (LARGEST_BYTES // 2))
    assert (tmp_path / "logs" / UNREAD).stat().st_size < 2 * LARGEST_BYTES


# --- what runs until it is stopped ----------------------------------------------------------------------------------


@pytest.mark.parametrize("face", ["serve", "run --hidden"])
def test_what_stays_starts_without_any_stream(tmp_path: Path, world: Mapping[str, str], face: str) -> None:
    command = f'exec "$0" -m tray_app --home "$1" {face} {WITHOUT["all"]}'
    environment = {**os.environ, **world, "QT_QPA_PLATFORM": "offscreen"}
    log = tmp_path / "logs" / "market-tray.log"
    with subprocess.Popen(["sh", "-c", command, sys.executable, str(tmp_path)], env=environment) as process:
        try:
            wait_for(lambda: log.exists() and "collects by the schedule" in log.read_text(encoding="utf-8"), process)
        finally:
            process.terminate()
    assert crash_of(tmp_path) == ""


def wait_for(happened: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while not happened():
        assert process.poll() is None, "it ended by itself"
        assert time.monotonic() < until
        time.sleep(0.05)
