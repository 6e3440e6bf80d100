"""Build the program's folder by build.spec: two builds of one tree have the same files, byte for byte.

    python installer/build.py FOLDER

makes FOLDER/market-tray, for the system it runs on. SOURCE_DATE_EPOCH may name the time that Windows programs carry.
"""

import os
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

SPEC = Path(__file__).resolve().parents[1] / "build.spec"
# Any other would do: what counts is that it does not change.
USUAL_TIME = "1700000000"


def build(folder: Path) -> Path:
    """Build the program and return its folder. Raises CalledProcessError when PyInstaller fails."""
    folder = folder.absolute()
    fixed = {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH") or USUAL_TIME, "PYTHONHASHSEED": "0"}
    with TemporaryDirectory() as scratch:
        places = ("--distpath", str(folder), "--workpath", scratch)
        subprocess.run(
            [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN", *places, str(SPEC)],
            cwd=SPEC.parent,
            check=True,
            env=os.environ | fixed,
        )
    return folder / "market-tray"


if __name__ == "__main__":
    print(build(Path(sys.argv[1])))
