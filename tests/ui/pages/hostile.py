"""Texts that Qt would take for markup in every place a page shows, and a watch on the file they name."""

from __future__ import annotations

import ctypes
import json
import os
import sqlite3
import struct
import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QHelpEvent, QImage
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QLabel,
    QPlainTextEdit,
    QTableView,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid
from support import ALL_NAMES, open_store

from tray_app.core.model import Job, Run, RunStatus, StepOutcome, StepStatus, Trigger, Window
from tray_app.store.backfill import BackfillStore
from tray_app.store.export_jobs import ExportJobStore, JobStatus
from tray_app.store.runs import RunStore
from tray_app.ui.parts.heat.map import HeatMap
from ui.pages.exchange import fill as fill_exchange
from ui.pages.exchange import keep_issues, weekdays
from ui.pages.stress_days import Filling
from ui.pages.stress_days import fill as fill_liquidity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ui.pages.world import World

# The columns whose words come from a source, a file or a person.
POISONED = {
    "crypto_price": ("symbol", "name", "source_name"),
    "crypto_metric": ("fear_greed_label",),
    "instruments": ("instrument_name", "name_en", "share_class", "security_group", "section", "source_name"),
    "instrument_names": ("name",),
    "indices": ("index_name",),
    "trading_calendar": ("holiday_name", "source_name"),
    "day_ledger": ("reason",),
    "data_quality_issues": ("issue_detail", "acknowledged_note"),
    "export_jobs": ("error", "output_path"),
    "macro_series": ("title", "units", "source"),
    "news_article": ("title", "outlet", "query"),
    "fed_document": ("title", "speaker"),
    "fed_sentence": ("text",),
    "source_pause": ("reason",),
    "restatements": ("old", "new"),
}
MAGENTA = QColor(255, 0, 255)
OPENED, READ = 0x20, 0x01
CELLS = 240


@dataclass
class Canary:
    """A picture of one colour that nobody but markup would open."""

    path: Path
    _watch: int = -1

    def lay(self) -> None:
        """Write the picture, and note from now on who opens it."""
        picture = QImage(48, 48, QImage.Format.Format_RGB32)
        picture.fill(MAGENTA)
        assert picture.save(str(self.path))
        if sys.platform == "linux":
            libc = ctypes.CDLL(None)
            self._watch = libc.inotify_init1(os.O_NONBLOCK)
            assert libc.inotify_add_watch(self._watch, os.fsencode(self.path), OPENED | READ) > 0

    def openings(self) -> int:
        """Return how often it was opened or read since the last call; nobody can tell where there is no inotify."""
        try:
            events = os.read(self._watch, 65_536) if self._watch >= 0 else b""
        except BlockingIOError:
            return 0
        return len(events) // struct.calcsize("iIII")

    @property
    def is_watched(self) -> bool:
        """Whether this system tells who opens a file."""
        return self._watch >= 0

    @property
    def text(self) -> str:
        """Return a text that shows the picture where it is taken for markup."""
        address = QUrl.fromLocalFile(str(self.path)).toString()
        return f'<img src="{address}"><b>hostile</b> <a href="{address}">link</a>'


def fill(world: World, canary: Canary, today: date) -> None:
    """Store something for every page, and then poison every text of it."""
    days = weekdays(date(2026, 7, 1), 30)
    fill_exchange(world.home, days, days[20], days[10])
    keep_issues(world.home, days[-1])
    fill_liquidity(world.home.root, Filling(today, days=180, headlines=12, documents=3))
    world.collect()
    with open_store(world.home.root) as database:
        now = datetime(2026, 8, 14, 9, tzinfo=UTC)
        ExportJobStore(database).start("job", {}, world.home.exports / "set", now)
        ExportJobStore(database).end("job", JobStatus.FAILED, "The disk is full.", now)
        BackfillStore(database).request("crypto", Window(date(2025, 1, 1), date(2025, 2, 1)), now)
        store = RunStore(database)
        for name in ALL_NAMES:
            store.finish(failed(store.start(Job(name, Trigger.SCHEDULER), now), canary.text))
        asked = Job("crypto", Trigger.TRAY, window=Window(date(2025, 1, 1)))
        store.finish(failed(store.start(asked, now), canary.text))
    poison(world.home.database, canary.text)


