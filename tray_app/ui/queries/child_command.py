"""Our console program as a child process: its progress lines, its one JSON document, and its end."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, QProcess, Signal

from tray_app.core.words import tr
from tray_app.paths import console_command
from tray_app.ui.parts.notice.error_panel import ErrorFacts
from tray_app.ui.queries.idle_tasks import pause

if TYPE_CHECKING:
    from collections.abc import Sequence

# How long a child may take to end by itself, before it is killed; what it leaves is then cleared by the next start.
PATIENCE_MS = 3_000
KILL_MS = 1_000


class ChildCommand(QObject):
    """Runs one command at a time; `ended` tells the exit code, and only when it was not given up."""

    progressed = Signal(dict)
    ended = Signal(int)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.document: dict[str, Any] = {}
        self.is_cancelled = False
        self._notes: list[str] = []
        self._partial = b""
        self.process = QProcess(self)
        self.process.readyReadStandardError.connect(self._read_lines)
        self.process.finished.connect(self._finish)
        self.process.errorOccurred.connect(self._fail)
        self.patience = pause(self, PATIENCE_MS, self.process.kill)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self._end_with_program)

    @property
    def is_running(self) -> bool:
        """Whether the child lives."""
        return self.process.state() is not QProcess.ProcessState.NotRunning

    def start(self, words: Sequence[str], line: str = "") -> None:
        """Start our console program with these words, and a line on its standard input where it takes one."""
        self.document, self._notes, self._partial, self.is_cancelled = {}, [], b"", False
        program, *before = console_command()
        self.process.start(program, [*before, *words])
        self.process.write(line.encode())

    def cancel(self) -> None:
        """Ask the child to stop by closing its input, and kill it when it does not soon."""
        if self.is_running and not self.is_cancelled:
            self.is_cancelled = True
            self.process.closeWriteChannel()
            self.patience.start()

    def kill(self) -> None:
        """End the child at once, because nobody wants to know any more; `cancelled` tells when it has ended."""
        if self.is_running:
            self.is_cancelled = True
            self.process.kill()

    def error(self) -> ErrorFacts:
        """Return why the command failed."""
        details = "\n".join(self._notes)
        found = self.document.get("error")
        if isinstance(found, dict):
            message = " ".join(filter(None, (found.get("message"), found.get("hint"))))
            return ErrorFacts(found.get("title") or tr("That did not work"), message)
        return ErrorFacts(tr("That did not work"), tr("The program for this ended unexpectedly."), details=details)

    def _read_lines(self) -> None:
        *lines, self._partial = (self._partial + self.process.readAllStandardError().data()).split(b"\n")
        newest: dict[str, Any] = {}
        for line in lines:
            text = line.decode(errors="replace").strip()
            try:
                found = json.loads(text)
            except ValueError:
                found = None
            if isinstance(found, dict):
                newest = found
            elif text:
                self._notes.append(text)
        if newest:
            self.progressed.emit(newest)

    def _finish(self, code: int, status: QProcess.ExitStatus) -> None:
        self.patience.stop()
        try:
            found = json.loads(bytes(self.process.readAllStandardOutput().data()))
        except ValueError:
            found = None
        self.document = found if isinstance(found, dict) else {}
        result = code if status is QProcess.ExitStatus.NormalExit else -1
        if self.is_cancelled and result:
            self.cancelled.emit()
        else:
            self.ended.emit(result)

    def _end_with_program(self) -> None:
        if not self.is_running:
            return
        self.is_cancelled = True
        self.process.closeWriteChannel()
        if not self.process.waitForFinished(PATIENCE_MS):
            self.process.kill()
            self.process.waitForFinished(KILL_MS)

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._notes.append(self.process.errorString())
            self.ended.emit(-1)
