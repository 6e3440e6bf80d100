"""What this program is, and whose data it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app import __version__
from tray_app.core.words import tr
from tray_app.ui.labels.attributions import all_attributions
from tray_app.ui.pages.settings.rows import SettingRow
from tray_app.ui.parts.text.links import LinkText

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tray_app.ui.style.style import Style


def about_rows(style: Style) -> tuple[QWidget, ...]:
    """Return the version with its licence, and the sources with their links."""
    version = SettingRow(style, tr("Market Tray {version}", version=__version__), tr("Free software, MIT licence."))
    sources = SettingRow(style, tr("Sources of data"))
    sources.add_text(LinkText(style, "<br>".join(all_attributions())))
    return version, sources
