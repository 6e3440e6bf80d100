"""A field for a date, typed in any common form, with its error below it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.layout.boxes import SPACE, column
from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style

DATE_FORM = re.compile(r"\D*(\d{4})\D*(\d{1,2})\D*(\d{1,2})\D*")
COMPACT_FORM = re.compile(r"\s*(\d{4})(\d{2})(\d{2})\s*")


def parse_day(text: str) -> date | None:
    """Return the day a text names, year first; nothing when it names none."""
    found = COMPACT_FORM.fullmatch(text) or DATE_FORM.fullmatch(text)
    if found is None:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


class DateField(QWidget):
    """Up and Down move by a day; what is typed is put into one form when the field is left."""

    edited = Signal()
    submitted = Signal()

    def __init__(self, style: Style, title: str, placeholder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.title = title
        self.line = _DateLine()
        self.line.setPlaceholderText(placeholder)
        self.line.setAccessibleName(title)
        self.line.setMinimumWidth(metrics.tile_width)
        self.line.setFont(style.theme.font(tabular=True))
        caption = label(style, title, FontSize.LABEL, SECONDARY)
        caption.setBuddy(self.line)
        self._error = paragraph(style, tone="error")
        self._error.hide()
        column(caption, self.line, self._error, SPACE, gap=metrics.tight, inside=self)
        self.line.textEdited.connect(lambda _text: self.edited.emit())
        self.line.stepped.connect(self._step)
        self.line.editingFinished.connect(self._tidy)
        self.line.returnPressed.connect(self.submitted)

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not self.line.text().strip()

    def day(self) -> date | None:
        """Return the day typed, if it is one."""
        return parse_day(self.line.text())

    def show_day(self, day: date | None) -> None:
        """Fill in a day, or empty the field."""
        self.line.setText(day.isoformat() if day else "")

    def error(self) -> str:
        """Return what is wrong with the field."""
        return "" if self._error.isHidden() else self._error.text()

    def say(self, error: str) -> None:
        """Say what is wrong, or that nothing is."""
        if error == self.error():
            return
        self._error.setText(error)
        self._error.setVisible(bool(error))
        self.line.setAccessibleDescription(error)
        self.line.setProperty("wrong", bool(error))
        self.line.style().unpolish(self.line)
        self.line.style().polish(self.line)

    def _tidy(self) -> None:
        day = self.day()
        if day is not None:
            self.show_day(day)

    def _step(self, days: int) -> None:
        day = self.day()
        if day is not None:
            self.show_day(day + timedelta(days=days))
            self.edited.emit()


class _DateLine(QLineEdit):
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move by a day with the arrow keys."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


def not_a_day() -> str:
    """Return the sentence for a text that names no day."""
    return tr("Write a date like 2024-01-05.")
