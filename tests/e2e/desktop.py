"""A real desktop for tests: X server, window manager, tray, and hands for mouse and keyboard."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

import present
from patience import PATIENCE

from e2e.children import PATIENT_APP

PROGRAMS = ("Xvfb", "openbox", "trayer", "xdotool", "wmctrl", "import")
TRAYER = (
    "trayer --edge bottom --align right --widthtype request --heighttype pixel --height 32"
    " --SetDockType true --expand true"
)
LEAST_ICON_WIDTH = 20
LOOK_SECONDS = 0.05
TIMES_ACTED = 20
ONE_ACT = 3.0

Found = TypeVar("Found")


def missing_programs() -> str:
    """Return why there can be no desktop here; empty when there can."""
    if sys.platform != "linux":
        return "the test desktop is an X server"
    lacking = [program for program in PROGRAMS if shutil.which(program) is None]
    return f"needs {', '.join(lacking)} (see README)" if lacking else ""


def until(look: Callable[[], Found], what: str) -> Found:
    """Look until something is found and return it; fail after the patience."""
    end = time.monotonic() + PATIENCE
    while not (found := look()):
        if time.monotonic() > end:
            raise AssertionError(f"not within {PATIENCE:.0f} s: {what}")
        time.sleep(LOOK_SECONDS)
    return found


@dataclass(frozen=True)
class Place:
    """A rectangle on the screen."""

    x: int
    y: int
    width: int
    height: int

    @property
    def centre(self) -> tuple[int, int]:
        """Return the point to click."""
        return self.x + self.width // 2, self.y + self.height // 2


class Desktop:
    """An X server of its own; the tray host comes and goes as a test wants it."""

    def __init__(self) -> None:
        self._running = ExitStack()
        self._tray: subprocess.Popen[bytes] | None = None
        self.display = ""

    def __enter__(self) -> Self:
        reading, writing = os.pipe()
        # Without -noreset the server starts anew whenever its last client leaves, and takes along who is just coming.
        command = f"Xvfb -displayfd {writing} -screen 0 1280x800x24 -nolisten tcp -noreset"
        self._start(command, pass_fds=(writing,))
        os.close(writing)
        with os.fdopen(reading, encoding="ascii") as announced:
            self.display = f":{announced.readline().strip()}"
        self._start("openbox")
        try:
            until(lambda: self.run("wmctrl", "-m"), "a window manager")
        except AssertionError:
            self._running.close()
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop_tray()
        self._running.close()

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment of a program on this desktop."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "MARKET_TRAY_"))}
        return {**kept, "DISPLAY": self.display, "LANG": "C.UTF-8"}

    def start_tray(self) -> None:
        """Let a tray host appear."""
        self._tray = self._popen(TRAYER)

    def stop_tray(self) -> None:
        """Take the tray host away."""
        if self._tray is not None:
            _end(self._tray)
            self._tray = None

    def run(self, *command: str) -> str:
        """Run a tool on this desktop; its output, or nothing when it found nothing."""
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    def icon(self) -> Place | None:
        """Return where the only tray icon is."""
        found = self.run("xdotool", "search", "--name", "^panel$", "getwindowgeometry", "--shell")
        panel = _place(found) if found else None
        return panel if panel is not None and panel.width >= LEAST_ICON_WIDTH else None

    def click_icon(self, button: int) -> None:
        """Click the tray icon."""
        icon = until(self.icon, "a tray icon")
        assert icon is not None
        self.click(icon, button)

    def click(self, place: Place, button: int = 1) -> None:
        """Click in the middle of a place."""
        x, y = place.centre
        self.run("xdotool", "mousemove", str(x), str(y), "click", str(button))

    def key(self, *keys: str) -> None:
        """Press keys, one after another."""
        self.run("xdotool", "key", *keys)

    def windows(self, process: int) -> set[str]:
        """Return the windows of a process that can be seen, menus included."""
        return set(self.run("xdotool", "search", "--onlyvisible", "--pid", str(process)).split())

    def titles(self) -> list[str]:
        """Return the titles of the windows; menus and the tray itself are none."""
        lines = [line.split(maxsplit=3) for line in self.run("wmctrl", "-l").splitlines()]
        return [words[-1] for words in lines if words[-1] != "panel"]

    def place_of(self, window: str) -> Place:
        """Return where a window is."""
        return _place(self.run("xdotool", "getwindowgeometry", "--shell", window))

    def close_window(self, title: str) -> None:
        """Close a window as its frame's button does."""
        self.run("wmctrl", "-F", "-c", title)

    def is_in_front(self, title: str) -> bool:
        """Tell whether a window of this title has the keyboard."""
        return title in self.titles() and self.run("xdotool", "getactivewindow", "getwindowname") == title

    def screenshot(self, name: str) -> Path:
        """Take a picture for a human to look at."""
        folder = Path("/tmp/market-tray-e2e")  # noqa: S108 - for human eyes
        folder.mkdir(exist_ok=True)
        self.run("import", "-window", "root", str(folder / f"{name}.png"))
        return folder / f"{name}.png"

    def _start(self, command: str, pass_fds: tuple[int, ...] = ()) -> None:
        process = self._popen(command, pass_fds)
        self._running.callback(lambda: _end(process))

    def _popen(self, command: str, pass_fds: tuple[int, ...] = ()) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            command.split(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=self.environment if self.display else None,
            pass_fds=pass_fds,
        )


