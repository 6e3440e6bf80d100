"""The ranges of history that are still to be filled: where each stands, going on now, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from tray_app.core.overview import collector_title
from tray_app.core.words import tr
from tray_app.ui.pages.status_storage import card_column
from tray_app.ui.parts import formats
from tray_app.ui.parts.buttons import button
from tray_app.ui.parts.plain import set_tip
from tray_app.ui.parts.texts import SECONDARY, label, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tray_app.core.model import Job, Window
    from tray_app.store.backfill import HistoryRequest
    from tray_app.ui.parts.look import Look


class RequestList(QFrame):
    """One row for every pending request."""

    resume_asked = Signal(object)
    cancel_asked = Signal(object)

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._look = look
        self.setProperty("role", "card")
        self.rows: dict[int, RequestRow] = {}
        self._empty = label(look, tr("Nothing is pending."), tone=SECONDARY)
        column = card_column(look, self, tr("Pending"))
        column.addWidget(self._empty)
        self._column = QVBoxLayout()
        self._column.setSpacing(look.theme.metrics.small)
        column.addLayout(self._column)

    def show_requests(self, requests: Sequence[HistoryRequest], jobs: Sequence[Job], now: datetime) -> None:
        """Show what is still to be filled."""
        known = {request.request_id for request in requests}
        for gone in self.rows.keys() - known:
            row = self.rows.pop(gone)
            self._column.removeWidget(row)
            row.deleteLater()
        for request in requests:
            if request.request_id not in self.rows:
                self.rows[request.request_id] = self._made(request)
            place = next((place for place, job in enumerate(jobs) if job.request_id == request.request_id), None)
            self.rows[request.request_id].show_state(request, place, now)
        self._empty.setVisible(not requests)

    def _made(self, request: HistoryRequest) -> RequestRow:
        row = RequestRow(self._look, request)
        row.resume.clicked.connect(lambda: self.resume_asked.emit(request))
        row.cancel.clicked.connect(lambda: self.cancel_asked.emit(request))
        self._column.addWidget(row)
        return row


class RequestRow(QWidget):
    """A range, where it stands, and what can be done about it."""

    def __init__(self, look: Look, request: HistoryRequest) -> None:
        super().__init__()
        metrics = look.theme.metrics
        title = range_title(request)
        self.setAccessibleName(title)
        self.state = paragraph(look, tone=SECONDARY)
        self.resume = button(look, tr("Go on now"))
        self.resume.setAccessibleName(tr("Go on now: {title}", title=title))
        self.cancel = button(look, tr("Give up"), "cancel")
        self.cancel.setAccessibleName(tr("Give up: {title}", title=title))
        set_tip(self.cancel, tr("Stops asking for this range; what is stored stays."))
        texts = QVBoxLayout()
        texts.setSpacing(metrics.hairline)
        texts.addWidget(paragraph(look, title))
        texts.addWidget(self.state)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(metrics.small)
        row.addLayout(texts, 1)
        row.addWidget(self.resume)
        row.addWidget(self.cancel)

    def show_state(self, request: HistoryRequest, place: int | None, now: datetime) -> None:
        """Say where the request stands; place: among the jobs, the first of which runs."""
        self.state.setText(state_text(request, place, now))
        self.resume.setVisible(place is None)
        self.cancel.setEnabled(True)


def range_title(request: HistoryRequest) -> str:
    """Return a request's dataset and days."""
    return tr("{name}: {days}", name=collector_title(request.collector), days=window_text(request.window))


def window_text(window: Window) -> str:
    """Return a range and its order in words."""
    if window.date_to is None:
        text = tr("{first} to today", first=window.date_from)
    elif window.date_to == window.date_from:
        return str(window.date_from)
    else:
        text = tr("{first} to {last}", first=window.date_from, last=window.date_to)
    return tr("{range}, newest first", range=text) if window.newest_first else text


def state_text(request: HistoryRequest, place: int | None, now: datetime) -> str:
    """Return where a request stands."""
    if place == 0:
        return tr("Collecting now")
    if place is not None:
        return tr("Waits for its turn")
    if request.next_try_at is not None and request.next_try_at > now:
        return tr("Goes on by itself at {at}", at=formats.absolute(request.next_try_at))
    return tr("Goes on by itself within a minute, unless automatic runs are paused")
