"""Start, memory and responsiveness of the tray app, as ratios against a bare PySide6 tray in the same run.

Needs Debian's xvfb, openbox, trayer and xdotool. Usage: python benchmarks/tray.py [--runs 7]
Bars: start to tray <= 1.25 times, idle memory <= 1.75 times, UI lateness during a full history run p99 <= 10 ms and
max <= 50 ms.
"""

import argparse
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tray_app.demo.running import sample_process

BARE = """
import signal, sys
from PySide6.QtCore import QTimer
from PySide6.QtGui import QIcon, QPixmap, QColor
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
application = QApplication(sys.argv)
signal.signal(signal.SIGTERM, lambda *_: application.quit())
timer = QTimer()
timer.timeout.connect(lambda: None)
timer.start(200)
pixmap = QPixmap(22, 22)
pixmap.fill(QColor("red"))
tray = QSystemTrayIcon(QIcon(pixmap))
menu = QMenu()
menu.addAction("Quit", application.quit)
tray.setContextMenu(menu)
tray.show()
application.exec()
tray.hide()
"""
PATIENCE = 30.0
TRAY_HOST = ("trayer", "--heighttype", "pixel", "--height", "32", "--SetDockType", "true")


@contextmanager
def desktop() -> Iterator[dict[str, str]]:
    """Give the environment of a virtual screen with a window manager and a tray host."""
    reader, writer = os.pipe()
    screen = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x800x24", "-nolisten", "tcp", "-noreset"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with os.fdopen(reader, encoding="ascii") as answer:
        environment = {**os.environ, "DISPLAY": f":{answer.readline().strip()}", "QT_QPA_PLATFORM": "xcb"}
    quiet = {"env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    manager = subprocess.Popen(["openbox"], **quiet)  # type: ignore[call-overload]
    wait_until(lambda: subprocess.run(["wmctrl", "-m"], **quiet, check=False).returncode == 0)  # type: ignore[call-overload]
    host = subprocess.Popen(  # type: ignore[call-overload]
        [*TRAY_HOST, "--edge", "bottom", "--align", "right", "--widthtype", "request", "--expand", "true"],
        **quiet,
    )
    try:
        wait_until(lambda: panel(environment) is not None)
        yield environment
    finally:
        for process in (host, manager, screen):
            process.terminate()
            process.wait()


def panel(environment: dict[str, str]) -> str | None:
    """Return the tray host's place and size, which change when an icon docks."""
    found = subprocess.run(
        ["xdotool", "search", "--name", "^panel$", "getwindowgeometry"],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    match = re.search(r"Geometry: (\S+)", found.stdout)
    return match.group(1) if match else None


def wait_until(holds: object) -> None:
    """Poll a condition."""
    stop_at = time.monotonic() + PATIENCE
    while not holds():  # type: ignore[operator]
        if time.monotonic() > stop_at:
            raise TimeoutError
        time.sleep(0.001)


def start_seconds(command: list[str], environment: dict[str, str]) -> tuple[float, "subprocess.Popen[bytes]"]:
    """Start a tray program; returns the seconds until its icon is docked."""
    begun = time.monotonic()
    program = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_until(lambda: icon_there(environment))
    return time.monotonic() - begun, program


def end(program: "subprocess.Popen[bytes]", environment: dict[str, str]) -> None:
    """Stop a tray program and wait for its icon to go."""
    program.send_signal(signal.SIGTERM)
    program.wait(PATIENCE)
    wait_until(lambda: not icon_there(environment))


def icon_there(environment: dict[str, str]) -> bool:
    """Whether the tray host is wider than when empty."""
    size = panel(environment)
    return size is not None and int(size.split("x")[0]) > 16


def resident(pid: int) -> float:
    """Return a process's resident memory in MiB."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def idle_memory(program: "subprocess.Popen[bytes]") -> float:
    """Return resident memory once it has stopped moving."""
    readings: list[float] = []
    while len(readings) < 6 or max(readings[-6:]) - min(readings[-6:]) > 0.5:
        readings.append(resident(program.pid))
        time.sleep(0.5)
    return readings[-1]


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    samples = sample_process((sys.executable, "-m", "tray_app"))
    with tempfile.TemporaryDirectory() as folder, desktop() as environment, samples as upstream:
        script = Path(folder, "bare.py")
        script.write_text(BARE, encoding="utf-8")
        environment |= {"MARKET_TRAY_UPSTREAM": upstream}
        # An installed program has its bytecode; without it every start would compile anew.
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        bare = [sys.executable, str(script)]
        ours = [sys.executable, "-m", "tray_app", "--home", str(Path(folder, "home")), "run", "--hidden"]
        starts: dict[str, list[float]] = {"bare": [], "ours": []}
        memory: dict[str, list[float]] = {"bare": [], "ours": []}
        for _ in range(1 + runs):
            for name, command in (("bare", bare), ("ours", ours)):
                seconds, program = start_seconds(command, environment)
                starts[name].append(seconds)
                memory[name].append(idle_memory(program))
                end(program, environment)
        lateness = history_lateness(Path(folder), environment, runs)
    for what, unit, measured in (("start to tray", "ms", starts), ("idle memory", "MiB", memory)):
        scale = 1000 if unit == "ms" else 1
        # The first start of each is warming up.
        values = {name: each[1:] for name, each in measured.items()}
        medians = {name: statistics.median(each) * scale for name, each in values.items()}
        ratio = statistics.median(mine / other for mine, other in zip(values["ours"], values["bare"], strict=True))
        print(f"{what:<16} bare {medians['bare']:7.1f} {unit}  ours {medians['ours']:7.1f} {unit}  ratio {ratio:.2f}")
    print_lateness(lateness)


def history_lateness(folder: Path, environment: dict[str, str], runs: int) -> list[dict[str, float]]:
    """Return what the UI thread's timer measured in some first starts, each with a daily and a history run."""
    script = Path(__file__).with_name("lateness.py")
    measured = []
    for run in range(runs):
        done = subprocess.run(
            [sys.executable, str(script), str(folder / f"late{run}")],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            encoding="utf-8",
            check=True,
        )
        measured.append(json.loads(done.stdout))
    return measured


def print_lateness(measured: list[dict[str, float]]) -> None:
    """Print the median run's figures."""
    p99, worst = (statistics.median(each[name] for each in measured) for name in ("p99", "max"))
    print(f"UI lateness over {len(measured)} first starts with history: p99 {p99:.1f} ms, max {worst:.1f} ms")


if __name__ == "__main__":
    main()
