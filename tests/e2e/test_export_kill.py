"""An export killed at any moment leaves the old set, or the new one, and nothing of its own after the next start."""

import json
import random
import shutil
import subprocess
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path

import pytest
from export.kit import export_apart, exports_of, make_home, request, started

from tray_app.export.kinds import Layout
from tray_app.export.request import ExportRequest
from tray_app.export.set.target import MANIFEST, job_of
from tray_app.export.set.verify import verify
from tray_app.paths import Home
from tray_app.store.export_jobs import JobStatus

# Of each layout 25 kills: in the stage an export has told of, and so many seconds later at most.
STAGES = {"daily": (7, 0.01), "tables": (6, 0.02), "publish": (8, 0.02)}
# And in shares of the time a whole export takes.
AT_START = (0.0, 0.0, 0.4, 0.8)
# On a busy machine a kill may come too late: then it is tried again, sooner.
TRIES = 10


@pytest.mark.parametrize("layout", Layout)
def test_killed_at_random_moments(tmp_path: Path, layout: Layout) -> None:
    home, folder = make_home(tmp_path / "home"), tmp_path / "out" / "set"
    asked = request(folder, adjusted=True, layout=layout)
    begun = time.monotonic()
    export_apart(home, asked)
    duration = time.monotonic() - begun
    rng = random.Random(20260105)
    moments = [(stage, rng.uniform(0, late)) for stage, (count, late) in STAGES.items() for _ in range(count)]
    moments += [("", share * duration) for share in AT_START]
    rng.shuffle(moments)
    found: Counter[str] = Counter()
    for stage, seconds in moments:
        found[killed_in(home, asked, folder, stage, seconds)] += 1
        check_healed(home, folder)
    assert found.total() == 25
    assert found["start"] >= 2, found
    assert found["writing"] >= 3, found
    assert found["publishing"] + found["published"] >= 3, found


def killed_in(home: Home, asked: ExportRequest, folder: Path, stage: str, seconds: float) -> str:
    """Kill an export, tried until it was not over by then; return how far it had come."""
    for tried in range(TRIES):
        before = job_of(folder)
        if kill(home, asked, stage, seconds / (1 + tried)):
            return phase(folder, before)
    pytest.fail("the export is over before anybody can kill it")


def kill(home: Home, asked: ExportRequest, stage: str, seconds: float) -> bool:
    """Kill an export so long after it has told of a stage; False when it was over by then."""
    process = started(home, asked)
    assert process.stderr is not None
    while stage and json.loads(process.stderr.readline())["stage"] != stage:
        pass
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=seconds)
    process.kill()
    process.communicate()
    return process.returncode != 0


def phase(folder: Path, before: str | None) -> str:
    """Return how far a killed export came, by what it left."""
    half = next(folder.parent.glob(f".{folder.name}.building-*"), None)
    if half is not None:
        return "publishing" if (half / MANIFEST).exists() else "writing"
    return "start" if job_of(folder) == before else "published"


def check_healed(home: Home, folder: Path) -> None:
    """Start once more, then look for a whole set, ends of all jobs that fit it, and nothing else."""
    with exports_of(home) as exports:
        exports.recover()
        states = {job.job_id: job.status for job in exports.jobs()}
    assert verify(folder).findings == ()
    assert [path.name for path in folder.parent.iterdir()] == ["set"]
    assert set(states.values()) <= {JobStatus.SUCCEEDED, JobStatus.FAILED}
    assert states[str(job_of(folder))] is JobStatus.SUCCEEDED


def test_a_first_export_that_is_killed_leaves_no_set(tmp_path: Path) -> None:
    home, folder = make_home(tmp_path / "home"), tmp_path / "out" / "set"
    asked = request(folder, adjusted=True)
    process = started(home, asked)
    assert process.stderr is not None
    process.stderr.readline()
    process.kill()
    process.communicate()
    assert not folder.exists()
    with exports_of(home) as exports:
        (job,) = exports.recover()
        assert (exports.jobs()[0].status, job.status) == (JobStatus.FAILED, JobStatus.RUNNING)
    assert list(folder.parent.iterdir()) == []
    shutil.rmtree(folder.parent)
    export_apart(home, asked)
