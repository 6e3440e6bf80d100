"""The last two pages of the export wizard: the work in a child process, and what came of it."""

from __future__ import annotations

import logging
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication

from tray_app.core.sets import Finding
from tray_app.core.words import tr
from tray_app.export.request import to_line
from tray_app.export.set.target import SUMS
from tray_app.ui.desktop import open_folder
from tray_app.ui.labels.formats import number
from tray_app.ui.pages.export.wizard_pages import ChoicePage
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import SPACE, Space, add, fill, row
from tray_app.ui.parts.notice.error_panel import ErrorPanel
from tray_app.ui.parts.notice.progress import Progress, ProgressFacts
from tray_app.ui.parts.table.model import Kind, ViewColumn
from tray_app.ui.parts.table.view import TableView
from tray_app.ui.parts.text.path_label import PathLabel
from tray_app.ui.parts.text.texts import SECONDARY, paragraph, set_tone
from tray_app.ui.queries.child_command import ChildCommand
from tray_app.ui.queries.latest_query import LatestQuery

if TYPE_CHECKING:
    from tray_app.export.request import ExportRequest
    from tray_app.ui.page import PageParts
    from tray_app.ui.style.style import Style

logger = logging.getLogger(__name__)

GUIDE = "LOAD.md"
CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
DAILY = "daily"


class RunPage(ChoicePage):
    """Runs the child; going back or closing stops it. `ended` comes when its job is marked as it ended."""

    ended = Signal()

    def __init__(self, style: Style, parts: PageParts) -> None:
        super().__init__(style, tr("Exporting"))
        self._parts = parts
        self._is_done = self._is_busy = False
        self._target: Path | None = None
        self._next: ExportRequest | None = None
        self.child = ChildCommand(self)
        self.progress = Progress(style)
        self.said = paragraph(style, tone=SECONDARY)
        self.error = ErrorPanel(style)
        add(self.column, self.said, self.progress, self.error, Space(1))
        self.setCommitPage(True)
        self.child.progressed.connect(self._show_progress)
        self.child.ended.connect(self._end)
        self.child.cancelled.connect(self._tell_cancelled)
        self.progress.cancel_requested.connect(self.child.cancel)

    @property
    def is_busy(self) -> bool:
        """Whether a child lives, or its job is still to be marked as it ended."""
        return self._is_busy

    def begin(self, request: ExportRequest) -> None:
        """Start the child; after the one that is still ending."""
        self._is_done = False
        if self._is_busy:
            self._next = request
            self.said.setText(tr("The export before this one is being cancelled."))
            return
        self._next, self._target, self._is_busy = None, request.output_path, True
        self.error.hide()
        self.said.setText(tr("A program of its own writes the set; you can go on working."))
        self.progress.show_progress(ProgressFacts(tr("Starting")))
        words = ("--home", str(self._parts.engine.home), "export-request", "--json")
        self.child.start(words, to_line(request))
        self.completeChanged.emit()

    def cleanupPage(self) -> None:  # noqa: N802 - Qt's name
        """Stop the work when the user goes back."""
        self.give_up()

    def isComplete(self) -> bool:  # noqa: N802 - Qt's name
        """Let the wizard go on when the set is there."""
        return self._is_done

    def give_up(self) -> None:
        """Ask the child to stop; `ended` tells when it has."""
        self._next = None
        self.child.cancel()

    def _show_progress(self, line: dict[str, Any]) -> None:
        if self.child.is_cancelled:
            return
        is_daily = line.get("stage") == DAILY
        facts = ProgressFacts(_what(line), line["done"], line["total"], line.get("seconds_left"), is_counted=is_daily)
        self.progress.show_progress(facts)

    def _end(self, code: int) -> None:
        self.progress.finish()
        self._is_done = code == 0
        self.said.setText("" if self._is_done else tr("Nothing was written. Go back to change something."))
        if not self._is_done:
            self.error.show_error(self.child.error())
        self.completeChanged.emit()
        self._recover(None)

    def _tell_cancelled(self) -> None:
        self.progress.finish()
        self.said.setText(tr("Cancelled. Nothing was written."))
        self._recover(self._target)

    def _recover(self, stopped: Path | None) -> None:
        """Clear what a killed child left, then let everybody look at the jobs."""
        exports = self._parts.engine.exports
        self._parts.bridge.query(
            self, lambda: exports.recover(stopped), lambda _jobs: self._settle(), self._tell_unrecovered
        )

    def _tell_unrecovered(self, error: Exception) -> None:
        logger.warning("what an export left is cleared at the next start: %s", error)
        self._settle()

    def _settle(self) -> None:
        self._is_busy = False
        self.ended.emit()
        if self._next is not None:
            self.begin(self._next)


