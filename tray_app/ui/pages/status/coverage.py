"""The coverage of the Korea Exchange on the Status page: the heat map, what it sums up to, and the way to a hole."""

from __future__ import annotations

from calendar import monthrange
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QFrame, QMenu, QWidget
from shiboken6 import isValid

from tray_app.core.days import is_weekday
from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.rules.calendar import EARLIEST, DayState, Evidence, KrxCalendar, SessionWord
from tray_app.datasets.krx.rules.ledger import ETF_TRACK, TRACKS, BarKind, LedgerState, Track
from tray_app.ui.labels import formats
from tray_app.ui.parts.card.card import card_column
from tray_app.ui.parts.heat.cells import CellState, HeatLegend
from tray_app.ui.parts.heat.map import HeatMap
from tray_app.ui.parts.notice.empty import EmptyState
from tray_app.ui.parts.text.texts import SECONDARY, paragraph

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from tray_app.datasets.krx.rules.calendar import CalendarDay
    from tray_app.datasets.krx.rules.ledger import LedgerEntry
    from tray_app.engine.facade import Engine
    from tray_app.ui.style.style import Style


REFUSED = frozenset({LedgerState.FAILED, LedgerState.BLOCKED})
HOLES = frozenset({CellState.PARTIAL, CellState.MISSING, CellState.UNKNOWN})


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A weekday: how many of its series are stored, of how many, with how many rows, and why not all."""

    day: date
    state: CellState
    stored: int = 0
    wanted: int = 0
    rows: int = 0
    lacking: str = ""
    reason: str = ""
    is_declared: bool = False

    def text(self) -> str:
        """Return everything in one sentence or two."""
        counts = tr("{stored} of {wanted} series, {rows} rows", stored=self.stored, wanted=self.wanted,
                    rows=formats.number(self.rows))  # fmt: skip
        line = {
            CellState.STORED: tr("{day}: stored, {counts}.", day=self.day, counts=counts),
            CellState.PARTIAL: tr("{day}: {counts}; {names} missing.", day=self.day, counts=counts, names=self.lacking),
            CellState.MISSING: tr("{day}: missing.", day=self.day),
            CellState.CLOSED: tr("{day}: closed.", day=self.day),
            CellState.UNKNOWN: tr("{day}: not collected.", day=self.day),
        }[self.state]
        told = [line, self.reason, tr("Declared by hand.") if self.is_declared else ""]
        return " ".join(filter(None, told))


@dataclass(frozen=True, slots=True)
class CoverageFacts:
    """Every weekday since 2010; without a stored session there are none."""

    days: dict[date, SessionFacts]

    def text(self, day: date) -> str:
        """Return what is known of a day."""
        facts = self.days.get(day)
        return facts.text() if facts else ""

    def is_hole(self, day: date) -> bool:
        """Whether collecting may bring something for a day."""
        facts = self.days.get(day)
        return facts is not None and facts.state in HOLES

    def may_be_said(self, day: date) -> SessionWord | None:
        """Return what a person may say of a day; nothing where rows tell what it was."""
        facts = self.days.get(day)
        if facts is None or facts.stored:
            return None
        if facts.is_declared:
            return SessionWord.PREDICTED
        return SessionWord.OPEN if facts.state is CellState.CLOSED else SessionWord.CLOSED

    def cells(self) -> dict[date, CellState]:
        """Return the state of each day."""
        return {day: facts.state for day, facts in self.days.items()}

    def summary(self) -> str:
        """Return the counts in one line."""
        counts = Counter(facts.state for facts in self.days.values())
        parts = [tr("{count} sessions stored", count=formats.number(counts[CellState.STORED]))]
        if counts[CellState.PARTIAL]:
            parts.append(tr("{count} partly", count=formats.number(counts[CellState.PARTIAL])))
        parts.append(tr("{count} missing", count=formats.number(counts[CellState.MISSING])))
        return ", ".join(parts)


def take_coverage(engine: Engine) -> CoverageFacts:
    """Read the ledger and the calendar; not for the UI thread."""
    now = engine.now()
    return coverage_of(engine.reads(KRX).coverage(), engine.reads(KRX).calendar(EARLIEST, kst_date(now)), now)


def coverage_of(ledger: Sequence[LedgerEntry], calendar: Sequence[CalendarDay], now: datetime) -> CoverageFacts:
    """Return every weekday's facts. Days that the calendar does not hold, before the first run, are predicted."""
    tracks: dict[date, dict[Track, LedgerEntry]] = defaultdict(dict)
    for entry in ledger:
        tracks[entry.session][entry.track] = entry
    stored = [entry.session for entry in ledger if entry.state.is_stored]
    if not stored:
        return CoverageFacts({})
    known = {entry.trade_date: entry for entry in calendar}
    span = (min(stored), max(stored))
    predicted = KrxCalendar()
    days = [*_weekdays(EARLIEST, kst_date(now)), *(day for day in set(stored) if not is_weekday(day))]
    return CoverageFacts(
        {day: _facts(day, tracks.get(day, {}), known.get(day) or predicted.judge(day, now), span) for day in days}
    )


