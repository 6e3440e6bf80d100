"""What this program is, and whose data it shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tray_app import __version__
from tray_app.core.words import tr
from tray_app.ui.pages.settings_rows import SettingRow
from tray_app.ui.parts.links import LinkText

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tray_app.ui.parts.look import Look

ATTRIBUTIONS = (
    ("Data provided by {link}", "CoinGecko", "https://www.coingecko.com/en/api"),
    ("Source: {link}", "DefiLlama", "https://defillama.com/"),
    ("Fear & Greed Index: {link}", "alternative.me", "https://alternative.me/crypto/fear-and-greed-index/"),
)


def about_rows(look: Look) -> tuple[QWidget, ...]:
    """Return the version with its licence, and the sources with their links."""
    version = SettingRow(look, tr("Market Tray {version}", version=__version__), tr("Free software, MIT licence."))
    sources = SettingRow(look, tr("Sources of data"))
    lines = [tr(text, link=_link(name, url)).replace("& ", "&amp; ") for text, name, url in ATTRIBUTIONS]
    sources.add_text(LinkText(look, "<br>".join(lines)))
    return version, sources


def _link(name: str, url: str) -> str:
    return f'<a href="{url}">{name}</a>'
