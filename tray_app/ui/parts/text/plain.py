"""The only ways a text reaches those parts of Qt that take what looks like markup for HTML, and fetch its pictures.

Labels, tooltips, message boxes and the titles of wizards guess by a text's first letters. What is shown here comes from
sources and files, so nothing is left to guess: it is always text.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from PySide6 import QtGui
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QMessageBox, QToolTip

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint, QRect
    from PySide6.QtWidgets import QWidget, QWizard


def plain_label(text: str = "") -> QLabel:
    """Return a label that shows every text as it is."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    return made


def markup_of(text: str) -> str:
    """Return HTML that shows a text, line breaks and blanks included."""
    return f'<span style="white-space:pre-wrap">{escape(text)}</span>' if text else ""


def tip_of(text: str) -> str:
    """Return a tooltip that shows a text; only what Qt would take for markup needs to be escaped."""
    return markup_of(text) if QtGui.Qt.mightBeRichText(text) else text


def set_tip(widget: QWidget, text: str) -> None:
    """Give a widget a tooltip, which a screen reader reads as its description."""
    widget.setToolTip(tip_of(text))
    widget.setAccessibleDescription(text)


def show_tip(text: str, place: QPoint, widget: QWidget, area: QRect) -> None:
    """Show a tooltip now, while the mouse stays within an area of a widget."""
    QToolTip.showText(place, tip_of(text), widget, area)


def message_box(icon: QMessageBox.Icon, title: str, text: str, parent: QWidget | None = None) -> QMessageBox:
    """Return a message box without buttons."""
    made = QMessageBox(parent)
    made.setIcon(icon)
    made.setWindowTitle(title)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    return made


def make_plain(wizard: QWizard) -> None:
    """Show the titles of a wizard's pages as they are."""
    wizard.setTitleFormat(Qt.TextFormat.PlainText)
    wizard.setSubTitleFormat(Qt.TextFormat.PlainText)
