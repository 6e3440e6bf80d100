"""A copy of the tree in which a test adds something as a developer would, and proves it in a process of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from repository import REPOSITORY

PARTS = ("tray_app", "tests", "benchmarks", "resources")


class CopiedTree:
    """The product and its tests in a folder; changes are made in the copy alone."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        for part in PARTS:
            shutil.copytree(REPOSITORY / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))

    def change(self, file: str, *pairs: tuple[str, str]) -> None:
        """Put texts that stand once in a file in place of others."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, old
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        """Write a file that was not there."""
        path = self.root / file
        assert not path.exists()
        path.write_text(text, encoding="utf-8")

    def prove(self, script: str, folder: Path) -> None:
        """Run a script on the copy, which is given the folder of the tests and an empty one, to its end."""
        folder.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", f"{script}\nprint('proved')\n", str(self.root / "tests"), str(folder)],
            env={**os.environ, "PYTHONPATH": str(self.root), "QT_QPA_PLATFORM": "offscreen"},
            cwd=self.root,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.endswith("proved\n")
