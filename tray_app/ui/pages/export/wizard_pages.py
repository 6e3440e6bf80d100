"""The first two pages of the export wizard: what, and from when to when."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QVBoxLayout, QWizardPage

from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.rows import IndexClass
from tray_app.export.kinds import ExportKind
from tray_app.export.request import OPTIONS
from tray_app.ui.labels.runs import error_text
from tray_app.ui.parts.form.date_field import DateField, not_a_day
from tray_app.ui.parts.form.fields import BoxesField, LineField
from tray_app.ui.parts.layout.boxes import fill, row
from tray_app.ui.parts.text.texts import SECONDARY, paragraph
from tray_app.ui.queries.latest_query import LatestQuery

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.export.choices import ExportChoices
    from tray_app.ui.style.style import Style


FAMILY = ":*"
NAMED_INDICES = 5


class ChoicePage(QWizardPage):
    """A page of fields from top to bottom."""

    def __init__(self, style: Style, title: str) -> None:
        super().__init__()
        self.setTitle(title)
        self.column = QVBoxLayout(self)
        self.column.setSpacing(style.theme.metrics.medium)


class WhatPage(ChoicePage):
    """Datasets and markets."""

    def __init__(self, style: Style, choices: ExportChoices) -> None:
        super().__init__(style, tr("What to export"))
        datasets, markets = OPTIONS["datasets"], OPTIONS["markets"]
        self.datasets = BoxesField(style, datasets.title, datasets.choices, is_list=True)
        self.markets = BoxesField(style, markets.title, markets.choices)
        self.datasets.show_keys(choices.datasets)
        self.markets.show_keys(choices.markets)
        self.datasets.changed.connect(self._show_markets)
        self.column.addWidget(self.datasets)
        self.column.addWidget(self.markets)
        self.column.addStretch(1)
        self._show_markets()

    @property
    def has_krx(self) -> bool:
        """Whether the Korea Exchange is chosen."""
        return ExportKind.KRX in self.datasets.keys()  # noqa: SIM118 - a method of ours, no mapping

    @property
    def has_macro(self) -> bool:
        """Whether macro series are chosen, some of which may not be passed on."""
        return ExportKind.MACRO in self.datasets.keys()  # noqa: SIM118 - a method of ours, no mapping

    def validatePage(self) -> bool:  # noqa: N802 - Qt's name
        """Let nobody go on without a dataset."""
        right = self.datasets.say("" if self.datasets.keys() else tr("Choose at least one dataset."))
        needs = self.has_krx and not self.markets.keys()
        return self.markets.say(tr("Choose at least one market.") if needs else "") and right

    def _show_markets(self) -> None:
        self.markets.setVisible(self.has_krx)


class DatesPage(ChoicePage):
    """The days, and the indices to compare with."""

    def __init__(self, style: Style, parts: PageParts, choices: ExportChoices, what: WhatPage) -> None:
        super().__init__(style, tr("Which days"))
        today = kst_date(parts.engine.now())
        self._parts, self._what, self._today = parts, what, today
        self._known: frozenset[str] = frozenset()
        self._check: LatestQuery[tuple[str, ...]] = LatestQuery(parts.bridge, self, self._learn, self._tell_failure)
        self.first = DateField(style, tr("From"), tr("2010-01-04"))
        self.last = DateField(style, tr("To"), tr("today"))
        self.indices = LineField(style, tr("Benchmark indices"), tr("all of them"))
        self._hint = paragraph(style, tr("For example: KOSPI, KOSDAQ, or KOSPI:* for the whole family."), SECONDARY)
        self.first.line.setText(choices.first or today.replace(month=1, day=1).isoformat())
        self.last.line.setText(choices.last)
        self.indices.line.setText(choices.indices)
        dates = row(fill(self.first), fill(self.last), gap=style.theme.metrics.medium)
        self.column.addLayout(dates)
        self.column.addWidget(self.indices)
        self.column.addWidget(self._hint)
        self.column.addStretch(1)

    def initializePage(self) -> None:  # noqa: N802 - Qt's name
        """Ask for indices where there are some."""
        for part in (self.indices, self._hint):
            part.setVisible(self._what.has_krx)

    def first_day(self) -> date:
        """Return the first day; today while the field holds none."""
        return self.first.day() or self._today

    def last_day(self) -> date:
        """Return the last day."""
        return self.last.day() or self._today

    def codes(self) -> tuple[str, ...]:
        """Return the indices asked for."""
        if not self._what.has_krx:
            return ()
        return tuple(code.strip() for code in self.indices.text().split(",") if code.strip())

    def validatePage(self) -> bool:  # noqa: N802 - Qt's name
        """Say which field is wrong; with codes not known yet the wizard goes on by itself when they are."""
        self.first.say(self._first_error())
        self.last.say(self._last_error())
        if not self.indices.say(self._family_error()) or self.first.error() or self.last.error():
            return False
        if not self._unknown():
            return True
        self._check.ask(self._parts.engine.reads(KRX).index_codes, self.codes())
        return False

    def _learn(self, known: tuple[str, ...]) -> None:
        self._known = frozenset(known)
        unknown, wizard = self._unknown(), self.wizard()
        if not self.indices.say(unknown_indices(unknown, known) if unknown else ""):
            self.indices.line.setFocus()
        elif wizard is not None and wizard.currentPage() is self:
            wizard.next()

    def _tell_failure(self, error: Exception) -> None:
        self.indices.say(error_text(error))

    def _unknown(self) -> list[str]:
        return [code for code in self.codes() if not code.endswith(FAMILY) and code not in self._known]

    def _family_error(self) -> str:
        families = [code for code in self.codes() if code.endswith(FAMILY)]
        if all(code.removesuffix(FAMILY) in set(IndexClass) for code in families):
            return ""
        return tr("The families are {names}.", names=", ".join(f"{kind}{FAMILY}" for kind in IndexClass))

    def _first_error(self) -> str:
        if self.first.is_empty:
            return tr("Say from which day on.")
        if self.first.day() is None:
            return not_a_day()
        return tr("That day lies in the future.") if self.first_day() > self._today else ""

    def _last_error(self) -> str:
        if self.last.is_empty:
            return ""
        if self.last.day() is None:
            return not_a_day()
        if self.last_day() < self.first_day():
            return tr("That day lies before the first one.")
        return tr("That day lies in the future.") if self.last_day() > self._today else ""


def unknown_indices(unknown: Sequence[str], known: Sequence[str]) -> str:
    """Return that some codes are no stored index's, and what is."""
    if not known:
        return tr("No index is stored yet. Leave this empty, or collect the Korea Exchange first.")
    plain = [code for code in known if ":" not in code] or list(known)
    names, codes = ", ".join(unknown), ", ".join(plain[:NAMED_INDICES])
    return tr("Not stored: {names}. Stored are for example {codes}.", names=names, codes=codes)
