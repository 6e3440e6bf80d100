"""The windows that tell which program this is, and why its last start failed."""

from __future__ import annotations

import platform
from typing import TYPE_CHECKING

from PySide6.QtCore import qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from tray_app import __version__
from tray_app.core.words import tr
from tray_app.ui.dialogs.read_dialog import ReadDialog
from tray_app.ui.labels.attributions import all_attributions
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.text.links import LinkText
from tray_app.ui.parts.text.texts import SECONDARY, machine_text, paragraph

if TYPE_CHECKING:
    from pathlib import Path

    from tray_app.ui.style.style import Style


class About(ReadDialog):
    """Which program this is."""

    def __init__(self, style: Style, home: Path, parent: QWidget | None = None) -> None:
        super().__init__(style, tr("About Market Tray"), parent)
        self.add_head(tr("Market Tray"), tr("Version {version}", version=__version__))
        self.body.addWidget(paragraph(style, tr("Collects daily market data by itself, into one local file.")))
        self.body.addWidget(paragraph(style, tr("Data folder: {home}", home=home), tone=SECONDARY))
        built = tr("Python {python}, Qt {qt}", python=platform.python_version(), qt=qVersion())
        self.body.addWidget(paragraph(style, built, tone=SECONDARY))
        licence = tr("MIT licence. Qt is used under the LGPL 3.")
        self.body.addWidget(paragraph(style, licence, tone=SECONDARY))
        self.body.addWidget(LinkText(style, "<br>".join(all_attributions())))
        self.add_close()


class CrashReport(ReadDialog):
    """What the last start left behind when it failed."""

    fits_texts = False

    def __init__(self, style: Style, text: str, folder: Path, parent: QWidget | None = None) -> None:
        super().__init__(style, tr("Market Tray ended unexpectedly"), parent)
        self._text = tr("Market Tray {version}", version=__version__) + f"\n\n{text}"
        self.body.addWidget(
            paragraph(
                style,
                tr(
                    "Something went wrong the last time. Your data is whole. The text below says where it happened; "
                    "it is kept in {folder}.",
                    folder=folder,
                ),
            )
        )
        box = machine_text(tr("What happened"), self._text)
        box.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.body.addWidget(box, 1)
        copy = button(style, tr("&Copy"), "copy")
        copy.clicked.connect(self.copy)
        self.buttons.addWidget(copy)
        self.add_close(primary=True)

    def copy(self) -> None:
        """Copy the version and the text."""
        QGuiApplication.clipboard().setText(self._text)
