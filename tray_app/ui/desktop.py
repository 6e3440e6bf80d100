"""What is handed to the desktop to open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

if TYPE_CHECKING:
    from pathlib import Path


def open_web_page(link: str) -> None:
    """Open a page of the web in the browser; nothing else is opened."""
    url = QUrl(link)
    if url.scheme() in {"http", "https"}:
        QDesktopServices.openUrl(url)


def open_folder(folder: Path) -> bool:
    """Open a folder in the system's file manager; returns whether the desktop took it."""
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
