"""The index over time: its parts stacked, the day that was chosen, its categories and how widely stress is spread."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from tray_app.core.words import tr
from tray_app.datasets.liquidity.dataset import LIQUIDITY
from tray_app.ui.charts.series import ChartFacts, Scale, Span
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.labels import formats
from tray_app.ui.pages.liquidity.breakdown import Breakdown
from tray_app.ui.pages.liquidity.data import lack_of_index
from tray_app.ui.pages.liquidity.section import Section, pictures
from tray_app.ui.pages.liquidity.words import index_credit, signed
from tray_app.ui.parts.layout.boxes import add
from tray_app.ui.parts.layout.columns import Columns

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tray_app.datasets.liquidity.rules.model import StressDay
    from tray_app.ui.charts.drawing import Drawing
    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import LiquidityFacts
    from tray_app.ui.pages.liquidity.series import StressPicture

FIRST_LOOK = timedelta(days=400)


class IndexSection(Section):
    """The history first, the rest while it is already there; a chosen day is taken apart below it."""

    tables = frozenset({"stress_index", "stress_contribution"})
    shares_found = Signal(object)

    def __init__(self, parts: PageParts) -> None:
        super().__init__(parts)
        self._day: date | None = None
        self._is_following = True
        self.newest: date | None = None
        self._is_whole = False
        self.history = self._chart(tr("Stress index and its parts"), signed, is_stacked=True)
        self.breakdown = Breakdown(parts.style)
        self.subs: TimeChart | None = None
        self.breadth: TimeChart | None = None
        metrics = parts.style.theme.metrics
        self._pair = Columns(metrics.sentence + metrics.tile_width, metrics.medium)
        self._picture = self.query(self._show_picture)
        self._stress_day = self.query(self._show_day)
        add(self.column, self.history, self.breakdown, self._pair)
        self.breakdown.hide()
        self.breakdown.series_requested.connect(self.series_requested)
        self.breakdown.day_stepped.connect(self._step)
        self.history.show_note(tr("Click a day, or step to it by the arrow keys, to take it apart."))

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Say what is missing, and follow the newest day until another one is chosen."""
        self._lack = lack_of_index(facts)
        for chart in (self.history, self.subs, self.breadth):
            if chart is not None:
                chart.show_empty(self._lack.sentence, self._lack.action)
        self.newest = facts.newest.date if facts.newest else None
        if facts.newest is not None and self._is_following:
            self._stress_day.drop()
            self._show_day(facts.newest)

    def refresh(self) -> None:
        """Read the last year first, and everything after it."""
        engine = self.parts.engine
        since = None if self._is_whole else (engine.now() - FIRST_LOOK).date()
        self._ask(since)
        self._stress_day.repeat()

    def choose_day(self, day: date) -> None:
        """Take a day apart."""
        reads = self.parts.engine.reads(LIQUIDITY)
        self._is_following = day == self.newest
        self._stress_day.ask(lambda: reads.stress_day(day), day)

    def choose_newest(self) -> None:
        """Take the newest day apart, and follow it from now on."""
        if self.newest is not None:
            self.choose_day(self.newest)

    def show_breakdown(self, *, focus: bool) -> None:
        """Bring the day's parts into view."""
        self.place_requested.emit(self.breakdown)
        if focus:
            self.breakdown.take_focus()

    def _ask(self, since: date | None) -> None:
        engine = self.parts.engine
        self._picture.ask(lambda: pictures(engine).stress(since))

    def _show_picture(self, picture: StressPicture) -> None:
        if self._is_whole and not picture.is_whole:
            self._ask(None)
            return
        if picture.is_whole:
            self._is_whole = True
            self.shares_found.emit(picture.shares)
        for key, chart, drawing in (
            ("stack", self.history, picture.stack),
            ("subs", self.subs or self._make_subs(), picture.subs),
            ("breadth", self.breadth or self._make_breadth(), picture.breadth),
        ):
            self.draw(key, drawing, partial(self._show_lines, chart, drawing))
        if not picture.is_whole:
            # Decades are made into lines beside a window that has drawn its first charts, not beside one that draws.
            self.idle.add("rest", lambda: self._ask(None))

    def _show_lines(self, chart: TimeChart, drawing: Drawing) -> None:
        chart.show_series(drawing.lines)
        chart.mark_day(self._day)

    def _make_subs(self) -> TimeChart:
        self.subs = self._chart(tr("Categories, z"), signed)
        self._pair.show_widgets([self.subs])
        return self.subs

    def _make_breadth(self) -> TimeChart:
        self.breadth = self._chart(tr("Breadth"), lambda value: formats.plain(value, 2))
        self.breadth.show_note(tr("How much the categories are stressed together, from 0 to 1 (as CISS counts it)."))
        self._pair.show_widgets([part for part in (self.subs, self.breadth) if part])
        return self.breadth

    def _chart(self, title: str, value_format: Callable[[float], str], *, is_stacked: bool = False) -> TimeChart:
        facts = ChartFacts(
            title,
            index_credit(),
            self._lack.sentence,
            self._lack.action,
            (Scale.LINEAR,),
            value_format,
            on_scrolled_page=True,
            spans=tuple(Span),
            is_stacked=is_stacked,
        )
        chart = TimeChart(self._style, facts)
        chart.show_span(Span.YEAR)
        chart.day_chosen.connect(self._open_day)
        chart.day_entered.connect(lambda _day: self.show_breakdown(focus=True))
        chart.empty_action_triggered.connect(self.follow_lack)
        return chart

    def _open_day(self, day: date) -> None:
        self.choose_day(day)
        self.show_breakdown(focus=False)

    def _show_day(self, day: StressDay | None) -> None:
        if day is not None:
            self._take_apart(day)
        self._is_following = self._day in {None, self.newest}

    def _take_apart(self, day: StressDay) -> None:
        self._day = day.date
        self.breakdown.show_day(day, is_newest=day.date == self.newest)
        self.breakdown.show()
        for chart in (self.history, self.subs, self.breadth):
            if chart is not None:
                chart.mark_day(day.date)

    def _step(self, steps: int) -> None:
        """Go to a neighbouring day of the index, or to the newest."""
        if not steps:
            self.choose_newest()
            return
        reads, day = self.parts.engine.reads(LIQUIDITY), self._day
        if day is None:
            return
        near = day - timedelta(days=14) if steps < 0 else day

        def neighbour() -> StressDay | None:
            days = [point.date for point in reads.stress_days(near)]
            place = days.index(day) + steps if day in days else -1
            return reads.stress_day(days[place]) if 0 <= place < len(days) else None

        self._is_following = False
        self._stress_day.ask(neighbour, (day, steps))
