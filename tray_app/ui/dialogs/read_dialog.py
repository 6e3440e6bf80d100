"""A small window that is read, answered and closed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QDialog, QLayout, QWidget

from tray_app.core.words import tr
from tray_app.ui.parts.form.buttons import button, primary_button
from tray_app.ui.parts.layout.boxes import SPACE, column, fill, row
from tray_app.ui.parts.text.plain import plain_label
from tray_app.ui.parts.text.texts import SECONDARY, label
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from PySide6.QtGui import QShowEvent

    from tray_app.ui.style.style import Style


class ReadDialog(QDialog):
    """What the subclass adds, and a row of buttons that ends with the one that closes."""

    fits_texts = True

    def __init__(self, style: Style, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._style = style
        self.setWindowTitle(title)
        self.setWindowIcon(style.icons.application())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(metrics.dialog_width)
        self.body = column(gap=metrics.small)
        self.buttons = row(SPACE, gap=metrics.small)
        column(
            fill(self.body),
            self.buttons,
            gap=metrics.large,
            margins=(metrics.wide, metrics.wide, metrics.wide, metrics.large),
            inside=self,
        )

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
        metrics = self._style.theme.metrics
        picture = plain_label()
        size = QSize(metrics.icon_empty, metrics.icon_empty)
        picture.setPixmap(self._style.icons.application().pixmap(size, self.devicePixelRatio()))
        texts = column(gap=0)
        head = label(self._style, title, FontSize.TITLE)
        head.setFont(self._style.theme.font(FontSize.TITLE, strong=True))
        texts.addWidget(head)
        texts.addWidget(label(self._style, below, tone=SECONDARY))
        box = row(picture, fill(texts), gap=metrics.medium)
        self.body.addLayout(box)

    def add_close(self, *, primary: bool = False) -> None:
        """Add the last button; the keyboard is on it, not on a link above."""
        close = (primary_button if primary else button)(self._style, tr("Close"))
        close.clicked.connect(self.close)
        close.setDefault(primary)
        self.buttons.addWidget(close)
        close.setFocus()
