"""The list of news feeds as a row: one feed a line, checked as a whole, with the way back to those that came along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPlainTextEdit, QVBoxLayout, QWidget

from tray_app import settings
from tray_app.core.errors import BadInput
from tray_app.core.feeds import default_feeds, format_feeds
from tray_app.core.words import tr
from tray_app.ui.pages.settings.options import OptionRow
from tray_app.ui.parts.buttons import button, quiet_button

if TYPE_CHECKING:
    from tray_app.ui.parts.look import Look

LINES = 8


class FeedsRow(OptionRow):
    """A text of many lines that counts when it is saved; empty stands for the feeds that come with the program."""

    def __init__(self, look: Look, name: str) -> None:
        hint = tr("One a line: name | en or ko | time zone | address, or in its place search: and words.")
        super().__init__(look, name, hint, stacked=True)
        self._applied = ""
        self.field = QPlainTextEdit()
        self.field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(self.field.fontMetrics().lineSpacing() * LINES + 2 * look.theme.metrics.small)
        self.save_button = button(look, tr("Save"))
        self.defaults_button = quiet_button(look, tr("Defaults"))
        for made in (self.save_button, self.defaults_button):
            made.setAccessibleName(f"{made.text()}: {self.title}")
        self.add_control(self.field, 1)
        self.add_control(self._buttons(look))
        self.field.textChanged.connect(self._edited)
        self.save_button.clicked.connect(self._save)
        self.defaults_button.clicked.connect(lambda: self.field.setPlainText(_shown("")))
        self.show_value("")

    def control(self) -> QWidget:
        """Return the field."""
        return self.field

    def show_value(self, value: Any) -> None:
        """Show the feeds, unless others are being typed."""
        is_edited = self._is_edited
        self._applied = str(value)
        if not is_edited:
            self.field.setPlainText(_shown(self._applied))
        self._edited()

    def accepted(self) -> None:
        """Say that the feeds count now."""
        self.field.setPlainText(_shown(self._applied))
        self.say(tr("Saved. They count from the next run."), "success")

    @property
    def _is_edited(self) -> bool:
        return self.field.toPlainText().strip() not in {"", _shown(self._applied).strip()}

    def _buttons(self, look: Look) -> QWidget:
        beside = QWidget()
        column = QVBoxLayout(beside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(look.theme.metrics.small)
        column.addWidget(self.save_button)
        column.addWidget(self.defaults_button)
        column.addStretch()
        return beside

    def _edited(self) -> None:
        text = self.field.toPlainText().strip()
        enabled = self.field.isEnabled()
        self.save_button.setEnabled(enabled and text != _shown(self._applied).strip())
        self.defaults_button.setEnabled(enabled and text != _shown("").strip())
        if self.save_button.isEnabled():
            self.say("")

    def _save(self) -> None:
        try:
            value = settings.parse(self.name, self.field.toPlainText())
        except BadInput as error:
            self.say(str(error), "error")
            return
        self.changed.emit(self.name, "" if value == _shown("").strip() else value)


def _shown(feeds: str) -> str:
    return feeds or format_feeds(default_feeds())