def failed(run: Run, text: str) -> Run:
    """Return how a run ended whose source said this."""
    steps = (StepOutcome("feeds", StepStatus.FAILED, text), StepOutcome("kospi", StepStatus.SKIPPED, text))
    return Run(
        run.run_id,
        run.collector,
        run.trigger,
        run.kind,
        RunStatus.FAILED,
        run.started_at,
        finished_at=run.started_at,
        duration=1.0,
        steps=steps,
        message=text,
    )


def poison(database: Path, text: str) -> None:
    """Put a text before every text that comes from outside."""
    with closing(sqlite3.connect(database)) as connection, connection:
        for table, columns in POISONED.items():
            for column in columns:
                connection.execute(f"UPDATE {table} SET {column} = ? || {column} WHERE {column} <> ''", (text,))
        hits = json.dumps([["hawkish", text]])
        connection.execute("UPDATE fed_sentence SET hits = ? WHERE hits = ''", (hits,))


# --- looking and hovering ------------------------------------------------------------------------------------------


def windows() -> list[QWidget]:
    """Return every window there is, popups and dialogs too."""
    return [each for each in QApplication.topLevelWidgets() if each.isVisible()]


def markup_on_show(root: QWidget) -> list[str]:
    """Return the texts below a widget that Qt takes for markup though they are not ours."""
    found = []
    for label in [*root.findChildren(QLabel), *([root] if isinstance(root, QLabel) else [])]:
        shape = label.textFormat()
        guessed = shape is Qt.TextFormat.AutoText and QtGui.Qt.mightBeRichText(label.text())
        if (guessed or shape is Qt.TextFormat.RichText) and ("<img" in label.text() or "<b>hostile" in label.text()):
            found.append(label.text())
    found += [text.toHtml() for text in root.findChildren(QTextEdit) if "<img" in text.toHtml()]
    written = [plain.toPlainText() for plain in root.findChildren(QPlainTextEdit)]
    return found + [text for text in written if "hostile" in text and "<b>hostile" not in text]


def shows_picture(root: QWidget) -> bool:
    """Whether the canary's colour is anywhere in the window."""
    image = root.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = struct.pack("=I", MAGENTA.rgb())
    return wanted * 8 in bytes(image.constBits())


def cells(view: QAbstractItemView) -> list[QModelIndex]:
    """Return every cell of a table or list."""
    model = view.model()
    columns = range(model.columnCount()) if isinstance(view, QTableView) else range(1)
    return [model.index(row, column) for row in range(model.rowCount()) for column in columns]


def hover(root: QWidget, seen: set[QWidget]) -> Iterator[QLabel]:
    """Ask every widget, cell and title below a widget for its tooltip, once; yield each that appears."""
    for widget in [root, *root.findChildren(QWidget)]:
        if not isValid(widget) or not widget.isVisible() or widget in seen:
            continue
        seen.add(widget)
        for place in _places(widget):
            spot = widget.viewport() if isinstance(widget, QAbstractItemView) else widget
            QApplication.sendEvent(spot, QHelpEvent(QEvent.Type.ToolTip, place, spot.mapToGlobal(place)))
            for window in windows():
                if isinstance(window, QLabel) and window.metaObject().className() == "QTipLabel":
                    yield window
                    window.hide()


def _places(widget: QWidget) -> list[QPoint]:
    if isinstance(widget, QHeaderView):
        middle = widget.height() // 2
        return [
            QPoint(widget.sectionViewportPosition(each) + widget.sectionSize(each) // 2, middle)
            for each in range(widget.count())
        ]
    if isinstance(widget, QAbstractItemView):
        return [widget.visualRect(cell).center() for cell in cells(widget)[:CELLS]]
    if isinstance(widget, HeatMap):
        grid = widget.grid()
        return [
            QPoint(x, y) for y in range(grid.area.top() + 4, widget.height(), 12) for x in range(60, widget.width(), 9)
        ]
    return [widget.rect().center()]
