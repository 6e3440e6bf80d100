"""The library comes with the program's wheel, typed, and README's example runs."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

from patience import PATIENCE
from repository import REPOSITORY

from library.kit import run
from tray_app.paths import HOME_VARIABLE, Home


def test_the_wheel_holds_the_library(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=REPOSITORY,
        check=True,
        capture_output=True,
        timeout=PATIENCE,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as packed:
        names = set(packed.namelist())
        packed.extractall(tmp_path / "installed")
    assert {"market_tray/__init__.py", "market_tray/py.typed", "tray_app/__init__.py"} <= names
    installed = tmp_path / "installed"
    code = "import market_tray, market_tray.tables, tray_app; print(market_tray.__file__); print(tray_app.__file__)"
    done = subprocess.run(
        [sys.executable, "-P", "-c", f"import sys; sys.path.insert(0, {str(installed)!r}); {code}"],
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 0, done.stderr
    assert all(Path(line).is_relative_to(installed) for line in done.stdout.splitlines())


def test_the_example_of_readme_runs(shared_home: Home) -> None:
    text = (REPOSITORY / "README.md").read_text("utf-8")
    (example,) = re.findall(r"```python\n(import market_tray\n.*?)```", text, re.DOTALL)

    done = run(example, **{HOME_VARIABLE: str(shared_home.root)})

    assert done.returncode == 0, done.stderr
    assert "trade_date" in done.stdout
