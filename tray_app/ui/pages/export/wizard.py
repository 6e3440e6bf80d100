"""The export wizard: what, when, how and where, the work, the result."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget, QWizard

from tray_app.core.words import tr
from tray_app.datasets.krx.rows import STOCK_MARKETS
from tray_app.ui.pages.export.wizard_pages import CHOSEN, DatesPage, ExportChoices, OptionsPage, WhatPage, saved_choices
from tray_app.ui.pages.export.wizard_run import ResultPage, RunPage
from tray_app.ui.parts.text.plain import make_plain

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent

    from tray_app.ui.page import PageParts


class ExportWizard(QWizard):
    """Makes one set; `changed` tells that the list of jobs may be another one.

    Closed while a set is being made it is hidden at once, and lives on until its child has stopped.
    """

    changed = Signal()

    def __init__(self, parts: PageParts, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        style = parts.style
        metrics = parts.style.theme.metrics
        choices = saved_choices(parts.engine.home).read()
        self._parts, self._place = parts, choices.place
        self._result: int | None = None
        self.what = WhatPage(style, choices)
        self.dates = DatesPage(style, parts, choices, self.what)
        self.how = OptionsPage(style, parts, choices, self.what, self.dates)
        self.work = RunPage(style, parts)
        self.made = ResultPage(style, parts)
        for page in (self.what, self.dates, self.how, self.work, self.made):
            self.addPage(page)
        self.setWindowTitle(tr("Export to Parquet"))
        self.setAccessibleName(tr("Export to Parquet"))
        self.setWindowIcon(style.icons.application())
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        make_plain(self)
        self.setWizardStyle(QWizard.WizardStyle.ClassicStyle)
        self.setOption(QWizard.WizardOption.NoCancelButtonOnLastPage)
        self.setOption(QWizard.WizardOption.NoBackButtonOnStartPage)
        for place, text in (
            (QWizard.WizardButton.BackButton, tr("&Back")),
            (QWizard.WizardButton.NextButton, tr("&Next")),
            (QWizard.WizardButton.CommitButton, tr("&Next")),
            (QWizard.WizardButton.CancelButton, tr("Cancel")),
            (QWizard.WizardButton.FinishButton, tr("&Close")),
        ):
            self.setButtonText(place, text)
        self.resize(metrics.dialog_width + metrics.card_width, metrics.window_least)
        self.currentIdChanged.connect(self._enter)
        self.work.completeChanged.connect(self._go_on)
        self.work.ended.connect(self.changed)
        for over in (self.work.ended, self.made.child.ended, self.made.child.cancelled):
            over.connect(self._leave)

    @property
    def is_busy(self) -> bool:
        """Whether a child of this wizard is at work."""
        return self.work.is_busy or self.made.child.is_running

    @property
    def is_leaving(self) -> bool:
        """Whether it was closed and only waits for its child."""
        return self._result is not None

    def done(self, result: int) -> None:
        """Close, and leave no child behind."""
        self.work.give_up()
        self.made.child.kill()
        self._result = result
        self.hide()
        self._leave()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Close by the title bar as by the button."""
        if self.is_busy:
            event.ignore()
            self.reject()
        else:
            super().closeEvent(event)

    def choices(self) -> ExportChoices:
        """Return what to remember."""
        request = self.how.request()
        parent = request.output_path.parent
        is_usual = parent == self._parts.engine.exports.default_path("set").parent
        chosen = {name: getattr(request, name) for name in CHOSEN}
        return ExportChoices(
            **{**chosen, "markets": request.markets or STOCK_MARKETS},
            first=self.dates.first.line.text(),
            last=self.dates.last.line.text(),
            indices=self.dates.indices.text(),
            place="" if is_usual else str(parent),
        )

    def _leave(self) -> None:
        if self._result is not None and not self.is_busy:
            super().done(self._result)

    def _enter(self, _place: int) -> None:
        if self.currentPage() is self.work:
            request, choices, home = self.how.request(), self.choices(), self._parts.engine.home
            self._parts.bridge.query(self, lambda: saved_choices(home).write(choices), lambda _none: None)
            self.work.begin(request)
        elif self.currentPage() is self.made:
            self.made.show_set(self.work.child.document)

    def _go_on(self) -> None:
        if self.currentPage() is self.work and self.work.isComplete():
            self.next()
