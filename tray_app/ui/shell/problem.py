"""What the window shows when the engine could not be opened: what happened, and every way on."""

from __future__ import annotations

import traceback
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from tray_app.core.errors import AppError, DatabaseDamaged, DatabaseMissing
from tray_app.core.words import tr
from tray_app.ui.parts.form.buttons import button, primary_button
from tray_app.ui.parts.layout.boxes import SPACE, aligned, column, row
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtGui import QShowEvent

    from tray_app.ui.style.style import Style


class ProblemPanel(QWidget):
    """Offers to try again; for a damaged or missing database to restore a backup or to begin anew."""

    again_requested = Signal()
    empty_requested = Signal()
    restore_requested = Signal(str)
    quit_requested = Signal()

    def __init__(self, style: Style, error: Exception, backups: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self._backups = backups
        self.panel = ErrorPanel(style)
        self.panel.show_error(error_facts(error))
        self.lacks_database = lacks_database(error)
        self.ways = self._ways()
        self._arrange()

    def show_error(self, error: Exception) -> None:
        """Show why the next try failed too; the ways on stay."""
        self.panel.show_error(error_facts(error))
        self._enable(enabled=True)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Give the keyboard to the likeliest way on."""
        super().showEvent(event)
        self.ways[0].setFocus()

    def _ways(self) -> tuple[QPushButton, ...]:
        """Return the ways on, the likeliest first."""
        leave = button(self._style, tr("&Quit"))
        leave.clicked.connect(self.quit_requested)
        if not self.lacks_database:
            again = primary_button(self._style, tr("&Try again"))
            again.clicked.connect(self._try_again)
            return again, leave
        restore = primary_button(self._style, tr("&Restore a backup..."))
        restore.clicked.connect(self._ask_for_backup)
        empty = button(self._style, tr("Start with an &empty database"))
        empty.clicked.connect(self._begin_empty)
        return restore, empty, leave

    def _ask_for_backup(self) -> None:
        chosen, _kind = QFileDialog.getOpenFileName(
            self, tr("Restore a backup"), str(self._backups), tr("Backups (*.db);;All files (*)")
        )
        if chosen:
            self._enable(enabled=False)
            self.restore_requested.emit(chosen)

    def _try_again(self) -> None:
        self._enable(enabled=False)
        self.again_requested.emit()

    def _begin_empty(self) -> None:
        self._enable(enabled=False)
        self.empty_requested.emit()

    def _enable(self, *, enabled: bool) -> None:
        """Let the user choose, or wait for what was chosen."""
        for way in self.ways:
            way.setEnabled(enabled)

    def _arrange(self) -> None:
        metrics = self._style.theme.metrics
        column(
            aligned(self.panel, Qt.AlignmentFlag.AlignTop),
            row(*self.ways, SPACE, gap=metrics.small),
            SPACE,
            gap=metrics.medium,
            margins=metrics.wide,
            inside=self,
        )


def lacks_database(error: Exception) -> bool:
    """Whether there is no database to open, so that a person may restore one or begin anew."""
    return isinstance(error, DatabaseDamaged | DatabaseMissing)


def error_facts(error: Exception) -> ErrorFacts:
    """Return an error in the words of a person; a fault of ours keeps its traceback."""
    # The hints of these two name commands; here the buttons below are the way on.
    if isinstance(error, DatabaseMissing):
        return ErrorFacts(error.title, error.message, details=error.hint)
    if isinstance(error, DatabaseDamaged):
        message = tr("{message} The file was set aside; nothing was deleted.", message=error.message)
        return ErrorFacts(error.title, message, details=error.hint)
    if isinstance(error, AppError):
        return ErrorFacts(error.title, str(error))
    details = "".join(traceback.format_exception(error))
    return ErrorFacts(tr("A fault in Market Tray"), f"{type(error).__name__}: {error}", details=details)
