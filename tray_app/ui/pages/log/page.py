"""The Log page: what the program does, as it does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit
from shiboken6 import isValid

from tray_app.core.words import tr
from tray_app.paths import Home
from tray_app.ui.desktop import open_folder
from tray_app.ui.page import Page, PageParts
from tray_app.ui.pages.log.view import Level, LineFilter, LogView
from tray_app.ui.parts.form.buttons import button, quiet_button
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.layout.boxes import SPACE, column, fill, row
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, label
from tray_app.ui.queries.idle_tasks import pause

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QHideEvent, QShowEvent

UPDATE_PAUSE_MS = 250
FILTER_PAUSE_MS = 150


class LogPage(Page):
    """Shows the log's tail, live while the page is seen."""

    _news = Signal()

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        style = parts.style
        self._position = 0
        self._lines: list[str] = []
        self._filter = LineFilter()
        self._told = False
        self._unsubscribe: Callable[[], None] = lambda: None  # nothing is subscribed to yet
        self.search = QLineEdit()
        self.level = SegmentedControl(
            style,
            tr("Level"),
            ((Level.ALL, tr("All")), (Level.WARNING, tr("Warnings")), (Level.ERROR, tr("Errors"))),
        )
        self.count = label(style, tone=SECONDARY)
        self.newest = quiet_button(style, tr("Newest"), "chevron-down")
        self.copy_button = button(style, tr("Copy"), "copy")
        self._folder = button(style, tr("Open folder"), "folder")
        self.view = LogView(style)
        self._update = pause(self, UPDATE_PAUSE_MS, self._take_news)
        self._typing = pause(self, FILTER_PAUSE_MS, self._apply_filter)
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Show the tail from its start."""
        lines, self._position = self.parts.log_tail.since(0)
        self._lines = list(lines)
        self._show_all()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Listen while the page is seen."""
        self._unsubscribe()
        # What a hidden page was told of is forgotten: it reads the tail anew.
        self._told = False
        self._unsubscribe = self.parts.log_tail.subscribe(self._hear_line)
        super().showEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Stop listening."""
        super().hideEvent(event)
        self._unsubscribe()
        self._update.stop()

    def _arrange(self) -> None:
        metrics = self.parts.style.theme.metrics
        self.search.setPlaceholderText(tr("Filter lines"))
        self.search.setAccessibleName(tr("Filter lines"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(metrics.tile_width)
        self.search.setMaximumWidth(metrics.sentence)
        self.level.choose(Level.ALL)
        # The row keeps its height while the button comes and goes.
        room = self.newest.sizePolicy()
        room.setRetainSizeWhenHidden(True)
        self.newest.setSizePolicy(room)
        self.newest.hide()
        column(
            row(fill(self.search), self.level, SPACE, self.copy_button, self._folder, gap=metrics.small),
            fill(self.view),
            row(self.count, SPACE, self.newest),
            gap=metrics.small,
            margins=metrics.large,
            inside=self,
        )

    def _connect(self) -> None:
        self._news.connect(self._update_soon, Qt.ConnectionType.QueuedConnection)
        self.search.textChanged.connect(lambda _text: self._typing.start())
        self.level.chosen.connect(lambda _key: self._apply_filter())
        self.view.left_the_end.connect(self.newest.setVisible)
        self.newest.clicked.connect(self.view.scroll_to_end)
        self.copy_button.clicked.connect(self.view.copy_shown)
        set_tip(self.copy_button, tr("Copy the selected text, or all lines shown"))
        self._folder.clicked.connect(lambda: open_folder(Home(self.parts.engine.home).logs))
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.activated.connect(self.search.setFocus)

    def _hear_line(self, _line: str) -> None:
        # On the thread that logs: a signal too many is harmless, so no lock; the update forgets before it looks.
        if not self._told and isValid(self):
            self._told = True
            self._news.emit()

    def _update_soon(self) -> None:
        if not self._update.isActive():
            self._update.start()

    def _take_news(self) -> None:
        self._told = False
        lines, self._position = self.parts.log_tail.since(self._position)
        self._lines = (self._lines + list(lines))[-self.view.maximumBlockCount() :]
        self.view.add_lines(self._filter.wanted(lines))
        self._show_count()

    def _apply_filter(self) -> None:
        self._typing.stop()
        self._filter = LineFilter(self.search.text(), Level(self.level.choice() or Level.ALL))
        self._show_all()

    def _show_all(self) -> None:
        whole = self._filter == LineFilter()
        self.view.setPlaceholderText(tr("Nothing logged yet.") if whole else tr("No line matches the filter."))
        self.view.show_lines(self._filter.wanted(self._lines))
        self._show_count()

    def _show_count(self) -> None:
        shown = len(self._filter.wanted(self._lines)) if self._filter != LineFilter() else len(self._lines)
        words = {"shown": shown, "all": len(self._lines)}
        self.count.setText(tr("{all} lines", **words) if shown == len(self._lines) else tr("{shown} of {all}", **words))
