"""The Status page: is my data whole and fresh, what comes next, and what happened."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from tray_app.core.due import Why
from tray_app.core.events import DataChanged, EngineChanged, Event, RunFinished, RunProgress, RunStarted
from tray_app.core.model import CollectorName, Window
from tray_app.core.overview import headline
from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import KRX
from tray_app.ui.dataset_page.facts import Activity, activity_of, progress_of
from tray_app.ui.labels.backups import Backups, backups_of
from tray_app.ui.labels.runs import overall_status, pause_text
from tray_app.ui.labels.status import Status, style_of
from tray_app.ui.links import CollectLink, SettingsLink
from tray_app.ui.page import PageParts, ScrolledPage
from tray_app.ui.pages.status.cards import CollectorCard
from tray_app.ui.pages.status.krx import KrxStatus
from tray_app.ui.pages.status.runs import RunHistory
from tray_app.ui.pages.status.storage import StorageCard, UsageCard
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.layout.boxes import SPACE, Space, add, aligned, fill, row
from tray_app.ui.parts.layout.columns import Columns
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.texts import label, paragraph
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from datetime import date
    from pathlib import Path

    from PySide6.QtGui import QHideEvent, QShowEvent

    from tray_app.core.health import Storage
    from tray_app.core.model import Job, Run
    from tray_app.core.overview import CollectorState, Overview
    from tray_app.datasets.krx.rules.calendar import SessionWord
    from tray_app.engine.facade import Engine, Quota
    from tray_app.store.usage import SourceUsage
    from tray_app.ui.dialogs.session_dialog import SessionDialog


RUNS_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Everything the page shows."""

    overview: Overview
    runs: tuple[Run, ...]
    storage: Storage
    backups: Backups
    usage: tuple[SourceUsage, ...]
    jobs: tuple[Job, ...]
    quotas: tuple[Quota, ...]

    def activity(self, state: CollectorState) -> Activity:
        """Return what a collector does now, in this process or in another."""
        activity = activity_of(state, self.overview, self.jobs)
        wants_key = activity is Activity.IDLE and state.decision.why is Why.WANTS_KEY
        return Activity.WANTS_KEY if wants_key else activity


def take_snapshot(engine: Engine) -> Snapshot:
    """Read everything; not for the UI thread."""
    # A job that begins or ends while the overview is read is still one of ours.
    jobs = engine.active_jobs
    storage = engine.storage()
    return Snapshot(
        overview=engine.overview(),
        runs=engine.runs(RUNS_SHOWN),
        storage=storage,
        backups=backups_of(storage),
        usage=engine.usage_today(),
        jobs=(*jobs, *engine.active_jobs),
        quotas=engine.quotas(),
    )


AGEING_MS = 30_000
SNAPSHOT = "snapshot"


