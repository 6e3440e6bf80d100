"""Push buttons of the three ranks a window knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QPushButton

from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


def button(style: Style, text: str, icon: str = "") -> QPushButton:
    """Return an ordinary button."""
    return _made(style, text, icon, "", Token.TEXT)


def primary_button(style: Style, text: str, icon: str = "") -> QPushButton:
    """Return the one button of a page that matters most."""
    return _made(style, text, icon, "primary", Token.ON_ACCENT)


def quiet_button(style: Style, text: str, icon: str = "") -> QPushButton:
    """Return a button without a frame."""
    return _made(style, text, icon, "quiet", Token.SECONDARY)


def icon_button(style: Style, icon: str, name: str) -> QPushButton:
    """Return a button that shows only an icon; its name is the tooltip and is read aloud."""
    made = _made(style, "", icon, "quiet", Token.SECONDARY)
    set_tip(made, name)
    made.setAccessibleName(name)
    return made


def _made(style: Style, text: str, icon: str, role: str, token: Token) -> QPushButton:
    made = QPushButton(text)
    made.setProperty("role", role)
    made.setAccessibleName(text.replace("&", ""))
    made.setAutoDefault(False)
    if icon:
        side = style.theme.metrics.icon
        made.setIcon(style.icons.icon(icon, token))
        made.setIconSize(QSize(side, side))
    return made
