"""A field for a date, typed in any common form, with its error below it."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from tray_app.core.words import tr
from tray_app.ui.parts.form.fields import LineField

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


class DateField(LineField):
    """Up and Down move by a day; what is typed is put into one form when the field is left."""

    submitted = Signal()

    def __init__(self, style: Style, title: str, placeholder: str = "") -> None:
        line = _DateLine()
        super().__init__(style, title, placeholder, line)
        line.setMinimumWidth(style.theme.metrics.tile_width)
        line.setFont(style.theme.font(tabular=True))
        line.stepped.connect(self._step)
        line.editingFinished.connect(self._tidy)
        line.returnPressed.connect(self.submitted)
        self.column.addStretch()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is typed."""
        return not self.text()

    def day(self) -> date | None:
        """Return the day typed, if it is one."""
        return parse_day(self.line.text())

    def show_day(self, day: date | None) -> None:
        """Fill in a day, or empty the field."""
        self.line.setText(day.isoformat() if day else "")

    def _tidy(self) -> None:
        day = self.day()
        if day is not None:
            self.show_day(day)

    def _step(self, days: int) -> None:
        day = self.day()
        if day is not None:
            self.show_day(day + timedelta(days=days))
            self.changed.emit()


class _DateLine(QLineEdit):
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Move by a day with the arrow keys."""
        step = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.stepped.emit(step)
        else:
            super().keyPressEvent(event)


def say_range_errors(first: DateField, last: DateField, today: date, too_early: str = "") -> bool:
    """Let each field of a range say what is wrong with it; returns whether nothing is.

    An empty last day is today. too_early: what is wrong with a first day that can be used otherwise.
    """
    first.say(tr("Say from which day on.") if first.is_empty else _day_error(first, today) or too_early)
    begins, ends = first.day(), last.day()
    is_reversed = begins is not None and ends is not None and ends < begins
    reversed_error = tr("That day lies before the first one.") if is_reversed else ""
    last.say("" if last.is_empty else reversed_error or _day_error(last, today))
    return not (first.error() or last.error())


def not_a_day() -> str:
    """Return the sentence for a text that names no day."""
    return tr("Write a date like 2024-01-05.")


def _day_error(field: DateField, today: date) -> str:
    day = field.day()
    if day is None:
        return not_a_day()
    return tr("That day lies in the future.") if day > today else ""
