"""Labels whose colour follows the theme."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy

from tray_app.ui.parts.text.plain import plain_label
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from PySide6.QtWidgets import QLabel

    from tray_app.ui.style.style import Style

INK = "text"
SECONDARY = "secondary"


def label(style: Style, text: str = "", size: FontSize = FontSize.BASE, tone: str = INK) -> QLabel:
    """Return a plain text in one size and tone."""
    made = plain_label(text)
    made.setFont(style.theme.font(size))
    set_tone(made, tone)
    return made


def heading(style: Style, text: str = "", size: FontSize = FontSize.BASE) -> QLabel:
    """Return the title of a section, or of what its size says."""
    made = label(style, text)
    made.setFont(style.theme.font(size, strong=True))
    return made


def paragraph(style: Style, text: str = "", tone: str = INK) -> QLabel:
    """Return a text that wraps and that can be selected with the mouse."""
    made = label(style, text, tone=tone)
    made.setWordWrap(True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
    return made


def machine_text(name: str, text: str = "") -> QPlainTextEdit:
    """Return a field for a text to read and copy, letters of one width, that the keyboard can leave again."""
    made = QPlainTextEdit(text)
    made.setReadOnly(True)
    made.setTabChangesFocus(True)
    made.setAccessibleName(name)
    made.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    return made


def set_tone(made: QLabel, tone: str) -> None:
    """Colour a label by a name the style sheet knows."""
    before = made.property("tone")
    made.setProperty("tone", tone)
    if before in {None, tone}:  # the first tone is seen when the label is first shown
        return
    made.style().unpolish(made)
    made.style().polish(made)


def tone_of_change(change: float | None) -> str:
    """Return the tone of a rise, a fall or neither."""
    if not change or math.isnan(change):
        return SECONDARY
    return "up" if change > 0 else "down"
