"""A machine without a screen runs on requirements-server.lock alone: no package that draws windows is in it."""

import json
import os
import signal
import subprocess
import sys
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import present
import pytest
from patience import PATIENCE
from repository import REPOSITORY
from support import HOSTS

from documents.server_lock import DOCUMENT, pinned
from documents.server_lock import present as lock_now
from tray_app.demo.server import SampleServer

pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or sys.version_info[:2] != (3, 11),
    reason="the lock is made and tried with what Python 3.11 installs on Linux",
)
DRAWING = ("PySide6", "shiboken6", "pyqtgraph")
READ = """
import sys, market_tray
with market_tray.open() as store:
    print(len(store.crypto()))
assert not {"PySide6", "pyqtgraph"} & set(sys.modules)
"""


def test_it_is_what_the_packages_require_now() -> None:
    assert DOCUMENT.read_text("utf-8") == lock_now(), "run: PYTHONPATH=tests python -m documents"


@dataclass(frozen=True)
class Machine:
    """An environment that holds the locked packages and the program, and a home in it."""

    python: Path
    home: Path
    variables: dict[str, str]

    def start(self, *words: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [self.python, "-P", *words],
            env={**self.variables, "MARKET_TRAY_HOME": str(self.home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, *words: str) -> str:
        with self.start(*words) as running:
            out, err = running.communicate(timeout=PATIENCE)
        assert running.returncode == 0, (words, out, err)
        return out

    def market(self, *words: str) -> Any:
        return json.loads(self.run("-m", "tray_app", *words, "--json"))


@pytest.fixture
def server() -> Iterator[SampleServer]:
    with SampleServer(present.now, hosts=HOSTS) as running:
        yield running


@pytest.fixture
def machine(tmp_path: Path, server: SampleServer) -> Machine:
    """Make an environment of this one's packages: as an index would give them, without asking one."""
    venv.create(tmp_path / "server", symlinks=True)
    (packages,) = (tmp_path / "server" / "lib").glob("python*/site-packages")
    for name in {name for name, _lines in pinned(DOCUMENT.read_text("utf-8"))}:
        _install(name, packages)
    (packages / "program.pth").write_text(f"{REPOSITORY}\n", encoding="utf-8")
    clean = {"PATH": os.defpath, "HOME": str(tmp_path), "LANG": "C.UTF-8", "MARKET_TRAY_HISTORY_ON_FIRST_RUN": "false"}
    return Machine(
        tmp_path / "server" / "bin" / "python",
        tmp_path / "home",
        {**clean, **present.variables(), "MARKET_TRAY_UPSTREAM": server.url},
    )


def _install(name: str, packages: Path) -> None:
    try:
        installed = metadata.distribution(name)
    except metadata.PackageNotFoundError:  # what another system needs
        return
    for file in installed.files or ():
        if file.parts[0] != "..":
            (packages / file).parent.mkdir(parents=True, exist_ok=True)
            (packages / file).symlink_to(Path(str(installed.locate_file(file))))


def test_collecting_serving_exporting_and_reading_need_no_package_that_draws_windows(
    machine: Machine, server: SampleServer, tmp_path: Path
) -> None:
    found = machine.run(
        "-c", f"import importlib.util as u; print([name for name in {DRAWING} if u.find_spec(name) is not None])"
    )
    assert found.strip() == "[]"

    assert machine.market("collect", "crypto")["status"] == "success"
    output = str(tmp_path / "set")
    day = present.now().date().isoformat()
    machine.market(
        "export", "--dataset", "crypto", "--date-from", "2020-01-01", "--date-to", day, "--output-path", output
    )
    machine.market("verify", output)
    assert int(machine.run("-c", READ)) == 20

    asked = server.log.count()
    serving = machine.start("-m", "tray_app", "serve")
    assert server.log.wait_for(asked + 1, seconds=PATIENCE)
    serving.send_signal(signal.SIGTERM)
    _out, err = serving.communicate(timeout=PATIENCE)
    assert (serving.returncode, err) == (0, "")


@pytest.mark.parametrize("words", [(), ("run",), ("demo",)])
def test_what_draws_windows_says_that_it_cannot(machine: Machine, words: tuple[str, ...]) -> None:
    with machine.start("-m", "tray_app", *words) as running:
        out, err = running.communicate(timeout=PATIENCE)
    assert (running.returncode, out.strip()) == (1, "")
    assert "PySide6, which is not installed" in err
    assert "Traceback" not in err
