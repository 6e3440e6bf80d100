"""A text with links in the colour of the theme."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocumentFragment
from PySide6.QtWidgets import QLabel, QWidget

from tray_app.ui.parts.text.plain import markup_of
from tray_app.ui.parts.text.texts import SECONDARY, set_tone
from tray_app.ui.style.theme import FontSize, Token

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style


class LinkText(QLabel):
    """Opens its links in the browser, also by keyboard.

    html is a constant of ours and holds only plain `<a href>` and `<br>`; whatever else there is to say is a note.
    """

    def __init__(self, style: Style, html: str, size: FontSize = FontSize.BASE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.setFont(style.theme.font(size))
        self.setWordWrap(True)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setOpenExternalLinks(True)
        set_tone(self, SECONDARY)
        style.theme.changed.connect(self._colour)
        self.show_html(html)

    def show_html(self, html: str, note: str = "") -> None:
        """Show another text, and behind it a note as it is; without a link the keyboard passes it by."""
        self._html = " ".join(part for part in (html, markup_of(note)) if part)
        has_links = "<a " in html
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(flags.TextBrowserInteraction if has_links else flags.TextSelectableByMouse)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if has_links else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(QTextDocumentFragment.fromHtml(self._html).toPlainText())
        self._colour()

    def _colour(self) -> None:
        # A link keeps the colour it had when its text was set.
        self.setText(self._html.replace("<a ", f'<a style="color:{self._style.theme.tokens.hex(Token.ACCENT)}" '))
