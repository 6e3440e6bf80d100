"""The tray icon. It is shown before anything else is loaded, so this file imports next to nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSystemTrayIcon

from tray_app.core.words import tr
from tray_app.ui.icons import Icons, TrayState
from tray_app.windows.registry import user_registry
from tray_app.windows.taskbar import taskbar_is_light

if TYPE_CHECKING:
    from PySide6.QtWidgets import QMenu

    from tray_app.ui.theme import Theme

NOTICE_MS = 10_000


class Tray(QObject):
    """The icon, its tooltip and its balloons."""

    opened = Signal()

    def __init__(self, icons: Icons, theme: Theme) -> None:
        super().__init__()
        self._icons = icons
        self._theme = theme
        self._registry = user_registry()
        self._state = TrayState.IDLE
        self._progress: float | None = None
        self._icon = QSystemTrayIcon()
        self._icon.setToolTip(tr("Market Tray"))
        self._icon.activated.connect(self._act)
        self._icon.messageClicked.connect(self.opened)
        self.draw()

    def show(self) -> None:
        """Show the icon; without a tray it waits for one."""
        self._icon.show()

    def set_menu(self, menu: QMenu | None) -> None:
        """Open this menu on a right click."""
        self._icon.setContextMenu(menu)  # type: ignore[arg-type]

    def show_state(self, state: TrayState, progress: float | None = None) -> None:
        """Show where the work stands; progress runs from 0 to 1."""
        self._state = state
        self._progress = progress
        self.draw()

    def show_tooltip(self, text: str) -> None:
        """Show another text under the mouse."""
        self._icon.setToolTip(text)

    def draw(self) -> None:
        """Draw the icon for the taskbar as it is now."""
        light = taskbar_is_light(self._registry)
        on_light = not self._theme.dark if light is None else light
        self._icon.setIcon(self._icons.tray(self._state, self._progress, taskbar_is_light=on_light))

    def notify(self, title: str, message: str, *, is_failure: bool) -> None:
        """Show a balloon."""
        kind = QSystemTrayIcon.MessageIcon.Warning if is_failure else QSystemTrayIcon.MessageIcon.Information
        self._icon.showMessage(title, message, kind, NOTICE_MS)

    def leave(self) -> None:
        """Take the icon away; what follows must not find it alive when Python ends."""
        self._icon.hide()
        self.set_menu(None)
        self._icon.deleteLater()

    def _act(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason is QSystemTrayIcon.ActivationReason.Trigger:
            self.opened.emit()


def tray_is_there() -> bool:
    """Tell whether this desktop shows tray icons now."""
    return QSystemTrayIcon.isSystemTrayAvailable()
