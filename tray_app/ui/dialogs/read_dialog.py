"""A small window that is read, answered and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLayout, QVBoxLayout, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.form.buttons import button, primary_button
from tray_app.ui.parts.text.plain import plain_label
from tray_app.ui.parts.text.texts import SECONDARY, label
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from tray_app.ui.style.style import Style


class ReadDialog(QDialog):
    """What the subclass adds, and a row of buttons that ends with the one that closes."""

    fits_texts = True

    def __init__(self, look: Style, title: str, parent: QWidget | None = None) -> None:
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

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Take no more height than the texts need at this width."""
        if self.fits_texts:
            self.fit()
        super().showEvent(event)

    def fit(self) -> None:
        """Take the height that the texts need now."""
        layout = self.layout()
        if layout is not None:
            # The layout's own minimum is that of texts wrapped far too early.
            layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
            layout.activate()
            # Without a text that wraps no height follows from the width.
            wrapped = layout.totalHeightForWidth(self.minimumWidth())
            self.setFixedSize(self.minimumWidth(), wrapped if wrapped > 0 else layout.totalSizeHint().height())

    def add_head(self, title: str, below: str) -> None:
        """Show our icon with a title beside it."""
        metrics = self.look.theme.metrics
        picture = plain_label()
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
        """Add the last button; the keyboard is on it, not on a link above."""
        close = (primary_button if primary else button)(self.look, tr("Close"))
        close.clicked.connect(self.close)
        close.setDefault(primary)
        self.buttons.addWidget(close)
        close.setFocus()