class StatusPage(ScrolledPage):
    """Shows every collector, the run log and the storage."""

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts, tr("The status could not be read"))
        metrics = parts.style.theme.metrics
        self._icon = IconLabel(self._style, metrics.icon_large)
        self.headline = paragraph(self._style)
        self.headline.setFont(parts.style.theme.font(FontSize.TITLE, strong=True))
        self._pause_bar = QWidget()
        self.paused = label(self._style, tone="paused")
        self.resume = button(self._style, tr("Resume"))
        self.cards: dict[CollectorName, CollectorCard] = {}
        self._card_columns = Columns(2 * metrics.tile_width + metrics.wide, metrics.medium)
        self.krx = KrxStatus(self)
        self.asking: SessionDialog | None = None
        self.history = RunHistory(self._style)
        self.storage, self.usage = StorageCard(self._style), UsageCard(self._style)
        self._failures: dict[str, Exception] = {}
        self._snapshot = self.query(self._show)
        self._ageing = QTimer(self)
        self._ageing.setInterval(AGEING_MS)
        self._arrange_pause()
        self._arrange()
        self._connect()

    def refresh(self) -> None:
        """Read everything anew."""
        self._take_snapshot()
        self.krx.ask_coverage()
        self.krx.ask_issues()

    def _take_snapshot(self) -> None:
        """Read all but coverage and issues."""
        engine = self.parts.engine
        self._snapshot.ask(lambda: take_snapshot(engine))

    def on_event(self, event: Event) -> None:
        """Follow runs; progress needs no query."""
        if isinstance(event, RunProgress):
            card = self.cards.get(event.collector)
            if card is not None:
                card.show_progress(event)
        elif isinstance(event, DataChanged):
            self.krx.take_changes(event.tables)
        elif isinstance(event, RunStarted | RunFinished | EngineChanged):
            self.refresh_soon()

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802 - Qt's name
        """Let relative times age while the page is seen."""
        super().showEvent(event)
        self._ageing.start()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802 - Qt's name
        """Let them rest."""
        super().hideEvent(event)
        self._ageing.stop()

    def _arrange(self) -> None:
        metrics = self.parts.style.theme.metrics
        head = row(aligned(self._icon, Qt.AlignmentFlag.AlignTop), fill(self.headline), gap=metrics.small)
        below = Columns(2 * metrics.tile_width + metrics.wide, metrics.medium)
        below.show_widgets((self.storage, self.usage))
        add(self.area.column, head, self._pause_bar, self.error, self._card_columns)
        add(self.area.column, self.krx.coverage, self.krx.issues, self.history, below, Space(1))

    def _arrange_pause(self) -> None:
        icon = IconLabel(self._style)
        style = style_of(Status.PAUSED)
        icon.show_icon(style.icon, style.token)
        row(icon, self.paused, self.resume, SPACE, gap=self.parts.style.theme.metrics.small, inside=self._pause_bar)
        self._pause_bar.hide()

    def _connect(self) -> None:
        self._ageing.timeout.connect(self._take_snapshot)
        self.resume.clicked.connect(lambda: self.act(self.parts.engine.resume))
        self.history.collect_requested.connect(self._collect_all)
        self.storage.backup_requested.connect(self._back_up)
        self.krx.failed.connect(self._note_failure)
        self.krx.answered.connect(self._note_answer)
        self.krx.issues.issue_requested.connect(self.link_requested)
        self.krx.coverage.day_requested.connect(lambda day: self._lead(Window(day, day)))
        self.krx.coverage.again_requested.connect(self._lead_again)
        self.krx.coverage.declare_requested.connect(self._declare)
        self.krx.coverage.history_requested.connect(lambda: self.link_requested.emit(CollectLink()))

    def _lead_again(self, first: date, last: date) -> None:
        self._lead(Window(first, last, again_since=self.parts.engine.now()))

    def _lead(self, window: Window) -> None:
        self.link_requested.emit(CollectLink(KRX.name, window))

    def _declare(self, day: date, said: SessionWord) -> None:
        from tray_app.ui.dialogs.session_dialog import SessionDialog  # noqa: PLC0415 - when it is asked for

        self.asking = SessionDialog(self.parts, day, said, self)
        self.asking.open()

    def _show(self, snapshot: Snapshot) -> None:
        self._note_answer(SNAPSHOT)
        overview = snapshot.overview
        style = style_of(overall_status(overview))
        self._icon.show_icon(style.icon, style.token)
        self.headline.setText(headline(overview))
        self.headline.setAccessibleName(headline(overview))
        self.paused.setText(pause_text(overview))
        self._pause_bar.setVisible(overview.is_paused)
        self._show_cards(snapshot)
        self.history.show_runs(snapshot.runs, overview.now)
        self.storage.show_storage(snapshot.storage, snapshot.backups)
        self.usage.show_usage(snapshot.usage)
        self.usage.show_quotas(snapshot.quotas)

    def _show_cards(self, snapshot: Snapshot) -> None:
        # The run went on while the rest was read.
        overview, progress = snapshot.overview, self.parts.engine.progress
        for state in overview.collectors:
            if state.collector not in self.cards:
                self._add_card(state.collector)
            card = self.cards[state.collector]
            card.show_state(state, snapshot.activity(state), overview.now)
            ours = progress_of(state.collector, progress)
            if ours is not None:
                card.show_progress(ours)

    def _add_card(self, name: CollectorName) -> None:
        card = CollectorCard(self._style)
        engine = self.parts.engine
        card.collect_requested.connect(lambda: engine.collect_now(name))
        # Cancelling settles requests in the database.
        card.cancel_requested.connect(lambda: self.act(lambda: engine.cancel(name)))
        card.key_requested.connect(lambda: self.link_requested.emit(SettingsLink()))
        self.cards[name] = card
        self._card_columns.show_widgets(tuple(self.cards.values()))

    def _collect_all(self) -> None:
        for name, card in self.cards.items():
            if card.activity is Activity.IDLE:
                self.parts.engine.collect_now(name)

    def _back_up(self) -> None:
        self.storage.show_busy()
        self.parts.bridge.query(self, self.parts.engine.backup, self._backed_up, self.storage.show_failure)

    def _backed_up(self, path: Path) -> None:
        self.storage.show_backup(path)
        self.refresh_soon()

    def show_failure(self, error: Exception) -> None:
        """Tell what could not be read, until the next snapshot can be."""
        self._note_failure(SNAPSHOT, error)

    def _note_failure(self, part: str, error: Exception) -> None:
        self._failures[part] = error
        super().show_failure(error)

    def _note_answer(self, part: str) -> None:
        """Take back what was said of a part that could not be read; what is said of the others stays."""
        self._failures.pop(part, None)
        left = next(iter(self._failures.values()), None)
        if left is None:
            self.error.hide()
        else:
            super().show_failure(left)
