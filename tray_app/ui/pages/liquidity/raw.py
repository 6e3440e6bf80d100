"""The raw series: chosen from all that are stored, a chart for each unit."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from tray_app.core.words import tr
from tray_app.datasets.liquidity.dataset import FRED_DATA, YAHOO
from tray_app.ui.charts.series import ChartFacts, Span
from tray_app.ui.charts.ticks import number_of
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.pages.liquidity.data import lack_of_series
from tray_app.ui.pages.liquidity.section import Section, pictures
from tray_app.ui.parts.form.buttons import quiet_button
from tray_app.ui.parts.form.chooser import Choice, Chooser, ChooserWords
from tray_app.ui.parts.layout.boxes import add, fill, row
from tray_app.ui.parts.notice.empty import EmptyState
from tray_app.ui.parts.text.texts import SECONDARY, paragraph

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.liquidity.data import LiquidityFacts
    from tray_app.ui.pages.liquidity.series import RawPicture, UnitPicture
    from tray_app.ui.style.style import Style

MOST_SERIES = 8
DEFAULT_SERIES = ("SOFR", "EFFR", "BAA10Y", "^VIX")


class RawSection(Section):
    """Draws stored values as they are; series of different units never share an axis."""

    tables = frozenset({"macro_series", "macro_observation"})
    chosen_changed = Signal(tuple)
    back_requested = Signal()

    def __init__(self, parts: PageParts, chosen: Sequence[str] | None) -> None:
        super().__init__(parts)
        style = parts.style
        self._chosen = tuple(DEFAULT_SERIES if chosen is None else chosen)[:MOST_SERIES]
        self._marked: date | None = None
        self._wants_focus = False
        self.charts: dict[str, TimeChart] = {}
        self.chooser = _chooser(style, self)
        self.back = quiet_button(style, "")
        self.hint = paragraph(style, tone=SECONDARY)
        self.empty = EmptyState(style)
        self._picture = self.query(self._show_picture)
        self._arrange()
        self.chooser.keys_changed.connect(self.choose)
        self.back.clicked.connect(self.back_requested)
        self.empty.action_triggered.connect(self.follow_lack)

    def show_facts(self, facts: LiquidityFacts) -> None:
        """Say what is missing."""
        self._lack = lack_of_series(facts)
        if not facts.has_series:
            self._show_empty(is_empty=True)

    def refresh(self) -> None:
        """Read the chosen series anew."""
        engine, chosen = self.parts.engine, self._chosen
        self._picture.ask(lambda: pictures(engine).raw(chosen), chosen)

    def choose(self, chosen: Sequence[str]) -> None:
        """Draw other series."""
        self._marked = None
        for chart in self.charts.values():
            chart.mark_day(None)
        self._chosen = tuple(chosen)
        self.idle.clear()
        self.chosen_changed.emit(self._chosen)
        self.refresh()

    def lead_to(self, series: Sequence[str], day: date | None, back: str) -> None:
        """Draw these series and mark a day that a number was observed on; back names where that number stands."""
        self._marked = day
        self._wants_focus = True
        self.back.setText(tr("Back to: {place}", place=back))
        self.back.setAccessibleName(self.back.text())
        self.back.setVisible(bool(back))
        self._chosen = tuple(series)
        self.idle.clear()
        self._drawn.clear()
        self.refresh()

    def _arrange(self) -> None:
        head = row(self.chooser.button, fill(self.hint), self.back, gap=self._style.theme.metrics.small)
        self.back.hide()
        add(self.column, head, self.empty)
        self.empty.hide()

    def _show_empty(self, *, is_empty: bool) -> None:
        self.empty.setVisible(is_empty or not self._chosen)
        if is_empty:
            self.empty.show_sentence(self._lack.sentence, self._lack.action)
        elif not self._chosen:
            self.empty.show_sentence(tr("Choose the series to draw."))

    def _show_picture(self, picture: RawPicture) -> None:
        self.chooser.show_choices([_choice(each.series_id, each.title) for each in picture.stored], self._chosen)
        self.hint.setText(_hint(picture))
        self._show_empty(is_empty=not picture.units and bool(self._chosen))
        units = {each.units for each in picture.units}
        for name, chart in self.charts.items():
            chart.setVisible(name in units)
        self.idle.clear()
        for each in picture.units:
            self.draw(each.units, each.drawing, partial(self._show_unit, each))

    def _show_unit(self, picture: UnitPicture) -> None:
        chart = self.charts.get(picture.units) or self._make(picture.units)
        chart.show_title(_title(picture))
        chart.show_note(_credit(picture))
        chart.show_series(picture.drawing.lines)
        chart.show()
        self._show_marked(chart)

    def _show_marked(self, chart: TimeChart) -> None:
        day = self._marked
        if day is not None:
            is_old = (self.parts.engine.now().date() - day).days > (Span.YEAR.days or 0)
            chart.show_span(Span.ALL if is_old else Span.YEAR)
            chart.mark_day(day)
        if self._wants_focus and chart.plot is not None:
            self._wants_focus = False
            chart.plot.setFocus()
            self.place_requested.emit(chart)
            if day is not None:
                chart.plot.point_at(float(number_of(day)))

    def _make(self, units: str) -> TimeChart:
        facts = ChartFacts(
            tr("Raw series, {units}", units=units),
            empty=tr("No values are stored yet."),
            on_scrolled_page=True,
            spans=tuple(Span),
        )
        chart = TimeChart(self._style, facts)
        chart.show_span(Span.YEAR)
        self.charts[units] = chart
        self.column.addWidget(chart)
        return chart


def _choice(series_id: str, title: str) -> Choice:
    return Choice(series_id, f"{series_id}  {title}", title)


def _hint(picture: RawPicture) -> str:
    missing = [each.series_id for each in picture.chosen if each.newest is None]
    if missing:
        return tr("Not stored yet: {series}.", series=", ".join(missing))
    return tr("Series of different units have charts of their own.")


def _title(picture: UnitPicture) -> str:
    """Return the unit, and the series where there is one only: a single line has no legend."""
    lines = picture.drawing.lines
    if len(lines) == 1:
        return tr("{series} ({units})", series=lines[0].name, units=picture.units)
    return tr("Raw series, {units}", units=picture.units)


def _credit(picture: UnitPicture) -> str:
    sources = {"fred": tr("FRED. {notice}", notice=FRED_DATA.notice), "yahoo": YAHOO.name}
    return tr("Source: {sources}", sources="; ".join(sources[each] for each in picture.providers))


def _chooser(style: Style, parent: QWidget) -> Chooser:
    words = ChooserWords(
        things=tr("Series"),
        tooltip=tr("Choose up to {count} series", count=MOST_SERIES),
        button=lambda count: tr("Series ({count})", count=count),
        spoken=lambda count: tr("Choose series, {count} chosen", count=count),
        title=tr("Series in the charts"),
        hint=tr("Search by name or id"),
        search=tr("Search series"),
    )
    return Chooser(style, words, MOST_SERIES, parent)
