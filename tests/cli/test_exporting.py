"""`export` as the window starts it: it stops when its input closes, and its document says all there is to say."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from export import liquid
from export.kit import FIRST, LAST, command, exports_of, make_home, run
from patience import PATIENCE
from repository import REPOSITORY

from benchmarks.krx_store import StoreSize, sessions
from tray_app.cli.output import CANCELLED, USAGE
from tray_app.export.presets.lean import LEAN
from tray_app.export.presets.preset import Preset
from tray_app.export.request import ExportRequest, to_line
from tray_app.paths import Home
from tray_app.store.export_jobs import JobStatus

LARGE = StoreSize(instruments=1_500, first=date(2024, 1, 1), sessions=40)


@pytest.fixture(scope="module")
def large_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("홈") / "large", LARGE)


def asked(folder: Path, preset: Preset = LEAN) -> str:
    days = sessions(LARGE)
    return to_line(ExportRequest(folder, days[0], days[-1], preset=preset))


def start(home: Home, *more: str) -> "subprocess.Popen[str]":
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command(home, *more), cwd=REPOSITORY, stdin=pipe, stdout=pipe, stderr=pipe, encoding="utf-8"
    )


@pytest.mark.parametrize("stage", ["", "preset"])
def test_a_closed_input_cancels(large_home: Home, tmp_path: Path, stage: str) -> None:
    with start(large_home, "export-request", "--json") as child:
        assert child.stdin is not None
        assert child.stderr is not None
        child.stdin.write(asked(tmp_path / "set"))
        child.stdin.flush()
        while stage:
            if json.loads(child.stderr.readline())["stage"] == stage:
                break
        child.stdin.close()
        child.stdin = None
        out, _err = child.communicate(timeout=PATIENCE)
    assert child.returncode == CANCELLED
    assert json.loads(out)["error"]["title"] == "Cancelled"
    assert list(tmp_path.iterdir()) == []
    with exports_of(large_home) as exports:
        ends = {job.output_path: job.status for job in exports.jobs()}
    assert ends[tmp_path / "set"] is JobStatus.CANCELLED


def test_a_closed_input_is_no_matter_to_a_command_typed_by_hand(large_home: Home, tmp_path: Path) -> None:
    days = sessions(LARGE)
    dates = ("--date-from", str(days[0]), "--date-to", str(days[-1]))
    with start(large_home, "export", *dates, "--output-path", str(tmp_path / "set"), "--json") as child:
        child.communicate(timeout=PATIENCE)
    assert child.returncode == 0
    assert (tmp_path / "set" / "manifest.json").is_file()


def test_the_document_holds_the_notes_too(tmp_path: Path) -> None:
    home = liquid.fill(make_home(tmp_path / "home"))
    dates = ("--date-from", str(FIRST), "--date-to", str(LAST))
    done = run(home, "export", *dates, "--dataset", "macro", "--json", "--output-path", str(tmp_path / "set"))
    notes = json.loads(done.stdout)["notes"]
    assert "Left out: VIXCLS. Cboe's index values may not be passed on without a licence." in notes
    assert all(note in done.stderr for note in notes)


def said_on_a_terminal(home: Home, *more: str) -> str:
    """Run a command whose stderr is a terminal; returns what it wrote there."""
    ours, theirs = os.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "80"}
    child = subprocess.Popen(
        command(home, *more), cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=theirs, env=environment
    )
    os.close(theirs)
    said = b""
    with child:
        while part := read_terminal(ours):
            said += part
    os.close(ours)
    assert child.returncode == 0
    return said.decode()


def read_terminal(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # so a terminal without a writer ends
        return b""


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pseudo-terminals")
def test_long_work_shows_a_bar_on_a_terminal_only(tmp_path: Path) -> None:
    home, folder = make_home(tmp_path / "home"), str(tmp_path / "set")
    dates = ("--date-from", str(FIRST), "--date-to", str(LAST))
    assert "publish" in said_on_a_terminal(home, "export", *dates, "--output-path", folder)
    for bar, words in {"Verifying": ("verify", folder), "Comparing": ("diff", folder, folder)}.items():
        assert bar in said_on_a_terminal(home, *words)
        assert said_on_a_terminal(home, *words, "--json") == ""
        assert run(home, *words).stderr == ""


def test_an_input_that_closes_without_a_request_cancels(large_home: Home) -> None:
    with start(large_home, "export-request", "--json") as child:
        out, _err = child.communicate("", timeout=PATIENCE)
    assert child.returncode == CANCELLED
    assert json.loads(out)["error"]["title"] == "Cancelled"


@pytest.mark.parametrize(
    ("line", "named"),
    [("export it\n", "JSON"), ('{"preset": "excel"}\n', "preset"), ('{"date_from": "2024-01-04"}\n', "output_path")],
)
def test_a_line_that_is_no_request_is_refused_by_name(large_home: Home, line: str, named: str) -> None:
    with start(large_home, "export-request", "--json") as child:
        out, _err = child.communicate(line, timeout=PATIENCE)
    assert child.returncode == USAGE
    assert named in json.loads(out)["error"]["message"]
