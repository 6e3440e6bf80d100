"""A copy of the tree in which a test adds something as a developer would, and proves it in processes of its own."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from patience import PATIENCE
from repository import REPOSITORY

FOLDERS = ("tray_app", "market_tray", "tests", "benchmarks", "resources", "docs")
FILES = ("README.md", "pyproject.toml", "LICENSE")


class CopiedTree:
    """The product, its tests and documents in a folder; changes are made in the copy alone."""

    def __init__(self, folder: Path) -> None:
        self.root = folder
        for name in FOLDERS:
            shutil.copytree(REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        for name in FILES:
            shutil.copy(REPOSITORY / name, folder / name)

    def change(self, file: str, *pairs: tuple[str, str]) -> None:
        """Put texts that stand once in a file in place of others."""
        path = self.root / file
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert text.count(old) == 1, f"{file} has no one place like\n{old}"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")

    def add(self, file: str, text: str) -> None:
        """Write a file that was not there."""
        path = self.root / file
        assert not path.exists(), file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, *words: str) -> str:
        """Run Python on the copy, where its tests' helpers are found too; returns what it said. It must succeed."""
        places = os.pathsep.join((str(self.root), str(self.root / "tests")))
        done = subprocess.run(
            [sys.executable, *words],
            env={**os.environ, "PYTHONPATH": places, "QT_QPA_PLATFORM": "offscreen"},
            cwd=self.root,
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
            check=False,
        )
        assert done.returncode == 0, f"{' '.join(words)}\n{done.stdout}{done.stderr}"
        return done.stdout

    def prove(self, script: str, folder: Path) -> None:
        """Run a script, which is given an empty folder, to its end."""
        folder.mkdir()
        assert self.run("-c", f"{script}\nprint('proved')\n", str(folder)).endswith("proved\n")
