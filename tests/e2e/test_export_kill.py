"""An export killed at any moment leaves the old set, or the new one, and nothing of its own after the next start."""

import random
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from export.kit import FIRST, LAST, REPOSITORY, command, exports_of, make_home, run

from tray_app.export.verify import verify
from tray_app.store.export_jobs import JobStatus

KILLS = 30
WORDS = ("--date-from", str(FIRST), "--date-to", str(LAST), "--adjusted", "--progress-lines")


@pytest.mark.parametrize("layout", ["single", "year"])
def test_killed_at_random_moments(tmp_path: Path, layout: str) -> None:
    home, folder = make_home(tmp_path / "home"), tmp_path / "out" / "set"
    export = command(home, "export", *WORDS, "--layout", layout, "--output-path", str(folder))
    begun = time.monotonic()
    subprocess.run(export, cwd=REPOSITORY, check=True, capture_output=True)
    duration = time.monotonic() - begun
    rng, killed = random.Random(20260105), 0
    for number in range(KILLS // 2):
        if number % 2:
            killed += kill_after_lines(export, rng.randint(1, 5))
        else:
            killed += kill_after_seconds(export, rng.uniform(0.5, 1.0) * duration)
        if number % 3 == 0:
            with exports_of(home) as exports:
                exports.heal()
                assert all(job.status is not JobStatus.RUNNING for job in exports.jobs())
        assert verify(folder).findings == (), number
        assert [path.name for path in folder.parent.iterdir()] == ["set"], number
    assert killed >= KILLS // 10


def kill_after_lines(export: list[str], lines: int) -> bool:
    """Kill an export when it has told so much of its progress; False when it was over by then."""
    process = subprocess.Popen(export, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    for _ in range(lines):
        process.stderr.readline()
    process.kill()
    process.communicate()
    return process.returncode != 0


def kill_after_seconds(export: list[str], seconds: float) -> bool:
    """Kill an export after a while; False when it was over by then."""
    process = subprocess.Popen(export, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
    return process.returncode != 0


def test_a_first_export_that_is_killed_leaves_no_set(tmp_path: Path) -> None:
    home, folder = make_home(tmp_path / "home"), tmp_path / "out" / "set"
    export = command(home, "export", *WORDS, "--output-path", str(folder))
    process = subprocess.Popen(export, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stderr is not None
    process.stderr.readline()
    process.kill()
    process.communicate()
    assert not folder.exists()
    with exports_of(home) as exports:
        (job,) = exports.heal()
        assert (exports.jobs()[0].status, job.status) == (JobStatus.FAILED, JobStatus.RUNNING)
    assert list(folder.parent.iterdir()) == []
    shutil.rmtree(folder.parent)
    assert run(home, "export", *WORDS, "--output-path", str(folder)).returncode == 0
