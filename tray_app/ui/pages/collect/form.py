"""The form of a manual collection: which dataset and series, which days, in which order, and whether all of it again.

Each field says what is wrong with it.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFrame, QWidget

from tray_app.core.model import CollectorName, Subject, Window
from tray_app.core.words import tr
from tray_app.datasets import SHOWN
from tray_app.datasets.dataset import Dataset
from tray_app.ui.parts.card.card import card_column
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.form.date_field import DateField, say_range_errors
from tray_app.ui.parts.form.fields import ComboField
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.form.switch import Switch
from tray_app.ui.parts.layout.boxes import SPACE, Space, fill, row
from tray_app.ui.parts.layout.flow import FlowLayout
from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from tray_app.ui.style.style import Style

NEWEST, OLDEST = "newest", "oldest"
# What has a history to ask for; feeds of news keep none.
OFFERED = tuple(dataset for dataset in SHOWN if dataset.has_history)
ALL_SINCE = date(2010, 1, 4)
FIVE_YEARS = timedelta(days=5 * 365 + 1)
EVERYTHING = ""
SUBJECT_LETTERS = 24


class CollectForm(QFrame):
    """Emits changed whenever the window it stands for may be another one. now: the present instant (UTC)."""

    changed = Signal()
    submitted = Signal()
    dataset_chosen = Signal()

    def __init__(self, style: Style, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._today = date.max
        self.datasets = SegmentedControl(style, tr("Dataset"), [(each.name, tr(each.title)) for each in OFFERED])
        self.first = DateField(style, tr("From"), tr("2010-01-04"))
        self.last = DateField(style, tr("To"), tr("today"))
        self.orders = SegmentedControl(style, tr("Order"), ((NEWEST, tr("Newest first")), (OLDEST, tr("Oldest first"))))
        self.quick = {
            "year": button(style, tr("This year")),
            "five": button(style, tr("5 years")),
            "all": button(style, tr("All from 2010")),
        }
        self._order_label = label(style, tr("Order"), tone=SECONDARY)
        self.subjects = ComboField(style, tr("Series or market"), ())
        self.again = Switch(style)
        hint = tr(
            "The source is asked for stored days too. Where it differs, its value takes the place of the stored one,"
            " which is kept as a restatement, and what was made of it is made anew."
        )
        self._again_hint = paragraph(style, hint, tone=SECONDARY)
        self._arrange(style)
        self._connect()

    @property
    def dataset(self) -> Dataset[object]:
        """Return the chosen dataset."""
        return next((each for each in OFFERED if each.name == self.datasets.choice()), OFFERED[0])

    def show_today(self, today: date) -> None:
        """Take the Korean date; an untouched form begins with this year."""
        is_new = self._today == date.max
        self._today = today
        if is_new and self.first.is_empty:
            self.show_range(today.replace(month=1, day=1), None)

    def show_range(self, first: date, last: date | None) -> None:
        """Fill in a range."""
        self.first.show_day(first)
        self.last.show_day(last)
        self.changed.emit()

    def choose_dataset(self, name: CollectorName) -> None:
        """Take a dataset."""
        self.datasets.choose(name)
        self._show_dataset()

    def show_subjects(self, subjects: Sequence[Subject]) -> None:
        """Offer the series or markets of the chosen dataset."""
        self.subjects.show_choices([(EVERYTHING, tr("All of them")), *((each.key, each.title) for each in subjects)])

    def take_window(self, name: CollectorName, window: Window) -> None:
        """Fill in what another page leads to: all series of a range, what is missing or everything again."""
        self.choose_dataset(name)
        self.subjects.show_key(EVERYTHING)
        self.again.setChecked(window.is_again)
        self.show_range(window.date_from, window.date_to)

    def window_of_fields(self) -> Window | None:
        """Return the window the fields stand for; when they stand for none, each says why."""
        first = self.first.day()
        if not say_range_errors(self.first, self.last, self._today, self._too_early(first)) or first is None:
            return None
        is_newest_first = self.dataset.newest_first and self.orders.choice() == NEWEST
        again_since = self._now() if self.again.isChecked() else None
        return Window(first, self.last.day(), is_newest_first, again_since, self.subjects.key())

    def _too_early(self, first: date | None) -> str:
        offered = self.dataset.first_day
        if offered is None or first is None or first >= offered.day:
            return ""
        return tr(offered.sentence, day=offered.day)

    def _arrange(self, style: Style) -> None:
        metrics = style.theme.metrics
        quick = QWidget()
        flow = FlowLayout(quick, metrics.small)
        for made in self.quick.values():
            flow.addWidget(made)
        words = label(style, tr("Ask again even what is stored"))
        words.setBuddy(self.again)
        self.again.setAccessibleName(words.text())
        self.again.setAccessibleDescription(self._again_hint.text())
        card_column(
            style,
            self,
            tr("What to collect"),
            row(label(style, tr("Dataset"), tone=SECONDARY), self.datasets, SPACE, gap=metrics.small),
            row(fill(self.first), fill(self.last), Space(1), gap=metrics.medium),
            quick,
            row(self._order_label, self.orders, SPACE, gap=metrics.small),
            self.subjects,
            row(self.again, words, SPACE, gap=metrics.small),
            self._again_hint,
            SPACE,
        )
        self._again_hint.hide()
        combo = self.subjects.combo
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        combo.setMinimumContentsLength(SUBJECT_LETTERS)

    def _connect(self) -> None:
        self.choose_dataset(OFFERED[0].name)
        self.orders.choose(NEWEST)
        self.datasets.chosen.connect(self._take_dataset)
        self.orders.chosen.connect(lambda _key: self.changed.emit())
        self.subjects.changed.connect(self.changed)
        self.again.toggled.connect(self._again_hint.setVisible)
        self.again.toggled.connect(lambda _is_on: self.changed.emit())
        for field in (self.first, self.last):
            field.changed.connect(self.changed)
            field.submitted.connect(self.submitted)
        self.quick["year"].clicked.connect(lambda: self.show_range(self._today.replace(month=1, day=1), None))
        self.quick["five"].clicked.connect(lambda: self.show_range(self._today - FIVE_YEARS, None))
        self.quick["all"].clicked.connect(lambda: self.show_range(ALL_SINCE, None))

    def _take_dataset(self, _key: str) -> None:
        self._show_dataset()
        self.changed.emit()

    def _show_dataset(self) -> None:
        has_orders = self.dataset.newest_first
        self.orders.setVisible(has_orders)
        self._order_label.setVisible(has_orders)
        # What another dataset offers is none of this one's.
        self.show_subjects(())
        self.dataset_chosen.emit()
