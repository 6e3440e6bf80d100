"""The ranges of history that are still to be filled: where each stands, going on now, giving up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.model import RunStatus
from tray_app.core.words import tr
from tray_app.datasets.titles import collector_title
from tray_app.ui.labels import formats
from tray_app.ui.labels.runs import range_text, run_status
from tray_app.ui.labels.status import style_of
from tray_app.ui.parts.card.card import card_column
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import column, fill, row
from tray_app.ui.parts.text.plain import set_tip
from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph, set_tone

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from tray_app.core.model import Job, Run, Window
    from tray_app.store.backfill import HistoryRequest
    from tray_app.ui.style.style import Style


TONES = {RunStatus.PARTIAL: "attention", RunStatus.FAILED: "error"}


@dataclass(frozen=True, slots=True)
class Pending:
    """A request that is not filled yet, and what people call the series or market it is about, if it is one."""

    request: HistoryRequest
    subject: str = ""

    def title(self) -> str:
        """Return dataset, days and what else was said of them."""
        title = collector_title(self.request.collector)
        return tr("{name}: {days}", name=title, days=window_text(self.request.window, self.subject))


class RequestList(QFrame):
    """One row for every pending request, and how the last one that was collected ended."""

    resume_requested = Signal(object)
    cancel_requested = Signal(object)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._style = style
        self.rows: dict[int, RequestRow] = {}
        self._empty = label(style, tr("Nothing is pending."), tone=SECONDARY)
        self._column = column(gap=style.theme.metrics.small)
        self.last = paragraph(style, tone=SECONDARY)
        card_column(style, self, tr("Pending"), self._empty, self._column, self.last)
        self.last.hide()

    def show_requests(self, pending: Sequence[Pending], jobs: Sequence[Job], now: datetime) -> None:
        """Show what is still to be filled."""
        known = {each.request.request_id for each in pending}
        for gone in self.rows.keys() - known:
            row = self.rows.pop(gone)
            self._column.removeWidget(row)
            row.deleteLater()
        for each in pending:
            request = each.request
            if request.request_id not in self.rows:
                self.rows[request.request_id] = self._made(each)
            self.rows[request.request_id].show_state(request, place_of(request, jobs), now)
        self._empty.setVisible(not pending)

    def show_last(self, run: Run | None) -> None:
        """Say how the last range that was collected ended, and what was found."""
        self.last.setText(last_text(run) if run is not None else "")
        self.last.setVisible(run is not None)
        if run is not None:
            set_tone(self.last, TONES.get(run.status, SECONDARY))

    def _made(self, pending: Pending) -> RequestRow:
        request = pending.request
        row = RequestRow(self._style, pending.title())
        row.resume.clicked.connect(lambda: self.resume_requested.emit(request))
        row.cancel.clicked.connect(lambda: self.cancel_requested.emit(request))
        self._column.addWidget(row)
        return row


class RequestRow(QWidget):
    """A range, where it stands, and what can be done about it."""

    def __init__(self, style: Style, title: str) -> None:
        super().__init__()
        metrics = style.theme.metrics
        self.setAccessibleName(title)
        self.state = paragraph(style, tone=SECONDARY)
        self.resume = button(style, tr("Go on now"))
        self.resume.setAccessibleName(tr("Go on now: {title}", title=title))
        self.cancel = button(style, tr("Give up"), "cancel")
        self.cancel.setAccessibleName(tr("Give up: {title}", title=title))
        set_tip(self.cancel, tr("Stops asking for this range; what is stored stays."))
        row(
            fill(column(paragraph(style, title), self.state, gap=metrics.hairline)),
            self.resume,
            self.cancel,
            gap=metrics.small,
            inside=self,
        )

    def show_state(self, request: HistoryRequest, place: int | None, now: datetime) -> None:
        """Say where the request stands; place: among the jobs, the first of which runs."""
        self.state.setText(state_text(request, place, now))
        self.resume.setVisible(place is None)
        self.cancel.setEnabled(True)


def window_text(window: Window, subject: str = "") -> str:
    """Return a range, the series or market it is about if it is one, its order, and whether it is asked for again."""
    parts = [_days_text(window)]
    if subject:
        parts.append(subject)
    if window.newest_first and window.date_to != window.date_from:
        parts.append(tr("newest first"))
    if window.is_again:
        parts.append(tr("again"))
    return ", ".join(parts)


def _days_text(window: Window) -> str:
    if window.date_to is None:
        return tr("{first} to today", first=window.date_from)
    if window.date_to == window.date_from:
        return str(window.date_from)
    return tr("{first} to {last}", first=window.date_from, last=window.date_to)


def last_text(run: Run) -> str:
    """Return which range a run collected, when, and how that ended."""
    what = tr("{name}, {range}", name=collector_title(run.collector), range=range_text(run))
    at = formats.absolute(run.finished_at or run.started_at)
    text = tr("Last: {what}, {at}: {status}. {message}", what=what, at=at, status=style_of(run_status(run)).word,
              message=run.message)  # fmt: skip
    return text.strip()


def place_of(request: HistoryRequest, jobs: Sequence[Job]) -> int | None:
    """Return a request's place among the jobs, the first of which runs."""
    return next((place for place, job in enumerate(jobs) if job.request_id == request.request_id), None)


def state_text(request: HistoryRequest, place: int | None, now: datetime) -> str:
    """Return where a request stands."""
    if place == 0:
        return tr("Collecting now")
    if place is not None:
        return tr("Waits for its turn")
    if request.next_try_at is not None and request.next_try_at > now:
        return tr("Goes on by itself at {at}", at=formats.absolute(request.next_try_at))
    return tr("Goes on by itself within a minute, unless automatic runs are paused")
