"""Small windows that are read and closed."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, qVersion
from PySide6.QtGui import QFontDatabase, QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from tray_app import __version__
from tray_app.core.words import tr
from tray_app.ui.parts.buttons import button, primary_button
from tray_app.ui.parts.texts import SECONDARY, label, paragraph
from tray_app.ui.theme import FontSize

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.ui.parts.look import Look


class ReadDialog(QDialog):
    """A title, what the subclass adds, and a row of buttons that ends with Close."""

    def __init__(self, look: Look, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = look.theme.metrics
        self.look = look
        self.setWindowTitle(title)
        self.setWindowIcon(look.icons.application())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(metrics.dialog_width)
        self.body = QVBoxLayout()
        self.body.setSpacing(metrics.small)
        self.buttons = QHBoxLayout()
        self.buttons.setSpacing(metrics.small)
        self.buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(metrics.wide, metrics.wide, metrics.wide, metrics.large)
        column.setSpacing(metrics.large)
        column.addLayout(self.body, 1)
        column.addLayout(self.buttons)

    def add_head(self, title: str, below: str) -> None:
        """Show our icon with a title beside it."""
        metrics = self.look.theme.metrics
        picture = QLabel()
        picture.setPixmap(
            self.look.icons.application().pixmap(QSize(metrics.icon_empty, metrics.icon_empty), self.devicePixelRatio())
        )
        texts = QVBoxLayout()
        texts.setSpacing(0)
        head = label(self.look, title, FontSize.TITLE)
        head.setFont(self.look.theme.font(FontSize.TITLE, strong=True))
        texts.addWidget(head)
        texts.addWidget(label(self.look, below, tone=SECONDARY))
        row = QHBoxLayout()
        row.setSpacing(metrics.medium)
        row.addWidget(picture)
        row.addLayout(texts, 1)
        self.body.addLayout(row)

    def add_close(self, *, primary: bool = False) -> None:
        """Add the last button."""
        close = (primary_button if primary else button)(self.look, tr("Close"))
        close.clicked.connect(self.close)
        close.setDefault(primary)
        self.buttons.addWidget(close)


class About(ReadDialog):
    """Which program this is."""

    def __init__(self, look: Look, home: Path, parent: QWidget | None = None) -> None:
        super().__init__(look, tr("About Market Tray"), parent)
        self.add_head(tr("Market Tray"), tr("Version {version}", version=__version__))
        self.body.addWidget(paragraph(look, tr("Collects daily market data by itself, into one local file.")))
        self.body.addWidget(paragraph(look, tr("Data folder: {home}", home=home), tone=SECONDARY))
        built = tr("Python {python}, Qt {qt}", python=platform.python_version(), qt=qVersion())
        self.body.addWidget(paragraph(look, built, tone=SECONDARY))
        licence = tr(
            "MIT licence. Qt is used under the LGPL 3. Crypto data by CoinGecko, DefiLlama and alternative.me."
        )
        self.body.addWidget(paragraph(look, licence, tone=SECONDARY))
        self.add_close()


class CrashReport(ReadDialog):
    """What the last start left behind when it failed."""

    def __init__(self, look: Look, text: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(look, tr("Market Tray ended unexpectedly"), parent)
        self._text = tr("Market Tray {version}", version=__version__) + f"\n\n{text}"
        self.body.addWidget(
            paragraph(
                look,
                tr(
                    "Something went wrong the last time. Your data is whole. The text below says where it happened; "
                    "it is kept in {folder}.",
                    folder=folder,
                ),
            )
        )
        box = QPlainTextEdit(self._text)
        box.setReadOnly(True)
        box.setTabChangesFocus(True)
        box.setAccessibleName(tr("What happened"))
        box.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.body.addWidget(box, 1)
        copy = button(look, tr("&Copy"), "copy")
        copy.clicked.connect(self.copy)
        self.buttons.addWidget(copy)
        self.add_close(primary=True)

    def copy(self) -> None:
        """Copy the version and the text."""
        QGuiApplication.clipboard().setText(self._text)