def _facts(day: date, entries: dict[Track, LedgerEntry], known: CalendarDay, span: tuple[date, date]) -> SessionFacts:
    of_etfs = entries.get(ETF_TRACK)
    # Days without ETFs are holes only where they were asked for and did not come.
    has_etfs = of_etfs is not None and (of_etfs.state.is_stored or of_etfs.state in REFUSED)
    wanted = [*(track for track in TRACKS if track.first_day <= day), *([ETF_TRACK] if has_etfs else [])]
    stored = [track for track in wanted if track in entries and entries[track].state.is_stored]
    rows = sum(entries[track].rows for track in stored)
    open_ones = [entries[track] for track in wanted if track in entries and not entries[track].state.is_stored]
    reason = next((entry.reason for entry in open_ones if entry.reason), "")
    if stored:
        state = CellState.STORED if len(stored) == len(wanted) else CellState.PARTIAL
        lacking = ", ".join(track_title(track) for track in wanted if track not in stored)
        # What is stored but in doubt, or accepted without some rows, says so too.
        said = reason or next((entries[track].reason for track in stored if entries[track].reason), "")
        return SessionFacts(day, state, len(stored), len(wanted), rows, lacking, said)
    is_declared = known.evidence is Evidence.MANUAL
    if _is_closed(open_ones, known):
        return SessionFacts(day, CellState.CLOSED, reason=known.holiday_name or "", is_declared=is_declared)
    is_refused = any(entry.state in REFUSED for entry in open_ones)
    is_inside = span[0] < day < span[1]
    state = CellState.MISSING if is_refused or is_inside else CellState.UNKNOWN
    return SessionFacts(day, state, reason=reason, is_declared=is_declared)


def _is_closed(entries: Sequence[LedgerEntry], known: CalendarDay) -> bool:
    if known.state is DayState.CLOSED:
        return True
    return bool(entries) and all(entry.state is LedgerState.CLOSED for entry in entries)


def track_title(track: Track) -> str:
    """Return a series' name for people."""
    if track.dataset is BarKind.EQUITY:
        return tr("{market} issues", market=track.market_code)
    return tr("{market} indices", market=track.market_code)


def _weekdays(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if is_weekday(day):
            yield day


class CoverageCard(QFrame):
    """A click on a hole asks to collect it; the line below tells of the day pointed at.

    again_requested: the first and the last day to ask for again. declare_requested: a day and what is to be said of it.
    """

    day_requested = Signal(object)
    again_requested = Signal(object, object)
    declare_requested = Signal(object, object)
    history_requested = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._facts = CoverageFacts({})
        self._menu: QMenu | None = None
        self.summary = paragraph(style, tone=SECONDARY)
        self.map = HeatMap(style, tr("Sessions of the Korea Exchange by state"), self._describe)
        self.legend = HeatLegend(style)
        self.pointed = paragraph(style, tone=SECONDARY)
        self.empty = EmptyState(style, tr("No session of the Korea Exchange is stored yet."), tr("Collect sessions"))
        title = tr("Korea Exchange: coverage")
        card_column(style, self, title, self.summary, self.map, self.legend, self.pointed, self.empty)
        self.map.day_chosen.connect(self._choose)
        self.map.day_pointed.connect(self._point)
        self.map.menu_requested.connect(self._open_menu)
        self.empty.action_triggered.connect(self.history_requested)
        self._show_parts()
        self._point(None)

    def show_coverage(self, facts: CoverageFacts) -> None:
        """Show where every session stands."""
        if facts == self._facts:
            return
        self._facts = facts
        self.summary.setText(facts.summary())
        self.map.show_cells(facts.cells())
        self._show_parts()

    def menu(self, day: date) -> QMenu:
        """Return what can be done with a day, its month and its year."""
        menu = QMenu(self)
        menu.setAccessibleName(str(day))
        if self._facts.is_hole(day):
            menu.addAction(tr("Collect {day}", day=day), lambda: self.day_requested.emit(day))
        for text, first, last in ranges_around(day, max(self._facts.days)):
            menu.addAction(text, partial(self.again_requested.emit, first, last))
        said = self._facts.may_be_said(day)
        if said is not None:
            menu.addSeparator()
            menu.addAction(said_title(day, said), partial(self.declare_requested.emit, day, said))
        return menu

    def _show_parts(self) -> None:
        for part in (self.summary, self.map, self.legend, self.pointed):
            part.setVisible(bool(self._facts.days))
        self.empty.setVisible(not self._facts.days)

    def _choose(self, day: date) -> None:
        if self._facts.is_hole(day):
            self.day_requested.emit(day)

    def _open_menu(self, day: date, place: QPoint) -> None:
        if self._menu is not None and isValid(self._menu) and self._menu.isVisible():
            return
        self._menu = self.menu(day)
        self._menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._menu.popup(place)

    def _point(self, day: date | None) -> None:
        hint = tr(
            "Click a missing day, or press Enter on it, to collect it. A right click or the menu key offers more."
        )
        self.pointed.setText(self._describe(day) if day is not None else hint)

    def _describe(self, day: date) -> str:
        text = self._facts.text(day)
        return tr("{text} Click or Enter collects it.", text=text) if self._facts.is_hole(day) else text


def said_title(day: date, said: SessionWord) -> str:
    """Return what saying something of a day is called."""
    return {
        SessionWord.CLOSED: tr("Declare {day} closed...", day=day),
        SessionWord.OPEN: tr("Declare {day} open...", day=day),
        SessionWord.PREDICTED: tr("Take back what was declared of {day}...", day=day),
    }[said]


def ranges_around(day: date, today: date) -> tuple[tuple[str, date, date], ...]:
    """Return what asking again for a day, its month and its year is called, and the first and the last day of each."""
    month_ends, year_ends = day.replace(day=monthrange(day.year, day.month)[1]), date(day.year, 12, 31)
    return (
        (tr("Collect {day} again", day=day), day, day),
        (tr("Collect {month} again", month=f"{day:%Y-%m}"), max(EARLIEST, day.replace(day=1)), min(month_ends, today)),
        (tr("Collect {year} again", year=day.year), max(EARLIEST, day.replace(month=1, day=1)), min(year_ends, today)),
    )
