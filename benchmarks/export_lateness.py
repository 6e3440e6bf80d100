"""How late a 5 ms timer on the UI thread fires while the export wizard makes a set of every daily bar.

Builds a store of two years of 2,800 issues once, then lets the real wizard export it in its child process, as often as
--runs says, and prints one JSON object: rows, seconds, the latenesses in milliseconds, and the processor time the UI
thread took between two firings: what is late without it is the machine's doing. Bar: no more than 50 ms.
Usage: python -m benchmarks.export_lateness [--runs 5] [--sessions 490]. It needs a screen (xvfb-run serves). On a
machine with other work QT_QPA_PLATFORM=offscreen and `chrt -R -f 10` before it leave only what the program itself does.
"""

import argparse
import gc
import json
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from PySide6.QtCore import QCoreApplication, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWizard

from benchmarks.krx_store import StoreSize, build, sessions
from benchmarks.lateness import Probe, summary
from tray_app.engine.facade import Engine
from tray_app.logs import LogTail
from tray_app.paths import Home, resources
from tray_app.settings import ThemeChoice
from tray_app.ui.page import PageParts
from tray_app.ui.pages.export.page import ExportPage
from tray_app.ui.pages.export.wizard_pages import ExportChoices, saved_choices
from tray_app.ui.queries.bridge import Bridge
from tray_app.ui.start import SWITCH_SECONDS
from tray_app.ui.style.icons import Icons
from tray_app.ui.style.style import Style
from tray_app.ui.style.theme import Theme
from tray_app.wiring import build_engine, open_home

REPOSITORY = Path(__file__).parents[1]
PATIENCE_SECONDS = 120
LOOK_EVERY_MS = 20


@dataclass
class WorkProbe(Probe):
    """Notes the UI thread's own work between two firings too."""

    work_ms: list[float] = field(default_factory=list)
    _worked: float = 0.0

    def _tick(self) -> None:
        worked = time.thread_time()
        if self.late_ms:  # the first firing has nothing before it
            self.work_ms.append((worked - self._worked) * 1000)
        self._worked = worked
        super()._tick()


@dataclass(frozen=True, slots=True)
class Measured:
    """One export: how many rows, how long it took, and what the probe has seen."""

    rows: int
    seconds: float
    probe: WorkProbe


class Watcher(QObject):
    """Does what is next as soon as its condition holds, in turns of the event loop."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._waiting: list[tuple[Callable[[], bool], Callable[[], None]]] = []
        self._give_up_at = time.monotonic() + PATIENCE_SECONDS
        self._timer = QTimer(self)
        self._timer.timeout.connect(self._look)
        self._timer.start(LOOK_EVERY_MS)

    def then(self, holds: Callable[[], bool], do: Callable[[], None]) -> None:
        """Add what comes after all that was added before."""
        self._waiting.append((holds, do))

    def _look(self) -> None:
        if time.monotonic() > self._give_up_at:
            QCoreApplication.exit(1)
        elif self._waiting and self._waiting[0][0]():
            self._waiting.pop(0)[1]()


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--sessions", type=int, default=490)
    parser.add_argument("--folder", type=Path, default=REPOSITORY / ".cache" / "export-lateness")
    asked = parser.parse_args()
    size = StoreSize(first=date(2024, 1, 2), sessions=asked.sessions)
    home = Home(asked.folder / str(asked.sessions))
    if not home.database.exists():
        home.root.mkdir(parents=True)
        build(home.database, size)
    sys.setswitchinterval(SWITCH_SECONDS)
    application = QApplication(sys.argv[:1])
    theme = Theme(application, resources(), ThemeChoice.LIGHT)
    theme.install()
    engine = build_engine(home, open_home(home), check=False)
    engine.pause(None)
    engine.start()
    bridge = Bridge(engine)
    parts = PageParts(engine, bridge, Style(theme, Icons(resources() / "icons", theme)), LogTail())
    try:
        measured = [one_export(engine, parts, size) for _ in range(asked.runs)]
    finally:
        bridge.close()
        engine.stop()
    report(measured)


def one_export(engine: Engine, parts: PageParts, size: StoreSize) -> Measured:
    """Let the wizard make one set of everything and watch the event loop from the press of Export to its result."""
    days = sessions(size)
    with TemporaryDirectory() as place:
        choices = ExportChoices(first=str(days[0]), last=str(days[-1]), adjusted=True, place=place)
        saved_choices(engine.home).write(choices)
        page = ExportPage(parts)
        page.show()
        page.open_wizard()
        wizard = page.wizard
        if wizard is None:
            raise RuntimeError("no wizard")
        probe = WorkProbe()
        rows = 0

        def end() -> None:
            nonlocal rows
            rows = sum(wizard.work.child.document["row_counts"].values())
            probe.finished = True

        watcher = Watcher(page)
        watcher.then(lambda: wizard.currentPage() is wizard.what, wizard.next)
        watcher.then(lambda: wizard.currentPage() is wizard.dates, wizard.next)
        watcher.then(lambda: bool(wizard.how.estimate.text()), _freeze)
        watcher.then(lambda: True, probe.begin)
        watcher.then(lambda: True, wizard.button(QWizard.WizardButton.NextButton).click)
        watcher.then(lambda: wizard.currentPage() is wizard.made, lambda: None)
        watcher.then(wizard.made.copy.isEnabled, end)
        begun = time.monotonic()
        if QCoreApplication.exec():
            raise SystemExit(f"the export did not end: {wizard.work.error.accessibleName()}")
        # The probe's end quits the application, which closes the wizard too.
        page.deleteLater()
        return Measured(rows, time.monotonic() - begun, probe)


def report(measured: list[Measured]) -> None:
    """Print the figures of all exports."""
    late = [lateness for each in measured for lateness in each.probe.late_ms]
    figures = {
        "exports": len(measured),
        "rows": measured[0].rows,
        "seconds": [round(each.seconds, 2) for each in measured],
        "worst_of_each": [round(max(each.probe.late_ms), 1) for each in measured],
        "most_work": round(max(work for each in measured for work in each.probe.work_ms), 1),
        **{name: round(value, 2) for name, value in summary(late).items()},
    }
    sys.stdout.write(json.dumps(figures) + "\n")


def _freeze() -> None:
    # As the tray app does once everything is loaded.
    gc.collect()
    gc.freeze()


if __name__ == "__main__":
    main()
