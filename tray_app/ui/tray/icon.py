"""The tray icon. It is shown before anything else is loaded, so this file imports next to nothing."""

from __future__ import annotations

import sys
from html import escape
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QIcon, QPixmap
from PySide6.QtWidgets import QSystemTrayIcon

from tray_app.windows.registry import user_registry
from tray_app.windows.taskbar import taskbar_is_light

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from PySide6.QtWidgets import QMenu

    from tray_app.ui.style.icons import Icons, TrayState

NAME = "Market Tray"
NOTICE_MS = 10_000


class Tray(QObject):
    """The icon, its tooltip and its balloons."""

    opened = Signal()

    def __init__(self, resources: Path) -> None:
        super().__init__()
        self._registry = user_registry()
        # Before our theme colours it, the palette is the desktop's, and its panel is likely to be as bright.
        self._desktop_is_light = QGuiApplication.palette().window().color().lightnessF() > 0.5
        self._draw: Callable[[bool], QIcon] = lambda light: _first_icon(resources, light=light)
        self._icon = QSystemTrayIcon()
        self._icon.setToolTip(NAME)
        self._icon.activated.connect(self._act)
        self._icon.messageClicked.connect(self.opened)
        self.draw()
        self._icon.show()

    def set_menu(self, menu: QMenu | None) -> None:
        """Open this menu on a right click."""
        self._icon.setContextMenu(menu)  # type: ignore[arg-type]

    def show_state(self, icons: Icons, state: TrayState, progress: float | None = None) -> None:
        """Show where the work stands; progress runs from 0 to 1."""
        self._draw = lambda light: icons.tray(state, progress, taskbar_is_light=light)
        self.draw()

    def show_tooltip(self, text: str) -> None:
        """Show another text under the mouse."""
        self._icon.setToolTip(text)

    def draw(self) -> None:
        """Draw the icon for the taskbar as it is now."""
        light = taskbar_is_light(self._registry)
        self._icon.setIcon(self._draw(self._desktop_is_light if light is None else light))

    def notify(self, title: str, message: str, *, is_failure: bool) -> None:
        """Show a balloon.

        Windows shows every text as it is; the notification servers of Linux desktops take markup in the message.
        """
        kind = QSystemTrayIcon.MessageIcon.Warning if is_failure else QSystemTrayIcon.MessageIcon.Information
        shown = escape(message, quote=False) if sys.platform == "linux" else message
        self._icon.showMessage(title, shown, kind, NOTICE_MS)

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


def _first_icon(resources: Path, *, light: bool) -> QIcon:
    """Return the idle icon without the theme, which takes too long to load for the first moment."""
    drawing = (resources / "icons" / "tray.svg").read_bytes().replace(b"currentColor", b"black" if light else b"white")
    pixmap = QPixmap()
    pixmap.loadFromData(drawing, "SVG")
    return QIcon(pixmap)
