"""A list as a row: one entry a line, checked as a whole, with the way back to what came along."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QPlainTextEdit, QWidget

from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.ui.pages.settings.options import OptionRow
from tray_app.ui.parts.form.buttons import button, quiet_button
from tray_app.ui.parts.layout.boxes import SPACE, column

if TYPE_CHECKING:
    from tray_app.option import Lines, Option
    from tray_app.ui.style.style import Style

LINES = 8


class LinesRow(OptionRow):
    """A text of many lines that counts when it is saved; empty stands for what comes with the program."""

    def __init__(self, style: Style, option: Option[Any], lines: Lines) -> None:
        super().__init__(style, option, stacked=True)
        self._lines = lines
        self._applied = ""
        self.field = QPlainTextEdit()
        self.field.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.field.setTabChangesFocus(True)
        self.field.setFixedHeight(self.field.fontMetrics().lineSpacing() * LINES + 2 * style.theme.metrics.small)
        self.save_button = button(style, tr("Save"))
        self.defaults_button = quiet_button(style, tr("Defaults"))
        for made in (self.save_button, self.defaults_button):
            made.setAccessibleName(f"{made.text()}: {self.title}")
        self.add_control(self.field, 1)
        self.add_control(self._buttons(style))
        self.field.textChanged.connect(self._edited)
        self.save_button.clicked.connect(self._save)
        self.defaults_button.clicked.connect(lambda: self.field.setPlainText(self._shown("")))
        self.show_value("")

    def control(self) -> QWidget:
        """Return the field."""
        return self.field

    def show_value(self, value: Any) -> None:
        """Show the lines, unless others are being typed."""
        is_edited = self._is_edited
        self._applied = str(value)
        if not is_edited:
            self.field.setPlainText(self._shown(self._applied))
        self._edited()

    def accepted(self) -> None:
        """Say that the lines count now."""
        self.field.setPlainText(self._shown(self._applied))
        self.say(tr("Saved. They count from the next run."), "success")

    @property
    def _is_edited(self) -> bool:
        return self.field.toPlainText().strip() not in {"", self._shown(self._applied).strip()}

    def _buttons(self, style: Style) -> QWidget:
        beside = QWidget()
        column(self.save_button, self.defaults_button, SPACE, gap=style.theme.metrics.small, inside=beside)
        return beside

    def _edited(self) -> None:
        text = self.field.toPlainText().strip()
        enabled = self.field.isEnabled()
        self.save_button.setEnabled(enabled and text != self._shown(self._applied).strip())
        self.defaults_button.setEnabled(enabled and text != self._shown("").strip())
        if self.save_button.isEnabled():
            self.say("")

    def _save(self) -> None:
        try:
            value = self.option.parse(self.field.toPlainText())
        except BadInput as error:
            self.say(str(error), "error")
            return
        self.changed.emit(self.name, "" if value == self._shown("").strip() else value)

    def _shown(self, text: str) -> str:
        return text or self._lines.standing_for_none()