@dataclass(frozen=True, slots=True)
class SetFacts:
    """What lies in the folder of a set."""

    rows: tuple[tuple[str, int | None, str], ...]
    snippet: str


class ResultPage(ChoicePage):
    """The set, and what to do with it."""

    def __init__(self, style: Style, parts: PageParts) -> None:
        super().__init__(style, tr("The set is ready"))
        self._parts = parts
        self._folder = Path()
        self._snippet = ""
        self._set: LatestQuery[SetFacts] = LatestQuery(parts.bridge, self, self._show_facts, self._show_failure)
        self.child = ChildCommand(self)
        self.path = PathLabel(style)
        self.notes = paragraph(style)
        columns = (ViewColumn(tr("File")), ViewColumn(tr("Rows"), Kind.NUMBER), ViewColumn(tr("SHA-256"), stretch=True))
        self.files = TableView(style, tr("Files of the set"), columns)
        self.open = button(style, tr("&Open folder"), "folder")
        self.copy = button(style, tr("&Copy loading code"), "copy")
        self.verify = button(style, tr("&Verify"), "check")
        self.said = paragraph(style, tone=SECONDARY)
        buttons = row(self.open, self.copy, self.verify, SPACE, gap=style.theme.metrics.small)
        add(self.column, self.path, self.notes, fill(self.files), buttons, self.said)
        self.open.clicked.connect(lambda: open_folder(self._folder))
        self.copy.clicked.connect(self._copy)
        self.verify.clicked.connect(self._verify)
        self.child.ended.connect(self._show_verdict)

    def show_set(self, document: dict[str, Any]) -> None:
        """Show what the child has made."""
        self._folder = Path(document["output_path"])
        counts: dict[str, int] = document["row_counts"]
        self.path.show_path(self._folder)
        self.notes.setText("\n".join(document["notes"]))
        self.notes.setVisible(bool(document["notes"]))
        self.said.setText("")
        self.copy.setEnabled(False)
        folder = self._folder
        self._set.ask(lambda: read_set(folder, counts), folder)

    def _show_facts(self, facts: SetFacts) -> None:
        self.files.set_rows(facts.rows)
        self._snippet = facts.snippet
        self.copy.setEnabled(bool(facts.snippet))

    def _show_failure(self, _error: Exception) -> None:
        self._say(tr("The folder cannot be read any more."), "error")

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(f"# run in {self._folder}\n{self._snippet}")
        self._say(tr("Copied. Run it in the folder of the set."), "success")

    def _verify(self) -> None:
        self.verify.setEnabled(False)
        self._say(tr("Verifying"), SECONDARY)
        self.child.start(verify_words(self._folder))

    def _show_verdict(self, code: int) -> None:
        self.verify.setEnabled(True)
        self._say(verdict(self.child), "error" if code else "success")

    def _say(self, text: str, tone: str) -> None:
        set_tone(self.said, tone)
        self.said.setText(text)


def verify_words(folder: Path) -> list[str]:
    """Return the words that make our console program verify a set."""
    return ["verify", str(folder), "--json"]


def verdict(child: ChildCommand) -> str:
    """Return what a verification found."""
    document = child.document
    if "whole" not in document:
        return child.error().as_text()
    if document["whole"]:
        files, rows = number(document["files"]), number(document["rows"])
        return tr("The set is whole: {files} files, {rows} rows.", files=files, rows=rows)
    first, *others = (Finding(**found) for found in document["findings"])
    if not others:
        return tr("The set is damaged. {finding}. Export it again.", finding=first)
    return tr("The set is damaged. {finding} (and {count} more). Export it again.", finding=first, count=len(others))


def read_set(folder: Path, counts: dict[str, int]) -> SetFacts:
    """Read the checksums and the loading code of a set; not for the UI thread."""
    rows: list[tuple[str, int | None, str]] = []
    for line in (folder / SUMS).read_text("utf-8").splitlines():
        checksum, _, name = line.partition(" ")
        name = name.lstrip(" *")
        rows.append((name, counts.get(name, counts.get(name.removesuffix(".parquet"))), checksum))
    found = CODE.search((folder / GUIDE).read_text("utf-8"))
    return SetFacts(tuple(rows), found.group(1) if found else "")


def _what(line: dict[str, Any]) -> str:
    words = {
        DAILY: tr("Writing daily bars"),
        "tables": tr("Writing the other tables"),
        "preset": tr("Writing files for the program"),
        "publish": tr("Putting the set into its place"),
    }
    what = words.get(str(line.get("stage")), tr("Working"))
    speed = line.get("rows_per_second")
    return tr("{what}, {rows} rows per second", what=what, rows=number(speed)) if speed else what
