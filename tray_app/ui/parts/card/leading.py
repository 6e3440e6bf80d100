"""What makes a tile or a gauge lead to what its number is made of."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

KEYS = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space})


class Leading(QObject):
    """Makes a widget a stop of the keyboard that is activated by click, Enter or the space bar."""

    activated = Signal()

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._widget = widget
        widget.setProperty("leads", True)  # noqa: FBT003 - Qt's signature
        widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        widget.setCursor(Qt.CursorShape.PointingHandCursor)
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Hear the mouse and the keyboard."""
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonRelease:
            is_left = event.button() is Qt.MouseButton.LeftButton
            if is_left and self._widget.rect().contains(event.position().toPoint()):
                self.activated.emit()
        elif isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress and Qt.Key(event.key()) in KEYS:
            self.activated.emit()
            return True
        return super().eventFilter(watched, event)
