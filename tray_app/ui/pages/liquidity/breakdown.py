"""A day of the index taken apart: categories, their inputs, and the way to each input's series."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from tray_app.core.words import tr
from tray_app.datasets.liquidity.rules.inputs import input_title, series_of
from tray_app.ui.labels import formats
from tray_app.ui.pages.liquidity.words import (
    band_range,
    band_word,
    category_word,
    input_unit,
    repo_label_word,
    repo_word,
    signed,
)
from tray_app.ui.parts.form.buttons import button, quiet_button
from tray_app.ui.parts.layout.boxes import column, fill, row
from tray_app.ui.parts.table.model import Kind, Row, ViewColumn
from tray_app.ui.parts.table.page_table import PageTable
from tray_app.ui.parts.text.texts import SECONDARY, heading, label, paragraph

if TYPE_CHECKING:
    from tray_app.datasets.liquidity.rules.model import CategoryDay, InputReading, StressDay
    from tray_app.ui.style.style import Style

REPO_SERIES = ("SOFR", "EFFR", "SOFR99", "IORB")


class Breakdown(QFrame):
    """Shows what the index of a day is the sum of."""

    series_requested = Signal(tuple, object)
    day_stepped = Signal(int)

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._day: StressDay | None = None
        self._inputs: tuple[InputReading, ...] = ()
        self.setProperty("role", "card")
        self.title = heading(style)
        self.facts = paragraph(style, tone=SECONDARY)
        self.before, self.after = quiet_button(style, tr("Day before")), quiet_button(style, tr("Day after"))
        self.newest = quiet_button(style, tr("Newest day"))
        self.repo = button(style, tr("Series of the repo market"), "liquidity")
        self.categories = PageTable(style, tr("Categories of the day"), _category_columns(), when_empty=7)
        self.inputs = PageTable(style, tr("Inputs of the category"), _input_columns(style), when_empty=3)
        self.inputs_title = label(style, tone=SECONDARY)
        self.rule = paragraph(style, _rule(), tone=SECONDARY)
        self._arrange(style)
        self._connect()

    def show_day(self, day: StressDay, *, is_newest: bool) -> None:
        """Take another day apart."""
        self._day = day
        title = tr("{day}: z {z}, score {score}", day=day.date, z=signed(day.z), score=formats.number(day.score, 1))
        self.title.setText(title)
        self.setAccessibleName(title)
        self.facts.setText(_facts_text(day))
        self.facts.setAccessibleName(self.facts.text())
        self.after.setEnabled(not is_newest)
        self.newest.setEnabled(not is_newest)
        self.categories.set_rows([*(_category_row(each) for each in day.categories), _total_row(day)])
        self._show_inputs(self._chosen())

    def take_focus(self) -> None:
        """Let the keyboard go on from the categories."""
        if not self.categories.currentIndex().isValid():
            self.categories.setCurrentIndex(self.categories.model().index(0, 0))
        self.categories.setFocus()

    def _arrange(self, style: Style) -> None:
        metrics = style.theme.metrics
        foot = row(fill(self.rule), self.repo)
        box = column(
            row(fill(self.title), self.before, self.after, self.newest, gap=metrics.tight),
            gap=metrics.small,
            margins=(metrics.medium, metrics.small),
            inside=self,
        )
        hint = label(style, tr("Categories: choose one to see its inputs alone"), tone=SECONDARY)
        shown: tuple[QWidget, ...] = (self.facts, hint, self.categories, self.inputs_title, self.inputs)
        for widget in shown:
            box.addWidget(widget)
        box.addLayout(foot)

    def _connect(self) -> None:
        self.before.clicked.connect(lambda: self.day_stepped.emit(-1))
        self.after.clicked.connect(lambda: self.day_stepped.emit(1))
        self.newest.clicked.connect(lambda: self.day_stepped.emit(0))
        self.repo.clicked.connect(
            lambda: self.series_requested.emit(REPO_SERIES, self._day.date if self._day else None)
        )
        self.categories.row_selected.connect(self._show_inputs)
        self.categories.row_activated.connect(self._enter_inputs)
        self.inputs.row_activated.connect(self._follow)

    def _chosen(self) -> int | None:
        rows = self.categories.selected_rows()
        return rows[0] if rows else None

    def _show_inputs(self, place: int | None) -> None:
        day = self._day
        if day is None:
            return
        is_one = place is not None and place < len(day.categories)
        shown = (day.categories[place],) if is_one and place is not None else day.categories
        title = (
            tr("Inputs of {category}", category=category_word(shown[0].category)) if is_one else tr("All the inputs")
        )
        self.inputs_title.setText(tr("{title}: a click on a series draws it", title=title))
        self._inputs = tuple(reading for each in shown for reading in each.inputs)
        self.inputs.set_rows([_input_row(reading) for reading in self._inputs])

    def _enter_inputs(self, place: int) -> None:
        self._show_inputs(place)
        if self._inputs:
            self.inputs.setCurrentIndex(self.inputs.model().index(0, 0))
            self.inputs.setFocus()

    def _follow(self, place: int) -> None:
        reading = self._inputs[place]
        self.series_requested.emit(series_of(reading), reading.observed)


def _rule() -> str:
    return tr(
        "A category is the mean of the z of its inputs (funding: of the two largest); its contribution is that z times"
        " its weight over the weight available. The contributions add up to the index."
    )


def _facts_text(day: StressDay) -> str:
    repo = tr("repo market: {state}", state=repo_word(day))
    label_word = repo_label_word(day.repo_label)
    parts = (
        tr("{band} ({range})", band=band_word(day.band), range=band_range(day.band)),
        tr("coverage {share}", share=formats.share(day.coverage)),
        tr("breadth {breadth}", breadth=formats.number(day.breadth, 2)),
        f"{repo} ({label_word})" if label_word else repo,
    )
    return " · ".join(parts)


def _category_columns() -> tuple[ViewColumn, ...]:
    return (
        ViewColumn(tr("Category"), stretch=True),
        ViewColumn(tr("z"), Kind.NUMBER, signed),
        ViewColumn(tr("Weight"), Kind.NUMBER, formats.share),
        ViewColumn(tr("Contribution"), Kind.NUMBER, signed),
    )


def _category_row(day: CategoryDay) -> Row:
    return category_word(day.category), day.z, day.weight, day.contribution


def _total_row(day: StressDay) -> Row:
    return tr("Index"), None, day.coverage, day.z


def _input_columns(style: Style) -> tuple[ViewColumn, ...]:
    least = style.theme.metrics.tile_width + style.theme.metrics.wide
    return (
        ViewColumn(tr("Input"), stretch=True, least=least),
        ViewColumn(tr("Value"), Kind.NUMBER, formats.price),
        ViewColumn(tr("Unit")),
        ViewColumn(tr("z"), Kind.NUMBER, signed),
        ViewColumn(tr("Series"), Kind.LINK),
        ViewColumn(tr("Observed"), Kind.DATE),
        ViewColumn(tr("Age"), Kind.NUMBER, _age, tooltip=tr("Business days since the observation became available")),
    )


def _input_row(reading: InputReading) -> Row:
    return (
        input_title(reading.name),
        reading.value,
        input_unit(reading.name),
        reading.z,
        ", ".join(series_of(reading)),
        reading.observed,
        reading.age,
    )


def _age(days: int | None) -> str:
    return formats.NOTHING if days is None else tr("{count} d", count=days)
