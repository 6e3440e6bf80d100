"""How late a 5 ms timer on the UI thread fires while the tray app collects and fills history.

A process of its own: `python benchmarks/lateness.py HOME` runs the tray app on HOME (MARKET_TRAY_UPSTREAM names
the sample server), opens no window, quits after the first history run, and prints one JSON object with
the latenesses in milliseconds, measured from the moment the engine is there. Under Linux the time in which other
programs kept a thread of this one from a processor is taken off: it says something of the machine alone.
"""

import json
import sys
import time
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QTimer

from tray_app.app import tray_parts
from tray_app.core.events import Event, RunFinished
from tray_app.core.model import RunKind
from tray_app.engine.facade import Engine
from tray_app.engine.launching import OpenedEngine
from tray_app.paths import Home
from tray_app.ui.start import start

PERIOD_MS = 5
THREADS = Path("/proc/self/task")


def kept_waiting_ms() -> float:
    """Return how long all threads of this process together have been ready to run and found no processor free."""
    waited = 0
    for thread in THREADS.iterdir() if THREADS.exists() else ():
        try:
            waited += int((thread / "schedstat").read_bytes().split()[1])
        except OSError:  # the thread has just ended
            continue
    return waited / 1e6


@dataclass(slots=True)
class Probe:
    """A precise timer on the UI thread that notes how late it is."""

    late_ms: list[float] = field(default_factory=list)
    finished: bool = False
    _last: float = 0.0
    _waited: float = 0.0
    _timer: QTimer | None = None

    def begin(self) -> None:
        """Start; call on the UI thread."""
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._last, self._waited = time.perf_counter(), kept_waiting_ms()
        self._timer.start(PERIOD_MS)

    def hear(self, event: Event) -> None:
        """End after the first history run; called on the worker's thread."""
        if isinstance(event, RunFinished) and event.run.kind is RunKind.HISTORY:
            self.finished = True

    def _tick(self) -> None:
        now, waited = time.perf_counter(), kept_waiting_ms()
        by_others = max(0.0, waited - self._waited)  # a thread that ends takes its time away
        self.late_ms.append(max(0.0, (now - self._last) * 1000 - PERIOD_MS - by_others))
        self._last, self._waited = now, waited
        if self.finished and self._timer is not None:
            self._timer.stop()
            QTimer.singleShot(0, QCoreApplication.quit)


def watch(engine: Engine, probe: Probe) -> None:
    """Probe the UI thread from now on; called on the thread that opened the engine."""
    engine.subscribe(probe.hear)
    application = QCoreApplication.instance()
    if application is None:
        raise RuntimeError("the application is gone")
    QTimer.singleShot(0, application, probe.begin)


def summary(late_ms: list[float]) -> dict[str, float]:
    """Return count, median, p99 and the worst."""
    ordered = sorted(late_ms)
    return {
        "samples": len(ordered),
        "median": ordered[len(ordered) // 2],
        "p99": ordered[int(len(ordered) * 0.99)],
        "max": ordered[-1],
    }


def main() -> None:
    """Run the tray app under the probe and print what it measured."""
    parts = tray_parts(Home(Path(sys.argv[1]).absolute()), hidden=True)
    probe = Probe()

    def opened() -> OpenedEngine:
        launched = parts.open_engine()
        watch(launched.engine, probe)
        return launched

    code = start(replace(parts, open_engine=opened))
    sys.stdout.write(json.dumps({**summary(probe.late_ms), "exit_code": code}) + "\n")


if __name__ == "__main__":
    main()
