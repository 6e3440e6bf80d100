"""The window in which a person says that the exchange is closed or open on a day, or takes that back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import BY_HAND, KRX
from tray_app.datasets.krx.rules.calendar import Declaration, KrxCalendar, SessionWord, declarable
from tray_app.ui.dialogs.read_dialog import ReadDialog
from tray_app.ui.labels.runs import error_text
from tray_app.ui.parts.form.buttons import button, primary_button
from tray_app.ui.parts.form.date_field import DateField, not_a_day
from tray_app.ui.parts.form.fields import LineField
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.text.texts import SECONDARY, paragraph
from tray_app.ui.queries.idle_tasks import pause
from tray_app.ui.queries.latest_query import LatestQuery

if TYPE_CHECKING:
    from datetime import date

    from PySide6.QtWidgets import QWidget

    from tray_app.engine.facade import Engine
    from tray_app.ui.page import PageParts

TYPING_PAUSE_MS = 250


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A day of the exchange: what the calendar predicts, what was declared, and whether rows are stored."""

    day: date
    is_predicted_open: bool
    holiday_name: str
    declared: Declaration | None
    has_rows: bool

    def known(self) -> str:
        """Return what is known of the day."""
        if self.has_rows:
            return tr("Rows of {day} are stored: the exchange traded.", day=self.day)
        if self.declared is not None:
            return declared_text(self.declared)
        return tr("Nothing is declared; {prediction}", prediction=self.predicted())

    def predicted(self) -> str:
        """Return what the calendar predicts."""
        if self.is_predicted_open:
            return tr("the calendar predicts a session.")
        if self.holiday_name:
            return tr("the calendar predicts that it is closed ({name}).", name=self.holiday_name)
        return tr("the calendar predicts that it is closed.")

    def allows(self, said: SessionWord) -> bool:
        """Whether saying so changes anything that can be changed."""
        if said is SessionWord.PREDICTED:
            return self.declared is not None
        return not self.has_rows

    def follows(self, said: SessionWord) -> str:
        """Return what follows when that is said of the day."""
        if said is SessionWord.PREDICTED:
            if self.declared is None:
                return tr("There is nothing to take back.")
            return tr("What was declared is taken back: {prediction}", prediction=self.predicted())
        if self.has_rows:
            return tr("Only a day without rows can be declared.")
        if said is SessionWord.OPEN:
            return tr(
                "The day counts as a session: runs of KRX ask for it once it is published, and it is a hole until its"
                " rows come."
            )
        return tr(
            "The day counts as closed: nothing asks for it any more, and it is no hole of coverage, checks and exports."
            " Should rows come all the same, they overrule this."
        )


def take_day(engine: Engine, day: date) -> DayFacts:
    """Read what is known of a day; not for the UI thread."""
    predicted = KrxCalendar()
    return DayFacts(
        day,
        predicted.is_session(day),
        predicted.holiday_name(day) or "",
        engine.reads(KRX).declared_days().get(day),
        engine.reads(KRX).has_rows(day),
    )


def declared_text(declared: Declaration) -> str:
    """Return a declaration in a sentence."""
    word = tr("open") if declared.is_open else tr("closed")
    text = tr("{day} was declared {word} by hand", day=declared.trade_date, word=word)
    return tr("{text}: {note}", text=text, note=declared.note) if declared.note else f"{text}."


def keep(engine: Engine, day: date, said: SessionWord, note: str) -> None:
    """Keep what a person says of a day. Raises BadInput where it cannot be; not for the UI thread."""
    if said is SessionWord.PREDICTED:
        engine.by_hand(BY_HAND).forget_declared(day)
    else:
        engine.by_hand(BY_HAND).declare(Declaration(day, said is SessionWord.OPEN, note))


