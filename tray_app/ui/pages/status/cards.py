"""The card of a collector: how its data stands, what comes next, and the one button that matters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.core.model import RunStatus
from tray_app.core.overview import last_collected_text, progress_text, why_text
from tray_app.core.words import tr
from tray_app.datasets import DATASETS
from tray_app.datasets.titles import step_title
from tray_app.ui.dataset_page.facts import Activity
from tray_app.ui.labels import formats
from tray_app.ui.labels.runs import run_status, seconds, trigger_word
from tray_app.ui.labels.status import Status, StatusFacts
from tray_app.ui.parts.card.card import Card, CardFacts
from tray_app.ui.parts.card.facts import Fact, FactList
from tray_app.ui.parts.layout.boxes import SPACE, column
from tray_app.ui.parts.notice.progress import Progress, ProgressFacts
from tray_app.ui.parts.text.texts import paragraph, set_tone

if TYPE_CHECKING:
    from datetime import datetime

    from tray_app.core.events import RunProgress
    from tray_app.core.model import Run
    from tray_app.core.overview import CollectorState
    from tray_app.ui.style.style import Style

COUNTS_IN_UTC = frozenset(each.name for each in DATASETS if each.counts_in_utc)
TROUBLED = frozenset({RunStatus.PARTIAL, RunStatus.FAILED, RunStatus.INTERRUPTED, RunStatus.CANCELLED})


class CollectorCard(Card):
    """Shows one collector."""

    collect_requested = Signal()
    cancel_requested = Signal()
    key_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, parent=parent)
        self.activity = Activity.IDLE
        self.facts = FactList(style)
        self.reason = paragraph(style, tone="attention")
        self._progress = Progress(style)
        self.body.setSpacing(style.theme.metrics.small)
        self.foot.insertLayout(0, column(self.reason, self._progress, SPACE), 1)
        self.body.insertWidget(1, self.facts, 1)
        self.action_triggered.connect(self._act)

    def show_state(self, state: CollectorState, activity: Activity, now: datetime) -> None:
        """Show where the collector stands."""
        self.activity = activity
        self.facts.show_facts(_facts(state, activity, now))
        reason = _reason(state.last_run)
        self.reason.setText(reason)
        self.reason.setVisible(bool(reason) and activity is Activity.IDLE)
        if activity is not Activity.RUNNING:
            self._progress.finish()
        self.show_facts(_card_facts(state, activity), now)
        failed = state.last_run is not None and state.last_run.status is RunStatus.FAILED
        set_tone(self.reason, "error" if failed else "attention")

    def show_progress(self, progress: RunProgress) -> None:
        """Show how far the run is."""
        line = progress_text(progress)
        if progress.step and not progress.note:
            line = tr("{line}, {step}", line=line, step=step_title(progress.step))
        facts = ProgressFacts(line, progress.done, progress.total, can_cancel=False, is_counted=False)
        self._progress.show_progress(facts)

    def _act(self) -> None:
        if self.activity is Activity.IDLE:
            self.collect_requested.emit()
        elif self.activity is Activity.WANTS_KEY:
            self.key_requested.emit()
        else:
            self.cancel_requested.emit()


def _facts(state: CollectorState, activity: Activity, now: datetime) -> tuple[Fact, ...]:
    facts = [
        (tr("Newest data"), _newest(state)),
        (tr("Last run"), _last_run(state.last_run)),
        (tr("Coming up"), why_text(state, now)),
    ]
    if activity is Activity.QUEUED:
        facts.append((tr("Now"), tr("Waits for its turn")))
    elif activity is Activity.ELSEWHERE:
        facts.append((tr("Now"), tr("Another process is collecting this")))
    if state.history_pending:
        facts.append((tr("History"), tr("Not complete yet; it is fetched by itself")))
    return tuple(facts)


def _newest(state: CollectorState) -> str:
    if state.newest_date is None:
        return tr("nothing yet")
    # The other days are sessions of an exchange, or what a source calls a day.
    return tr("{day} (UTC)", day=state.newest_date) if state.collector in COUNTS_IN_UTC else str(state.newest_date)


def _last_run(run: Run | None) -> str:
    if run is None:
        return last_collected_text(None)
    values = {"at": formats.absolute(run.started_at), "trigger": trigger_word(run.trigger)}
    if run.duration is None or run.status is RunStatus.RUNNING:
        return tr("{at}, {trigger}", **values)
    return tr("{at}, {trigger}, took {time}", **values, time=seconds(run.duration))


def _reason(run: Run | None) -> str:
    return run.message if run is not None and run.status in TROUBLED else ""


def _card_facts(state: CollectorState, activity: Activity) -> CardFacts:
    run = state.last_run
    status = StatusFacts(run_status(run), (run.finished_at or run.started_at) if run else None)
    if activity is Activity.RUNNING:
        status = StatusFacts(Status.RUNNING, run.started_at if run and run.status is RunStatus.RUNNING else None)
    elif activity is Activity.WANTS_KEY:
        status = StatusFacts(Status.MISSING_KEY)
    word, icon = {
        Activity.RUNNING: (tr("Cancel"), "cancel"),
        Activity.QUEUED: (tr("Cancel"), "cancel"),
        Activity.WANTS_KEY: (tr("Enter key"), "settings"),
    }.get(activity, (tr("Collect"), "collect"))
    return CardFacts(
        state.title, status, action=word, action_icon=icon, action_enabled=activity is not Activity.ELSEWHERE
    )
