"""Jobs are logged, and those whose process died are failed at the next start."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from export.kit import NOW, change, export, exports_of, ignore, opened, request
from tray_app.core.errors import BadInput, Cancelled
from tray_app.datasets.krx.exports import KRX_SETS
from tray_app.datasets.krx.rows import Market
from tray_app.engine.cancel import CancelFlag
from tray_app.export.errors import SetHeld, TargetBusy, TargetNotWritable, TargetRefused
from tray_app.export.kinds import Layout
from tray_app.export.progress import ExportProgress
from tray_app.export.set.locking import locked
from tray_app.export.set.target import job_of
from tray_app.export.set.verify import verify
from tray_app.paths import Home
from tray_app.store.export_jobs import ExportJobStore, JobStatus


def stored_progress(home: Home) -> float:
    """Read the job from another process, as the tray does: this one must not open the store meanwhile."""
    query = "SELECT progress FROM export_jobs"
    code = f"import sqlite3, sys; print(sqlite3.connect(sys.argv[1]).execute('{query}').fetchone()[0])"
    return float(subprocess.check_output([sys.executable, "-c", code, str(home.database)]))


def test_a_job_is_logged_from_start_to_end(home: Home, tmp_path: Path) -> None:
    with exports_of(home) as exports:
        job_id, finished = exports.run(request(tmp_path / "set"), ignore, CancelFlag())
        (job,) = exports.jobs()

    assert (job.job_id, job.status, job.progress, job.error) == (job_id, JobStatus.SUCCEEDED, 1.0, None)
    assert job.output_path == tmp_path / "set"
    assert job.row_counts == finished.row_counts
    assert job.files == finished.files
    assert job.request["market_codes"] == ["KOSPI", "KOSDAQ", "KONEX"]
    assert (job.started_at, job.finished_at) == (NOW, NOW)


def test_progress_is_heard_and_stored(home: Home, tmp_path: Path) -> None:
    heard: list[ExportProgress] = []
    stored: list[float] = []
    with exports_of(home) as exports:

        def listen(progress: ExportProgress) -> None:
            heard.append(progress)
            if progress.stage == "tables":
                stored.append(stored_progress(home))

        exports.run(request(tmp_path / "set"), listen, CancelFlag())

    rows = [item for item in heard if item.stage == "daily"]
    assert [item.done for item in rows] == sorted(item.done for item in rows)
    assert rows[-1].done == rows[-1].total > 2000
    assert [item.stage for item in heard[-1:]] == ["publish"]
    assert stored[0] > 0.5


def test_a_cancelled_export_leaves_the_old_set_and_nothing_else(home: Home, tmp_path: Path) -> None:
    flag = CancelFlag()
    with exports_of(home) as exports:
        exports.run(request(tmp_path / "out" / "set"), ignore, flag)
        before = (tmp_path / "out" / "set" / "manifest.json").read_bytes()
        with pytest.raises(Cancelled) as cancelled:
            exports.run(request(tmp_path / "out" / "set"), lambda _progress: flag.set(), flag)
        newest = exports.jobs()

    assert "Nothing was exported" in str(cancelled.value)
    assert "collected" not in str(cancelled.value)
    assert {job.status for job in newest} == {JobStatus.SUCCEEDED, JobStatus.CANCELLED}
    assert (tmp_path / "out" / "set" / "manifest.json").read_bytes() == before
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["set"]


def test_what_is_refused_leaves_no_job(home: Home, tmp_path: Path) -> None:
    with exports_of(home) as exports:
        with pytest.raises(BadInput):
            exports.run(request(home.root / "set"), ignore, CancelFlag())
        assert exports.jobs() == ()


def test_a_job_of_a_dead_process_is_failed_and_its_folder_cleared(home: Home, tmp_path: Path) -> None:
    half = tmp_path / ".set.building-0123456789ab"
    half.mkdir()
    with opened(home) as database:
        ExportJobStore(database).start("dead", {}, tmp_path / "set", NOW)
    with exports_of(home) as exports:
        assert [job.job_id for job in exports.recover()] == ["dead"]
        (job,) = exports.jobs()

    assert (job.status, bool(job.error)) == (JobStatus.FAILED, True)
    assert not half.exists()


def unfinished(home: Home, job_id: str, path: Path) -> None:
    """Log a job as its killed process left it."""
    change(
        home,
        "UPDATE export_jobs SET status = 'RUNNING', progress = 0.9, finished_at = NULL, files = '[]',"
        f" row_counts = '{{}}', output_path = '{path}' WHERE job_id = '{job_id}'",
    )


@pytest.mark.parametrize("held", [False, True])
def test_a_job_killed_after_its_set_was_published_has_succeeded(home: Home, tmp_path: Path, *, held: bool) -> None:
    target = tmp_path / "set"
    with exports_of(home) as exports:
        job_id, finished = exports.run(request(target, layout=Layout.YEAR), ignore, CancelFlag())
    if held:
        target.rename(tmp_path / "set-2")
        export(home, target)
    unfinished(home, job_id, target)
    with exports_of(home) as exports:
        exports.recover()
        job = next(job for job in exports.jobs() if job.job_id == job_id)
    assert (job.status, job.progress, job.error) == (JobStatus.SUCCEEDED, 1.0, None)
    assert (job.files, job.row_counts) == (finished.files, finished.row_counts)
    assert job.output_path == (tmp_path / "set-2" if held else target)


def test_a_job_killed_between_the_renames_has_succeeded(home: Home, tmp_path: Path) -> None:
    target, work, old = (tmp_path / name for name in ("set", ".set.building-0123456789ab", ".set.old-0123456789ab"))
    with exports_of(home) as exports:
        exports.run(request(target), ignore, CancelFlag())
        target.rename(old)
        job_id, _finished = exports.run(request(target), ignore, CancelFlag())
    target.rename(work)
    (tmp_path / ".set.publish.json").write_text(json.dumps({"new": work.name, "old": old.name}))
    unfinished(home, job_id, target)
    with exports_of(home) as exports:
        exports.recover()
        states = {job.job_id: job.status for job in exports.jobs()}
    assert states[job_id] is JobStatus.SUCCEEDED
    assert job_of(target) == job_id
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_job_waits_until_its_target_is_its_own(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[JobStatus, bool]] = []
    with exports_of(home) as exports:

        @contextmanager
        def look(target: Path, holder: str) -> Iterator[None]:
            seen.extend((job.status, job.started_at is None) for job in exports.jobs() if job.job_id == holder)
            with locked(target, holder):
                yield

        monkeypatch.setattr("tray_app.export.run.locked", look)
        exports.run(request(tmp_path / "set"), ignore, CancelFlag())
        with locked(tmp_path / "set", "another"), pytest.raises(TargetBusy):
            exports.run(request(tmp_path / "set"), ignore, CancelFlag())
        assert seen == [(JobStatus.PENDING, True)] * 2
        assert {job.status for job in exports.jobs()} == {JobStatus.SUCCEEDED, JobStatus.FAILED}


def test_what_a_reader_held_is_cleared_at_a_later_start(home: Home, tmp_path: Path) -> None:
    export(home, tmp_path / "set")
    old = tmp_path / ".set.old-0123456789ab"
    old.mkdir()
    with exports_of(home) as exports:
        assert exports.recover() == ()
    assert not old.exists()


def test_a_job_that_is_alive_is_left_alone(home: Home, tmp_path: Path) -> None:
    with opened(home) as database:
        ExportJobStore(database).start("alive", {}, tmp_path / "set", NOW)
        ExportJobStore(database).start("dead", {}, tmp_path / "set", NOW)
    with locked(tmp_path / "set", "alive"), exports_of(home) as exports:
        exports.recover()
        states = {job.job_id: job.status for job in exports.jobs()}
    assert states == {"alive": JobStatus.PENDING, "dead": JobStatus.FAILED}


def test_the_estimate_counts_the_very_rows(home: Home, tmp_path: Path) -> None:
    asked = request(tmp_path / "set", markets=(Market.KOSPI,))
    with exports_of(home) as exports:
        estimate = exports.estimate(asked)
        _job, finished = exports.run(asked, ignore, CancelFlag())
    assert estimate.rows == {KRX_SETS: finished.row_counts["instrument_daily"]}
    assert estimate.bytes > 0


def test_old_sets_are_offered_and_deleted_only_when_told(home: Home, tmp_path: Path) -> None:
    with exports_of(home) as exports:
        job_id, _finished = exports.run(request(tmp_path / "set"), ignore, CancelFlag())
        assert exports.older_than() == ()
        (job,) = exports.older_than(-1)
        assert job.job_id == job_id
        (tmp_path / "set" / "notes.txt").write_text("mine")
        with pytest.raises(TargetRefused):
            exports.delete_set(job_id)
        (tmp_path / "set" / "notes.txt").unlink()
        exports.delete_set(job_id)
        assert exports.jobs() == ()
    assert not (tmp_path / "set").exists()


def test_a_set_that_is_held_open_stays_whole_and_listed(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deny(*_paths: object) -> None:
        raise PermissionError(13, "in use")

    with exports_of(home) as exports:
        job_id, _finished = exports.run(request(tmp_path / "set"), ignore, CancelFlag())
        with monkeypatch.context() as patch:
            patch.setattr("tray_app.engine.exporting.withdraw", deny)
            with pytest.raises(SetHeld, match="in use"):
                exports.delete_set(job_id)
        assert verify(tmp_path / "set").is_whole
        exports.delete_set(job_id)
        assert exports.jobs() == ()
    assert list(tmp_path.glob("set*")) == []


def test_a_folder_that_fails_under_way_is_not_blamed_on_the_home(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_parts: object) -> list[str]:
        raise PermissionError(13, "denied")

    monkeypatch.setattr("tray_app.export.run.write_guide", fail)
    with exports_of(home) as exports, pytest.raises(TargetNotWritable) as failed:
        exports.run(request(tmp_path / "set"), ignore, CancelFlag())
    assert "--output-path" in failed.value.hint
    assert "--home" not in failed.value.hint


def test_a_set_that_took_an_old_ones_place_is_not_deleted_for_it(home: Home, tmp_path: Path) -> None:
    with exports_of(home) as exports:
        old, _finished = exports.run(request(tmp_path / "set"), ignore, CancelFlag())
        new, _finished = exports.run(request(tmp_path / "set"), ignore, CancelFlag())
        assert [job.job_id for job in exports.older_than(-1)] == [new]
        exports.delete_set(old)
        assert [job.job_id for job in exports.jobs()] == [new]
    assert verify(tmp_path / "set").is_whole


def test_a_fault_of_the_program_fails_the_job(home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def break_down(*_parts: object) -> list[str]:
        raise RuntimeError("unforeseen")

    monkeypatch.setattr("tray_app.export.run.write_guide", break_down)
    with exports_of(home) as exports:
        with pytest.raises(RuntimeError):
            exports.run(request(tmp_path / "out" / "set"), ignore, CancelFlag())
        (job,) = exports.jobs()
        exports.forget(job.job_id)
        assert exports.jobs() == ()
    assert job.status is JobStatus.FAILED
    assert "unforeseen" in (job.error or "")
    assert list((tmp_path / "out").iterdir()) == []
