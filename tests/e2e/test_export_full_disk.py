"""A full disk ends an export with a clear message; the old set stays, and nothing half-written."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from export.kit import SIZE, exports_of, ignore, make_home, names, request

from tray_app.core.errors import DiskFull
from tray_app.engine.cancel import CancelFlag
from tray_app.export.presets.qlib import QLIB
from tray_app.export.set.verify import verify
from tray_app.store.export_jobs import JobStatus

if sys.platform == "win32":
    pytest.skip("needs tmpfs", allow_module_level=True)
elif os.geteuid() != 0:
    pytest.skip("needs root to mount a small disk", allow_module_level=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip("cannot mount here")
    try:
        yield disk
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_leaves_the_old_set(tmp_path: Path, small_disk: Path) -> None:
    home, folder = make_home(tmp_path / "home", SIZE), small_disk / "set"
    with exports_of(home) as exports:
        exports.run(request(folder), ignore, CancelFlag())
        used = sum((folder / name).stat().st_size for name in names(folder))
        before = (folder / "manifest.json").read_bytes()
        failed = 0
        for room in range(0, 2 * used, used // 8):
            ballast = small_disk / "ballast"
            free = os.statvfs(small_disk).f_bavail * 4096
            ballast.write_bytes(b"x" * max(free - room, 0))
            try:
                exports.run(request(folder, preset=QLIB), ignore, CancelFlag())
            except DiskFull:
                failed += 1
                assert [job.status for job in exports.jobs()].count(JobStatus.FAILED) == failed
                assert (folder / "manifest.json").read_bytes() == before
            else:
                before = (folder / "manifest.json").read_bytes()
            ballast.unlink()
            assert verify(folder).findings == ()
            assert [path.name for path in small_disk.iterdir()] == ["set"]
        assert failed > 3