class SessionDialog(ReadDialog):
    """Says what follows before anything is kept."""

    def __init__(self, parts: PageParts, day: date, said: SessionWord, parent: QWidget | None = None) -> None:
        style = parts.style
        super().__init__(style, tr("Declare a day of the exchange"), parent)
        self._parts = parts
        self._facts: DayFacts | None = None
        self._is_keeping = False
        self.day = DateField(style, tr("Day"))
        self.said = SegmentedControl(style, tr("The exchange is"), _choices())
        self.note = LineField(style, tr("Why"), tr("for example the notice that announced it"))
        self.known = paragraph(style, tone=SECONDARY)
        self.follows = paragraph(style)
        self.error = paragraph(style, tone="error")
        self.keep = primary_button(style, tr("Declare"))
        self.leave = button(style, tr("Cancel"))
        self._typing = pause(self, TYPING_PAUSE_MS, self._ask)
        self.query: LatestQuery[DayFacts] = LatestQuery(parts.bridge, self, self._show_facts, self._tell_failure)
        self._arrange()
        self._connect()
        self.day.show_day(day)
        self.said.choose(said.value)
        self._ask()
        self.note.line.setFocus()

    @property
    def is_settled(self) -> bool:
        """Whether everything asked for is shown."""
        return not (self.query.is_busy or self._typing.isActive() or self._is_keeping)

    def _arrange(self) -> None:
        for part in (self.day, self.said, self.note, self.known, self.follows, self.error):
            self.body.addWidget(part)
        self.body.addStretch()
        self.error.hide()
        self.keep.setDefault(True)
        for made in (self.keep, self.leave):
            self.buttons.addWidget(made)

    def _connect(self) -> None:
        self.day.changed.connect(self._ask_soon)
        self.said.chosen.connect(lambda _key: self._say_anew())
        self.keep.clicked.connect(self._keep)
        self.leave.clicked.connect(self.reject)

    def _word(self) -> SessionWord:
        return SessionWord(self.said.choice() or SessionWord.CLOSED)

    def _say_anew(self) -> None:
        self._tell("")
        self._show()

    def _ask_soon(self) -> None:
        """Know nothing of the day that is typed until it stands."""
        self._tell("")
        self.day.say("")
        self._forget()
        self._typing.start()

    def _ask(self) -> None:
        self._typing.stop()
        engine, day = self._parts.engine, self.day.day()
        error = _day_error(day, kst_date(engine.now()))
        self.day.say(error)
        if day is None or error:
            self._forget()
            return
        self.query.ask(lambda: take_day(engine, day), day)

    def _forget(self) -> None:
        self.query.drop()
        self._facts = None
        self._show()

    def _show_facts(self, facts: DayFacts) -> None:
        self._facts = facts
        self._show()

    def _show(self) -> None:
        facts, word = self._facts, self._word()
        self.known.setText(facts.known() if facts else "")
        self.follows.setText(facts.follows(word) if facts else "")
        self.note.setVisible(word is not SessionWord.PREDICTED)
        self.keep.setText(tr("Take back") if word is SessionWord.PREDICTED else tr("Declare"))
        self.keep.setAccessibleName(self.keep.text())
        self.keep.setEnabled(facts is not None and facts.allows(word) and not self._is_keeping)
        self.fit()

    def _keep(self) -> None:
        facts, word, engine = self._facts, self._word(), self._parts.engine
        if facts is None or self._is_keeping:
            return
        day, note = facts.day, self.note.text()
        self._is_keeping = True
        self.keep.setEnabled(False)
        self._parts.bridge.query(
            self, lambda: keep(engine, day, word, note), lambda _none: self.accept(), self._tell_refusal
        )

    def _tell_refusal(self, error: Exception) -> None:
        self._is_keeping = False
        # What is stored may have changed since it was read.
        self._ask()
        self._tell_failure(error)

    def _tell_failure(self, error: Exception) -> None:
        self._tell(error_text(error))

    def _tell(self, text: str) -> None:
        self.error.setText(text)
        self.error.setVisible(bool(text))
        self.fit()


def _day_error(day: date | None, today: date) -> str:
    if day is None:
        return not_a_day()
    first, last = declarable(today)
    if first <= day <= last:
        return ""
    return tr("Allowed: days from {first} to {last}.", first=first, last=last)


def _choices() -> tuple[tuple[str, str], ...]:
    return (
        (SessionWord.CLOSED.value, tr("Closed")),
        (SessionWord.OPEN.value, tr("Open")),
        (SessionWord.PREDICTED.value, tr("As predicted")),
    )
