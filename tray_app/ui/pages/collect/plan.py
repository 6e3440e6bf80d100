"""What a manual collection would take, said before anything is sent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.model import CollectorName
from tray_app.core.plan import RunPlan
from tray_app.core.words import tr
from tray_app.datasets.titles import step_title
from tray_app.ui.labels import formats
from tray_app.ui.parts.card.card import card_column
from tray_app.ui.parts.card.facts import FactList
from tray_app.ui.parts.form.buttons import primary_button
from tray_app.ui.parts.layout.boxes import SPACE, fill, row
from tray_app.ui.parts.notice.empty import EmptyState
from tray_app.ui.parts.text.texts import SECONDARY, paragraph, set_tone

if TYPE_CHECKING:
    from tray_app.core.model import Window
    from tray_app.core.plan import BackfillPlan
    from tray_app.engine.facade import Engine
    from tray_app.ui.parts.card.facts import Fact
    from tray_app.ui.style.style import Style


@dataclass(frozen=True, slots=True)
class PlanFacts:
    """A plan in words: a sentence, its numbers, and whether there is anything to start."""

    dataset: CollectorName
    sentence: str
    facts: tuple[Fact, ...]
    can_start: bool
    wants_key: bool = False


def take_plan(engine: Engine, name: CollectorName, window: Window) -> PlanFacts:
    """Work a plan out; not for the UI thread."""
    if not engine.can_collect(name):
        return PlanFacts(name, "", (), can_start=False, wants_key=True)
    window = engine.history.going_on(name, window)
    plan = engine.history.plan(name, window)
    if plan is not None:
        return session_plan(name, plan, is_again=window.is_again)
    run = RunPlan(name, engine.plan(name, window), None, None)
    facts = tuple((step_title(step.name), step.note) for step in run.steps)
    if not run.calls:
        return PlanFacts(name, _nothing_text(is_again=window.is_again), facts, can_start=False)
    sentence = tr("{count} calls, about {time}.", count=formats.number(run.calls), time=formats.duration(run.seconds))
    return PlanFacts(name, sentence, facts, can_start=True)


def session_plan(name: CollectorName, plan: BackfillPlan, *, is_again: bool = False) -> PlanFacts:
    """Return the words of a plan by sessions and calls."""
    if not plan.sessions:
        return PlanFacts(name, _nothing_text(is_again=is_again), (), can_start=False)
    facts = [
        (tr("Sessions asked again") if is_again else tr("Sessions missing"), formats.number(plan.sessions)),
        (tr("Calls needed"), _calls_text(plan)),
        (tr("Calls left today"), formats.number(plan.calls_left_today)),
        (tr("Time"), tr("at least {time}", time=formats.duration(plan.seconds))),
    ]
    if not plan.days:
        sentence = tr("The key's daily limit leaves no calls for history; raise it in the settings.")
        return PlanFacts(name, sentence, tuple(facts), can_start=False)
    goes_on = plan.continues_on
    if goes_on is not None:
        days = tr("{first}, finished on {last}", first=goes_on, last=plan.finishes_on)
        facts.append((tr("Continues on"), days if plan.finishes_on != goes_on else str(goes_on)))
    return PlanFacts(name, _sentence(plan, is_again=is_again), tuple(facts), can_start=True)


class PlanCard(QFrame):
    """Shows the plan and the button that starts it."""

    start_requested = Signal()
    key_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.sentence = paragraph(style)
        self.facts = FactList(style)
        self.notice = paragraph(style, tone=SECONDARY)
        self.start = primary_button(style, tr("Start collecting"), "collect")
        self.empty = EmptyState(
            style, tr("KRX needs your own key of its Open API, which costs nothing."), tr("Enter the key")
        )
        buttons = row(self.start, fill(self.notice), gap=style.theme.metrics.medium)
        card_column(style, self, tr("Plan"), self.sentence, self.facts, self.empty, SPACE, buttons)
        self.start.clicked.connect(self.start_requested)
        self.empty.action_triggered.connect(self.key_requested)
        self.show_nothing(tr("Fill in the days to see what it takes."))

    def show_plan(self, plan: PlanFacts) -> None:
        """Show a plan."""
        self.sentence.setText(plan.sentence)
        self.facts.show_facts(plan.facts)
        self._show_parts(has_facts=bool(plan.facts), wants_key=plan.wants_key)
        self.start.setEnabled(plan.can_start)

    def show_nothing(self, sentence: str) -> None:
        """Say why there is no plan."""
        self.sentence.setText(sentence)
        self._show_parts(has_facts=False, wants_key=False)
        self.start.setEnabled(False)

    def say(self, text: str, tone: str = SECONDARY) -> None:
        """Say what came of starting."""
        self.notice.setText(text)
        set_tone(self.notice, tone)

    def _show_parts(self, *, has_facts: bool, wants_key: bool) -> None:
        self.facts.setVisible(has_facts)
        self.empty.setVisible(wants_key)
        for part in (self.sentence, self.start, self.notice):
            part.setVisible(not wants_key)


def _calls_text(plan: BackfillPlan) -> str:
    calls = formats.number(plan.calls)
    if not plan.base_info_calls:
        return calls
    about = formats.number(plan.base_info_calls)
    return tr("about {calls}, {about} of them for lists of issues", calls=calls, about=about)


def _nothing_text(*, is_again: bool) -> str:
    if is_again:
        return tr("There is no published day in this range that was not asked for again already.")
    return tr("Nothing is missing in this range.")


def _sentence(plan: BackfillPlan, *, is_again: bool) -> str:
    head = _head(plan.sessions, is_again=is_again)
    if plan.refusal is not None:
        return tr("{head}. {refusal}", head=head, refusal=plan.refusal)
    if plan.continues_on is None:
        return tr("{head}; today's calls are enough.", head=head)
    if not plan.calls_left_today:
        day = plan.continues_on
        return tr("{head}. Today's calls are used up: it begins by itself on {day}.", head=head, day=day)
    return tr("{head}. Today's calls do not do: it continues by itself on {day}.", head=head, day=plan.continues_on)


def _head(sessions: int, *, is_again: bool) -> str:
    if sessions == 1:
        return tr("1 session is asked for again") if is_again else tr("1 session is missing")
    count = formats.number(sessions)
    if is_again:
        return tr("{count} sessions are asked for again", count=count)
    return tr("{count} sessions are missing", count=count)
