"""The list of pages at the left of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.text.plain import tip_of
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tray_app.ui.page_entry import PageEntry
    from tray_app.ui.style.style import Style


class Navigation(QListWidget):
    """Chooses a page by mouse, arrows or Alt and its number."""

    def __init__(self, style: Style, entries: Sequence[PageEntry], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self.setProperty("role", "navigation")
        self.setAccessibleName(tr("Pages"))
        self.setFixedWidth(metrics.navigation_width)
        self.setIconSize(QSize(metrics.icon_large, metrics.icon_large))
        self.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        for place, entry in enumerate(entries, start=1):
            item = QListWidgetItem(style.icons.icon(entry.icon, Token.TEXT), entry.title, self)
            item.setToolTip(tip_of(tr("{title} (Alt+{place})", title=entry.title, place=place)))
            item.setSizeHint(QSize(0, metrics.row + metrics.small))
