"""What a set is said to take is about what it takes."""

from datetime import date
from operator import attrgetter
from pathlib import Path

import pytest

from benchmarks.krx_store import StoreSize, sessions
from export.kit import exports_of, ignore, make_home, request
from tray_app.datasets.liquidity.exports import MACRO_SETS, STRESS_SETS
from tray_app.engine.cancel import CancelFlag
from tray_app.export.presets import PRESETS
from tray_app.export.presets.preset import Preset
from tray_app.export.request import ExportRequest
from tray_app.paths import Home

SIZE = StoreSize(instruments=150, first=date(2024, 1, 1), sessions=120)
FACTOR = 1.5


@pytest.fixture(scope="module")
def sized_home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    return make_home(tmp_path_factory.mktemp("sized"), SIZE)


def off_by(home: Home, asked: ExportRequest) -> float:
    """Return how far the estimate is from the set's size, as a factor of 1 or more."""
    with exports_of(home) as exports:
        told = exports.estimate(asked).bytes
        exports.run(asked, ignore, CancelFlag())
    real = sum(file.stat().st_size for file in asked.output_path.rglob("*") if file.is_file())
    return max(told / real, real / told)


@pytest.mark.parametrize("preset", PRESETS, ids=attrgetter("name"))
def test_every_preset_is_estimated(sized_home: Home, tmp_path: Path, preset: Preset) -> None:
    asked = ExportRequest(tmp_path / "set", sessions(SIZE)[0], sessions(SIZE)[-1], preset=preset)
    assert off_by(sized_home, asked) < FACTOR


def test_adjusted_prices_and_small_sets_are_estimated(
    sized_home: Home, shared_home: Home, liquid_home: Home, tmp_path: Path
) -> None:
    first, last = sessions(SIZE)[0], sessions(SIZE)[-1]
    assert off_by(sized_home, ExportRequest(tmp_path / "adjusted", first, last, adjusted=True)) < FACTOR
    assert off_by(shared_home, request(tmp_path / "small")) < FACTOR
    for dataset in (MACRO_SETS, STRESS_SETS):
        assert off_by(liquid_home, request(tmp_path / dataset.name, datasets=(dataset,))) < FACTOR


def test_an_empty_set_takes_nothing(sized_home: Home, tmp_path: Path) -> None:
    day = date(1999, 1, 4)
    with exports_of(sized_home) as exports:
        assert exports.estimate(ExportRequest(tmp_path / "set", day, day)).bytes == 0
