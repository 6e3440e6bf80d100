"""The segmented control: a few choices side by side, one of them taken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QPushButton, QSizePolicy, QWidget

from tray_app.ui.parts.layout.boxes import row
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.style.style import Style


class SegmentedControl(QFrame):
    """Choices are pairs of a key and a word; the arrow keys move between them."""

    chosen = Signal(str)

    def __init__(
        self, style: Style, name: str, choices: Sequence[tuple[str, str]], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setProperty("role", "segments")
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._keys = [key for key, _ in choices]
        box = row(gap=0, inside=self)
        for place, (_, word) in enumerate(choices):
            box.addWidget(self._segment(style, place, word, name))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._group.idClicked.connect(lambda place: self.chosen.emit(self._keys[place]))

    def choice(self) -> str | None:
        """Return the key of the taken choice."""
        place = self._group.checkedId()
        return self._keys[place] if place >= 0 else None

    def choose(self, key: str | None) -> None:
        """Take a choice without telling anybody; None takes none."""
        self._group.setExclusive(False)
        for place, known in enumerate(self._keys):
            self._group.button(place).setChecked(known == key)
        self._group.setExclusive(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Move with the arrow keys, which the segments leave to us."""
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()), 0)
        focused = [button for button in self._group.buttons() if button.hasFocus()]
        if not step or not focused:
            super().keyPressEvent(event)
            return
        place = (self._group.id(focused[0]) + step) % len(self._keys)
        self._group.button(place).setFocus()
        self._group.button(place).click()

    def _segment(self, style: Style, place: int, word: str, name: str) -> QPushButton:
        segment = _Segment(word)
        segment.setProperty("role", "segment")
        segment.setCheckable(True)
        segment.setAutoDefault(False)
        segment.setFont(style.theme.font(FontSize.LABEL))
        segment.setFixedHeight(style.theme.metrics.control)
        segment.setAccessibleName(f"{name}: {word}")
        self._group.addButton(segment, place)
        return segment


class _Segment(QPushButton):
    """Leaves the arrow keys to the control."""

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in {Qt.Key.Key_Left, Qt.Key.Key_Right}:
            event.ignore()
        else:
            super().keyPressEvent(event)
