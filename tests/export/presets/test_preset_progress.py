"""While a preset's own files are written, progress is told and a wish to stop heard every few listings."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.krx_store import StoreSize, sessions
from export.kit import exports_of, make_home
from tray_app.core.errors import Cancelled
from tray_app.engine.cancel import CancelFlag
from tray_app.export.presets.bars import LISTINGS_A_STEP
from tray_app.export.presets.lean import LEAN
from tray_app.export.progress import ExportProgress
from tray_app.export.request import ExportRequest
from tray_app.paths import Home

SIZE = StoreSize(instruments=3 * LISTINGS_A_STEP, first=date(2024, 1, 1), sessions=5)


@pytest.fixture(scope="module")
def wide_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("wide"), SIZE)


def wanted(folder: Path) -> ExportRequest:
    return ExportRequest(folder, sessions(SIZE)[0], sessions(SIZE)[-1], preset=LEAN)


def test_progress_is_told_every_few_listings(wide_home: Home, tmp_path: Path) -> None:
    heard: list[ExportProgress] = []
    with exports_of(wide_home) as exports:
        exports.run(wanted(tmp_path / "set"), heard.append, CancelFlag())
    steps = [item for item in heard if item.stage == "preset"]
    counts = [item.done for item in steps]
    assert counts[0] == 0
    assert counts[-1] == steps[-1].total > 2 * LISTINGS_A_STEP
    assert max(after - before for before, after in pairwise(counts)) <= LISTINGS_A_STEP


def test_a_wish_to_stop_is_heard_within_a_few_listings(wide_home: Home, tmp_path: Path) -> None:
    flag, written = CancelFlag(), 0

    def stop(progress: ExportProgress) -> None:
        nonlocal written
        if progress.stage == "preset":
            written = progress.done
            if written:
                flag.set()

    with exports_of(wide_home) as exports, pytest.raises(Cancelled):
        exports.run(wanted(tmp_path / "set"), stop, flag)
    assert written == LISTINGS_A_STEP
    assert list(tmp_path.iterdir()) == []
