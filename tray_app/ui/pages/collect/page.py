"""The Collect page: a range of history, what it takes, how far it is, and what is still pending."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from tray_app.core.events import EngineChanged, Event, RunFinished, RunProgress, RunStarted
from tray_app.core.model import RunKind, Window
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.rules.calendar import SessionWord
from tray_app.ui.dialogs.session_dialog import SessionDialog
from tray_app.ui.links import CollectLink, Link, SettingsLink
from tray_app.ui.page import PageParts, ScrolledPage
from tray_app.ui.pages.collect.declared import DeclaredCard
from tray_app.ui.pages.collect.form import CollectForm
from tray_app.ui.pages.collect.plan import PlanCard, take_plan
from tray_app.ui.pages.collect.progress import Pace, progress_facts
from tray_app.ui.pages.collect.requests import Pending, RequestList, place_of, state_text
from tray_app.ui.parts.layout.boxes import Space, add
from tray_app.ui.parts.layout.columns import Columns
from tray_app.ui.parts.notice.progress import Progress
from tray_app.ui.parts.text.texts import heading
from tray_app.ui.queries.idle_tasks import pause
from tray_app.ui.style.theme import FontSize

if TYPE_CHECKING:
    from datetime import datetime

    from tray_app.core.model import Job, Run
    from tray_app.datasets.krx.rules.calendar import Declaration
    from tray_app.engine.facade import Engine

TYPING_PAUSE_MS = 250


@dataclass(frozen=True, slots=True)
class CollectStatus:
    """What is pending and running, the last range that was collected, and the days of the exchange declared by hand."""

    now: datetime
    requests: tuple[Pending, ...]
    jobs: tuple[Job, ...]
    last: Run | None
    declared: tuple[Declaration, ...]


class CollectPage(ScrolledPage):
    """Collects ranges of history by hand."""

    tables = frozenset({"day_ledger", "trading_calendar"})

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts, tr("That did not work"))
        self.form = CollectForm(self._style, parts.engine.now)
        self.plan = PlanCard(self._style)
        self.progress = Progress(self._style)
        self.requests = RequestList(self._style)
        self.declared = DeclaredCard(self._style)
        self.asking: SessionDialog | None = None
        self._pace = Pace()
        self._followed: RunProgress | None = None
        self._known: CollectStatus | None = None
        self._typing = pause(self, TYPING_PAUSE_MS, self._ask_plan)
        self._plan = self.query(self.plan.show_plan)
        self._subjects = self.query(self.form.show_subjects)
        self._standing = self.query(self._show_standing)
        self._arrange()
        self._connect()

    @property
    def is_settled(self) -> bool:
        """Whether everything queried is shown, and nothing typed waits to be planned."""
        return super().is_settled and not self._typing.isActive()

    def refresh(self) -> None:
        """Read what is pending, and plan anew."""
        self.error.hide()
        engine = self.parts.engine
        self.form.show_today(self._today())
        self._standing.ask(lambda: take_standing(engine))
        self._ask_subjects()
        self._ask_plan()

    def open_link(self, link: Link) -> None:
        """Fill in the range that another page found missing, or wants to have asked for again."""
        if isinstance(link, CollectLink) and link.window is not None:
            self.form.take_window(link.dataset, link.window)
            self.plan.start.setFocus()

    def on_event(self, event: Event) -> None:
        """Follow runs."""
        if isinstance(event, RunProgress):
            self._show_progress(event)
        elif isinstance(event, RunFinished):
            self._stop_following()
            self.refresh_soon()
        elif isinstance(event, RunStarted | EngineChanged):
            self.refresh_soon()

    def _arrange(self) -> None:
        metrics = self._style.theme.metrics
        title = heading(self._style, tr("Collect history"), FontSize.TITLE)
        above = Columns(2 * metrics.tile_width + metrics.wide, metrics.medium)
        above.show_widgets((self.form, self.plan))
        add(self.area.column, title, self.error, above, self.progress, self.requests, self.declared, Space(1))

    def _connect(self) -> None:
        self.form.changed.connect(self._plan_soon)
        self.form.dataset_chosen.connect(self._ask_subjects)
        self.form.submitted.connect(self._ask_plan)
        self.plan.start_requested.connect(self._start)
        self.plan.key_requested.connect(lambda: self.link_requested.emit(SettingsLink()))
        self.progress.cancel_requested.connect(self._cancel_running)
        history = self.parts.engine.history
        self.requests.resume_requested.connect(lambda request: self.act(lambda: history.resume(request)))
        self.requests.cancel_requested.connect(lambda request: self.act(lambda: history.cancel(request)))
        self.declared.declare_requested.connect(lambda: self._declare(self._today(), SessionWord.CLOSED))
        self.declared.forget_requested.connect(lambda day: self._declare(day, SessionWord.PREDICTED))

    def _plan_soon(self) -> None:
        self.plan.say("")
        # What is shown until the next answer is no plan of these fields.
        self.plan.start.setEnabled(False)
        self._plan.drop()
        self._typing.start()

    def _ask_plan(self) -> None:
        self._typing.stop()
        window = self.form.window_of_fields()
        if window is None:
            self._plan.drop()
            self.plan.show_nothing(tr("Fill in the days to see what it takes."))
            return
        self._say_where_it_stands(window)
        engine, name = self.parts.engine, self.form.dataset.name
        self._plan.ask(lambda: take_plan(engine, name, window), (name, window.work))

    def _ask_subjects(self) -> None:
        engine, name = self.parts.engine, self.form.dataset.name
        self._subjects.ask(lambda: engine.subjects(name), name)

    def _start(self) -> None:
        window = self.form.window_of_fields()
        if window is None:
            return
        engine, name = self.parts.engine, self.form.dataset.name
        self.plan.start.setEnabled(False)
        self.act(lambda: engine.request_history(name, window))

    def _cancel_running(self) -> None:
        engine, shown = self.parts.engine, self._followed
        if shown is not None:
            self.act(lambda: cancel_run(engine, shown))

    def _today(self) -> date:
        return kst_date(self.parts.engine.now())

    def _declare(self, day: date, said: SessionWord) -> None:
        self.asking = SessionDialog(self.parts, day, said, self)
        self.asking.open()

    def _show_standing(self, standing: CollectStatus) -> None:
        self._known = standing
        self.requests.show_requests(standing.requests, standing.jobs, standing.now)
        self.requests.show_last(standing.last)
        self.declared.show_declared(standing.declared)
        self._follow(standing)
        self._say_where_it_stands(self.form.window_of_fields())

    def _say_where_it_stands(self, window: Window | None) -> None:
        """Say so beside the plan when the range of the fields is pending already."""
        standing, name = self._known, self.form.dataset.name
        if standing is None or window is None:
            return
        pending = (each.request for each in standing.requests if each.request.collector == name)
        same = next((each for each in pending if each.window.is_same_work(window)), None)
        self.plan.say(state_text(same, place_of(same, standing.jobs), standing.now) if same else "")

    def _follow(self, standing: CollectStatus) -> None:
        """Show the run that the engine is at; what a hidden page missed is not needed."""
        followed = self._followed.collector if self._followed else None
        # The run went on while the rest was read.
        progress = self.parts.engine.progress
        if progress is not None:
            self._show_progress(progress)
        elif not standing.jobs or standing.jobs[0].collector != followed:
            self._stop_following()

    def _stop_following(self) -> None:
        self._followed, self._pace = None, Pace()
        self.progress.finish()

    def _show_progress(self, event: RunProgress) -> None:
        self._followed = event
        self._pace = self._pace.after(event, self.parts.engine.now())
        self.progress.show_progress(progress_facts(event, self._pace))


def take_standing(engine: Engine) -> CollectStatus:
    """Read what is pending; not for the UI thread."""
    pending = tuple(
        Pending(each, engine.subject_title(each.collector, each.window.only)) for each in engine.history.pending()
    )
    declared = tuple(engine.reads(KRX).declared_days().values())
    last = engine.last_ended(RunKind.HISTORY)
    return CollectStatus(engine.now(), pending, engine.active_jobs, last, declared)


def cancel_run(engine: Engine, shown: RunProgress) -> None:
    """Stop the run that is shown, and give up the request it is made for; not for the UI thread.

    One that has ended meanwhile leaves nothing to stop: the run after it is another.
    """
    now, jobs = engine.progress, engine.active_jobs
    if now is None or now.run_id != shown.run_id or not jobs:
        return
    running = jobs[0].request_id
    request = next((each for each in engine.history.pending() if each.request_id == running), None)
    if request is None:
        engine.cancel(shown.collector)
    else:
        engine.history.cancel(request)
