"""Options of the settings file as rows, checked where they are typed, and the writing of what changes."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit, QWidget

from tray_app.core.errors import BadInput
from tray_app.core.words import tr
from tray_app.datasets.options import OPTIONS
from tray_app.option import written
from tray_app.ui.labels.runs import error_text
from tray_app.ui.pages.settings.rows import SettingRow
from tray_app.ui.parts.form.buttons import button, quiet_button
from tray_app.ui.parts.form.fields import mark
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.form.switch import Switch
from tray_app.ui.parts.layout.boxes import SPACE, column

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.option import Lines, Option
    from tray_app.settings import LoadedSettings
    from tray_app.ui.page import PageParts
    from tray_app.ui.style.style import Style


class OptionRow(SettingRow):
    """A row for one option; what the environment fixes can be seen but not changed."""

    changed = Signal(str, object)

    def __init__(self, style: Style, option: Option[Any], *, stacked: bool = False) -> None:
        hint = tr(option.hint) if option.hint else ""
        super().__init__(style, option.label_text, hint, stacked=stacked)
        self.option = option
        self.name = option.name
        self._own_hint = hint

    def show_option(self, loaded: LoadedSettings) -> None:
        """Show the option as it stands."""
        fixed = self.name in loaded.fixed_by_environment
        variable = self.option.environment
        self.show_hint(tr("Set by the environment variable {name}.", name=variable) if fixed else self._own_hint)
        self.control().setEnabled(not fixed)
        self.show_value(loaded.settings.value(self.option))

    @abstractmethod
    def control(self) -> QWidget:
        """Return the control."""

    @abstractmethod
    def show_value(self, value: Any) -> None:
        """Show a value without telling anybody."""

    def accepted(self) -> None:
        """Hear that the change was written."""

    def refused(self, error: Exception) -> None:
        """Hear that the change could not be written."""
        self.say(tr("Not saved. {error}", error=error_text(error)), "error")


class ChoiceRow(OptionRow):
    """An option with a few words to choose from."""

    def __init__(self, style: Style, option: Option[Any], choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(style, option)
        self.choices = SegmentedControl(style, option.label_text, choices)
        self.choices.chosen.connect(self._choose)
        self.add_control(self.choices)

    def control(self) -> QWidget:
        """Return the segments."""
        return self.choices

    def show_value(self, value: Any) -> None:
        """Take the segment of a value."""
        self.choices.choose(str(value))

    def _choose(self, key: str) -> None:
        self.say("")
        self.changed.emit(self.name, self.option.parse(key))


class SwitchRow(OptionRow):
    """An option that is on or off."""

    def __init__(self, style: Style, option: Option[Any]) -> None:
        super().__init__(style, option)
        self.box = Switch(style)
        self.box.clicked.connect(self._switch)
        self.add_control(self.box)

    def control(self) -> QWidget:
        """Return the box."""
        return self.box

    def show_value(self, value: Any) -> None:
        """Tick the box or not."""
        self.box.setChecked(bool(value))

    def _switch(self, checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.say("")
        self.changed.emit(self.name, checked)


class TextRow(OptionRow):
    """An option that is typed; Enter or leaving the field applies it when it can be used."""

    def __init__(self, style: Style, option: Option[Any]) -> None:
        super().__init__(style, option)
        self._applied = ""
        self._sent = ""
        self.field = QLineEdit()
        self.field.setPlaceholderText(option.example)
        self.field.setFixedWidth(style.theme.metrics.gauge_width)
        self.field.textEdited.connect(self._edited)
        self.field.editingFinished.connect(self._apply)
        self.add_control(self.field)

    def control(self) -> QWidget:
        """Return the field."""
        return self.field

    def show_value(self, value: Any) -> None:
        """Show a value, unless another one is being typed."""
        self._applied = typed(value)
        if not self.field.isModified():
            self.field.setText(self._applied)

    def accepted(self) -> None:
        """Say that the text counts now; what is being typed meanwhile stays."""
        if self.field.text() != self._sent:
            return
        self.field.setModified(False)
        self.field.setText(self._applied)
        self.say(tr("Saved"), "success")

    def _edited(self) -> None:
        self.say("")
        mark(self.field)

    def _apply(self) -> None:
        if self.field.text() == self._applied:
            self.field.setModified(False)
            mark(self.field)
            return
        try:
            value = self.option.parse(self.field.text().strip())
        except BadInput as error:
            mark(self.field, error.hint)
            self.say(error.hint, "error")
            return
        if typed(value) == self._applied:
            self.field.setText(self._applied)
            return
        self._sent = self.field.text()
        self.changed.emit(self.name, value)


def typed(value: Any) -> str:
    """Return a value as it is typed: times of the day as 06:00, 18:00."""
    text = written(value)
    return ", ".join(text) if isinstance(text, list) else str(text)


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


class SettingsSaver(QObject):
    """Gathers what changes while a file is being written, so that no two are written at once."""

    saved = Signal(object)
    failed = Signal(object, object)

    def __init__(self, parts: PageParts, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._parts = parts
        self._wanted: dict[str, Any] = {}
        self._being_written: frozenset[str] = frozenset()
        self._writing = False

    @property
    def unsaved(self) -> frozenset[str]:
        """Return the options whose newest value does not count yet."""
        return self._being_written | self._wanted.keys()

    def change(self, name: str, value: object) -> None:
        """Write an option as soon as may be."""
        self._wanted[name] = value
        if not self._writing:
            self._write()

    def _write(self) -> None:
        changes, self._wanted = self._wanted, {}
        self._writing = True
        engine = self._parts.engine
        changed = engine.settings.settings.changed({OPTIONS[name]: value for name, value in changes.items()})
        names = self._being_written = frozenset(changes)
        self._parts.bridge.query(
            self,
            lambda: engine.change_settings(changed),
            lambda _nothing: self._done(lambda: self.saved.emit(names)),
            lambda error: self._done(lambda: self.failed.emit(names, error)),
        )

    def _done(self, tell: Any) -> None:
        self._writing = False
        self._being_written = frozenset()
        tell()
        if self._wanted and not self._writing:
            self._write()
