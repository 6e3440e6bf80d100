"""The third page of the export wizard: how the set is written, where, and how large it will be."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QWizard

from tray_app.core.words import tr
from tray_app.datasets.krx.rows import Market
from tray_app.export.kinds import Basis, ExportKind, Layout
from tray_app.export.presets import PRESETS, preset_of
from tray_app.export.request import ExportRequest
from tray_app.export.set.target import check_target
from tray_app.paths import Home
from tray_app.ui.labels.formats import number
from tray_app.ui.labels.runs import error_text, file_size
from tray_app.ui.pages.export.wizard_pages import ChoicePage, DatesPage, WhatPage
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.form.fields import BoxesField, ComboField, LineField
from tray_app.ui.parts.layout.scroll import ScrollColumn
from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph
from tray_app.ui.queries.question import LatestQuery

if TYPE_CHECKING:
    from tray_app.export.estimate import Estimate
    from tray_app.ui.page import PageParts
    from tray_app.ui.pages.export.choices import ExportChoices
    from tray_app.ui.style.style import Style

ADJUSTED, ISSUES, ERRORS, RESTRICTED = "adjusted", "issues", "errors", "restricted"


class OptionsPage(ChoicePage):
    """Goes on only when the folder can take the set."""

    def __init__(self, look: Style, parts: PageParts, choices: ExportChoices, what: WhatPage, dates: DatesPage) -> None:
        super().__init__(look, tr("How, and where"))
        self._parts, self._what, self._dates, self._place = parts, what, dates, choices.place
        self._accepted: ExportRequest | None = None
        self.flags = BoxesField(
            look,
            tr("Options"),
            (
                (ADJUSTED, tr("Adjusted prices too")),
                (ISSUES, tr("Quality issues")),
                (ERRORS, tr("Even with errors")),
            ),
        )
        self.licences = BoxesField(
            look, tr("Series under licence"), ((RESTRICTED, tr("Include them, for your own use only")),)
        )
        self.basis = ComboField(
            look,
            tr("Adjusted by"),
            ((Basis.END, tr("What was known on the last day")), (Basis.LATEST, tr("All that is known now"))),
        )
        self.layouts = ComboField(
            look, tr("Layout"), ((Layout.SINGLE, tr("One file")), (Layout.YEAR, tr("One file per year")))
        )
        self.preset = ComboField(look, tr("For"), [(preset.name, preset.title) for preset in PRESETS])
        self.folder = LineField(look, tr("Folder of the set"))
        self.browse = button(look, tr("Browse..."), "folder")
        self.estimate = paragraph(look)
        self.notes = paragraph(look, tone=SECONDARY)
        self._note = label(look, tr("A set that is there already is replaced as a whole."), tone=SECONDARY)
        self.question: LatestQuery[Estimate] = LatestQuery(
            parts.bridge, self, self._show_estimate, self._show_no_estimate
        )
        self._check: LatestQuery[ExportRequest] = LatestQuery(parts.bridge, self, self._accept, self._refuse)
        self._fill(choices)
        self._arrange(look)
        self.setButtonText(QWizard.WizardButton.NextButton, tr("E&xport"))

    def initializePage(self) -> None:  # noqa: N802 - Qt's name
        """Propose a folder for what was chosen, and ask how much it is."""
        for part in (self.flags, self.basis, self.layouts):
            part.setVisible(self._what.has_krx)
        self.licences.setVisible(self._what.has_macro)
        names = "-".join(self._what.datasets.keys())
        name = f"{names}_{self._dates.first_day()}_{self._dates.last_day()}"
        path = Path(self._place) / name if self._place else self._parts.engine.exports.default_path(name)
        self.folder.line.setText(str(path))
        self.folder.say("")
        self._ask()

    def request(self) -> ExportRequest:
        """Return what all the fields stand for."""
        flags, has_krx = self.flags.keys(), self._what.has_krx
        return ExportRequest(
            output_path=Path(self.folder.text()),
            date_from=self._dates.first_day(),
            date_to=self._dates.last_day(),
            datasets=tuple(map(ExportKind, self._what.datasets.keys())),
            markets=tuple(map(Market, self._what.markets.keys())) if has_krx else (),
            index_codes=self._dates.codes(),
            adjusted=has_krx and ADJUSTED in flags,
            basis=Basis(self.basis.key()),
            include_issues=has_krx and ISSUES in flags,
            allow_errors=has_krx and ERRORS in flags,
            layout=Layout(self.layouts.key()),
            preset=preset_of(self.preset.key()),
            include_restricted=self._what.has_macro and bool(self.licences.keys()),
        )

    def validatePage(self) -> bool:  # noqa: N802 - Qt's name
        """Look at the folder, aside; when it is right the wizard goes on by itself."""
        needs = preset_of(self.preset.key()).needs_bars and not self._what.has_krx
        right = self.preset.say(tr("This one needs the Korea Exchange's bars.") if needs else "")
        path = Path(self.folder.text())
        if not self.folder.say("" if path.is_absolute() else tr("Name a folder with its whole path.")) or not right:
            return False
        request = self.request()
        if self._accepted == request:
            self._accepted = None
            return True
        home = Home(self._parts.engine.home)

        def look_at() -> ExportRequest:
            check_target(request.output_path, home.root, home.exports)
            return request

        self._check.ask(look_at, request)
        return False

    # --- inner ------------------------------------------------------------------------------------------------

    def _accept(self, request: ExportRequest) -> None:
        wizard = self.wizard()
        if wizard is not None and wizard.currentPage() is self and request == self.request():
            self._accepted = request
            wizard.next()

    def _refuse(self, error: Exception) -> None:
        self.folder.say(error_text(error))
        self.folder.line.setFocus()

    def _fill(self, choices: ExportChoices) -> None:
        kept = {ADJUSTED: choices.adjusted, ISSUES: choices.include_issues, ERRORS: choices.allow_errors}
        self.flags.show_keys(key for key, is_on in kept.items() if is_on)
        self.licences.show_keys((RESTRICTED,) if choices.include_restricted else ())
        self.basis.show_key(choices.basis)
        self.layouts.show_key(choices.layout)
        self.preset.show_key(choices.preset.name)

    def _arrange(self, look: Style) -> None:
        self.folder.row.addWidget(self.browse)
        row = QHBoxLayout()
        row.setSpacing(look.theme.metrics.large)
        for field in (self.preset, self.layouts, self.basis):
            row.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        # With everything to be said the page is higher than the wizard.
        scroll = ScrollColumn(look)
        self.column.addWidget(scroll)
        self.column = scroll.column
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.addLayout(row)
        for part in (self.flags, self.licences, self.folder, self._note, self.estimate, self.notes):
            self.column.addWidget(part)
        self.column.addStretch(1)
        self.browse.clicked.connect(self._browse)
        self.folder.changed.connect(lambda: self.folder.say(""))
        self.flags.changed.connect(self._ask)
        self.licences.changed.connect(self._ask)
        self.preset.changed.connect(self._ask)

    def _browse(self) -> None:
        dialog = QFileDialog(self, tr("Where to put the set"), str(Path(self.folder.text()).parent))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(self._take_place)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _take_place(self, place: str) -> None:
        name = Path(self.folder.text()).name
        self._place = place
        self.folder.line.setText(str(Path(place) / name))
        self.folder.say("")

    def _ask(self) -> None:
        request, exports = self.request(), self._parts.engine.exports
        self.question.ask(lambda: exports.estimate(request), request)

    def _show_estimate(self, estimate: Estimate) -> None:
        self.estimate.setText(estimate_text(estimate))
        self.notes.setText("\n".join(estimate.notes))
        self.notes.setVisible(bool(estimate.notes))

    def _show_no_estimate(self, error: Exception) -> None:
        self.estimate.setText(error_text(error))
        self.notes.hide()


def estimate_text(estimate: Estimate) -> str:
    """Return what a set would hold, and of what nothing is stored for its days."""
    nothing = {
        ExportKind.KRX: tr("No daily bars are stored for these days and markets. Collect them first."),
        ExportKind.CRYPTO: tr("No coins are stored for these days. Collect them first."),
        ExportKind.MACRO: tr("No macro series that may be exported are stored for these days. Collect them first."),
        ExportKind.STRESS: tr("No stress index is stored for these days. Collect it first."),
    }
    empty = [nothing[dataset] for dataset, rows in estimate.rows.items() if not rows]
    parts = [_counted(dataset, rows) for dataset, rows in estimate.rows.items() if rows]
    size = file_size(estimate.bytes)
    about = [tr("About {what}, {size}.", what=", ".join(parts), size=size)] if parts else []
    return "\n".join([*about, *empty])


def _counted(dataset: ExportKind, rows: int) -> str:
    count = number(rows)
    return {
        ExportKind.KRX: tr("{rows} daily bars", rows=count),
        ExportKind.CRYPTO: tr("{rows} rows of crypto", rows=count),
        ExportKind.MACRO: tr("{rows} macro values", rows=count),
        ExportKind.STRESS: tr("{rows} days of the stress index", rows=count),
    }[dataset]
