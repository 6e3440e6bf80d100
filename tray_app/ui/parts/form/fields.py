"""Fields: a caption, a control, and below it what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QComboBox, QLineEdit, QWidget

from tray_app.ui.parts.form.switch import Switch
from tray_app.ui.parts.layout.boxes import SPACE, column, row
from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtWidgets import QLabel

    from tray_app.ui.style.style import Style


class Field(QWidget):
    """Holds one control under its caption."""

    changed = Signal()

    def __init__(self, style: Style, title: str) -> None:
        super().__init__()
        self.title = title
        self.caption: QLabel = label(style, title, FontSize.LABEL, SECONDARY)
        self._error = paragraph(style, tone="error")
        self._error.hide()
        self.row = row(gap=style.theme.metrics.large)
        self.column = column(self.caption, self.row, self._error, gap=style.theme.metrics.tight, inside=self)

    def error(self) -> str:
        """Return what is wrong."""
        return "" if self._error.isHidden() else self._error.text()

    def say(self, error: str) -> bool:
        """Say what is wrong, or that nothing is; returns whether the field is right."""
        self._error.setText(error)
        self._error.setVisible(bool(error))
        self.setAccessibleDescription(error)
        return not error


class BoxesField(Field):
    """Several of a few, side by side or, where the words are long, below each other."""

    def __init__(self, style: Style, title: str, choices: Sequence[tuple[str, str]], *, is_list: bool = False) -> None:
        super().__init__(style, title)
        self.boxes: dict[str, Switch] = {}
        if is_list:
            self.row.setDirection(QBoxLayout.Direction.TopToBottom)
            self.row.setSpacing(style.theme.metrics.small)
        for key, word in choices:
            box = Switch(style)
            box.setAccessibleName(f"{title}: {word}")
            box.toggled.connect(lambda _checked: self.changed.emit())
            self.boxes[key] = box
            rest = (SPACE,) if is_list else ()
            self.row.addLayout(row(box, label(style, word), *rest, gap=style.theme.metrics.small))
        if not is_list:
            self.row.addStretch()

    def keys(self) -> tuple[str, ...]:
        """Return what is ticked."""
        return tuple(key for key, box in self.boxes.items() if box.isChecked())

    def show_keys(self, keys: Iterable[str]) -> None:
        """Tick these and no others."""
        ticked = frozenset(keys)
        for key, box in self.boxes.items():
            box.setChecked(key in ticked)


class ComboField(Field):
    """One of many."""

    def __init__(self, style: Style, title: str, choices: Sequence[tuple[str, str]]) -> None:
        super().__init__(style, title)
        self.combo = QComboBox()
        self.combo.setAccessibleName(title)
        self.show_choices(choices)
        self.caption.setBuddy(self.combo)
        self.combo.currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.row.addWidget(self.combo)
        self.row.addStretch()

    def show_choices(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer others; what is chosen stays chosen when it is among them, else the first one is, telling nobody."""
        chosen = self.combo.currentData()
        self.combo.blockSignals(True)  # noqa: FBT003 - Qt's signature
        self.combo.clear()
        for key, word in choices:
            self.combo.addItem(word, key)
        self.combo.setCurrentIndex(max(0, self.combo.findData(chosen)))
        self.combo.blockSignals(False)  # noqa: FBT003

    def key(self) -> str:
        """Return what is chosen."""
        return str(self.combo.currentData())

    def show_key(self, key: str) -> None:
        """Choose."""
        self.combo.setCurrentIndex(max(0, self.combo.findData(key)))


class LineField(Field):
    """A text, with room for a button beside it."""

    def __init__(self, style: Style, title: str, placeholder: str = "", line: QLineEdit | None = None) -> None:
        super().__init__(style, title)
        self.line = QLineEdit() if line is None else line
        self.line.setAccessibleName(title)
        self.line.setPlaceholderText(placeholder)
        self.caption.setBuddy(self.line)
        self.line.textEdited.connect(lambda _text: self.changed.emit())
        self.row.addWidget(self.line, 1)

    def text(self) -> str:
        """Return what is typed."""
        return self.line.text().strip()

    def say(self, error: str) -> bool:
        """Mark the line too."""
        mark(self.line, error)
        return super().say(error)


def mark(field: QLineEdit, why: str = "") -> None:
    """Mark a field as wrong and say why, or as right again."""
    wrong = bool(why)
    field.setAccessibleDescription(why)
    if bool(field.property("wrong")) is wrong:
        return
    field.setProperty("wrong", wrong)
    field.style().unpolish(field)
    field.style().polish(field)