class TrayApp:
    """The tray app as a process."""

    def __init__(self, desktop: Desktop, home: Path, upstream: str, *words: str, **variables: str) -> None:
        self.desktop = desktop
        self.home = home
        environment = {**desktop.environment, "MARKET_TRAY_UPSTREAM": upstream, **present.variables(), **variables}
        # Warnings of Qt and of Python go where the test finds them.
        self.process = subprocess.Popen(
            [sys.executable, "-X", "dev", PATIENT_APP, "--home", str(home), *words],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env=environment,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.communicate()

    def is_over(self) -> bool:
        """Tell whether the process has ended."""
        return self.process.poll() is not None

    def windows(self) -> set[str]:
        """Return the windows of the process, menus included."""
        return self.desktop.windows(self.process.pid)

    def open_menu(self) -> None:
        """Right click the icon and wait for the menu."""
        before = self.windows()
        _persist(lambda: self.desktop.click_icon(3), lambda: self.windows() - before, "the menu")

    def choose(self, *keys: str) -> None:
        """Walk through the menu by its mnemonics; all but the last open a submenu."""
        before = self.windows()
        self.open_menu()
        for key in keys[:-1]:
            self._open_submenu(key)
        opened = self.windows() - before
        _persist(
            lambda: self.desktop.key(keys[-1]),
            lambda: self.is_over() or not opened & self.windows(),
            "the menu closed",
        )

    def _open_submenu(self, key: str) -> None:
        before = self.windows()
        _persist(lambda: self.desktop.key(key), lambda: self.windows() - before, f"a submenu under {key}")

    def end(self, by: signal.Signals = signal.SIGTERM) -> None:
        """Ask the process to quit, as the system or a terminal does."""
        self.process.send_signal(by)

    def result(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and what went to stderr."""
        _output, complaints = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, complaints


def _place(found: str) -> Place:
    numbers = dict(line.split("=") for line in found.splitlines() if "=" in line)
    return Place(*(int(numbers[name]) for name in ("X", "Y", "WIDTH", "HEIGHT")))


def _persist(act: Callable[[], None], look: Callable[[], object], what: str) -> None:
    """Act until it has its effect: what can be seen may not have the mouse or the keyboard yet."""
    for _time in range(TIMES_ACTED):
        act()
        end = time.monotonic() + ONE_ACT
        while time.monotonic() < end:
            if look():
                return
            time.sleep(LOOK_SECONDS)
    raise AssertionError(f"not after {TIMES_ACTED} times: {what}")


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
