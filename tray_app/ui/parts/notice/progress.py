"""Progress: what, n of m, time left, Cancel; not for work that is over at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from tray_app.core.words import tr
from tray_app.ui.labels.formats import duration, number
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import column, fill, row
from tray_app.ui.parts.text.texts import SECONDARY, label

if TYPE_CHECKING:
    from tray_app.ui.style.style import Style

APPEARS_AFTER_MS = 600
STAYS_MS = 500


@dataclass(frozen=True)
class ProgressFacts:
    """How far some work is; without a total its length is not known, uncounted its words hold the counts."""

    what: str
    done: int = 0
    total: int | None = None
    seconds_left: float | None = None
    can_cancel: bool = True
    is_counted: bool = True

    def counts(self) -> str:
        """Return the counts and the time left in words."""
        if self.total is None or not self.is_counted:
            return ""
        counts = tr("{done} of {total}", done=number(self.done), total=number(self.total))
        if self.seconds_left is None:
            return counts
        return tr("{counts}, {time} left", counts=counts, time=duration(self.seconds_left))


class Progress(QWidget):
    """Appears when work lasts, and then stays long enough to be read."""

    cancel_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        metrics = style.theme.metrics
        self._what = label(style)
        self._what.setWordWrap(True)
        self._counts = label(style, tone=SECONDARY)
        self._bar = QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setFixedHeight(metrics.tight)
        self._cancel = button(style, tr("Cancel"), "cancel")
        self._cancel.clicked.connect(self._request_cancel)
        row(
            fill(column(row(fill(self._what), self._counts), self._bar, gap=metrics.tight)),
            self._cancel,
            gap=metrics.medium,
            inside=self,
        )
        self.appears = QTimer(self, singleShot=True, interval=APPEARS_AFTER_MS)
        self.appears.timeout.connect(self._appear)
        self.stays = QTimer(self, singleShot=True, interval=STAYS_MS)
        self.stays.timeout.connect(self._leave_if_over)
        self._running = False
        self.hide()

    def show_progress(self, facts: ProgressFacts) -> None:
        """Say how far the work is; the first call begins it."""
        if not self._running:
            self._running = True
            self._cancel.setEnabled(True)
            if self.isHidden():
                self.appears.start()
        self._what.setText(facts.what)
        self._counts.setText(facts.counts())
        self._bar.setRange(0, facts.total or 0)
        self._bar.setValue(min(facts.done, facts.total) if facts.total else 0)
        self._cancel.setVisible(facts.can_cancel)
        name = ", ".join(part for part in (facts.what, facts.counts()) if part)
        self.setAccessibleName(name)
        self._bar.setAccessibleName(name)

    def finish(self) -> None:
        """Say that the work is over."""
        self._running = False
        self.appears.stop()
        if not self.stays.isActive():
            self.hide()

    def _appear(self) -> None:
        self.show()
        self.stays.start()

    def _leave_if_over(self) -> None:
        if not self._running:
            self.hide()

    def _request_cancel(self) -> None:
        self._cancel.setEnabled(False)
        self._counts.setText(tr("Cancelling"))
        self.cancel_requested.emit()
