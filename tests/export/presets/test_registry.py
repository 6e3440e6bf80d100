"""A preset is a file of its folder and a name in one line; to offer it nothing heavy is loaded."""

import subprocess
import sys
from pathlib import Path

from repository import REPOSITORY

from tray_app.export import presets
from tray_app.export.presets import PRESETS

SHARED = {"__init__", "preset", "bars"}


def test_every_file_is_in_the_line() -> None:
    files = {file.stem for file in Path(presets.__file__).parent.glob("*.py")} - SHARED
    assert files == {preset.name for preset in PRESETS}


def test_offering_them_loads_neither_arrow_nor_numpy() -> None:
    words = "import sys, tray_app.export.request; print(sorted({'numpy', 'pyarrow', 'pandas'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", words], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
