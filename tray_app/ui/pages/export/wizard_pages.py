"""The pages of the export wizard that ask: what, from when to when, how and where; and what they remember."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWizard, QWizardPage

from tray_app.core.times import kst_date
from tray_app.core.words import tr
from tray_app.datasets.krx.dataset import KRX
from tray_app.datasets.krx.rows import STOCK_MARKETS, IndexClass, Market
from tray_app.export.options import OF_BARS, OF_LICENCES, KindFact, options_of
from tray_app.export.request import OPTIONS, ExportOptions, ExportRequest
from tray_app.export.set.target import check_target
from tray_app.paths import Home
from tray_app.ui.labels.formats import number
from tray_app.ui.labels.runs import error_text, file_size
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.form.date_field import DateField, say_range_errors
from tray_app.ui.parts.form.fields import BoxesField, ComboField, LineField
from tray_app.ui.parts.layout.boxes import Placed, Space, add, fill, row
from tray_app.ui.parts.layout.scroll import ScrollColumn
from tray_app.ui.parts.text.texts import SECONDARY, label, paragraph
from tray_app.ui.queries.latest_query import LatestQuery
from tray_app.ui.saved_state import SavedState

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tray_app.datasets.export_kind import ExportKind
    from tray_app.export.estimate import Estimate
    from tray_app.ui.page import PageParts
    from tray_app.ui.style.style import Style


FILE = "export-choices.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportChoices(ExportOptions):
    """The fields of the wizard, with texts as they were typed.

    An empty last day is today, an empty place the home's own folder for sets.
    """

    markets: tuple[Market, ...] = tuple(STOCK_MARKETS)
    first: str = ""
    last: str = ""
    indices: str = ""
    place: str = ""


# What the wizard asks by choices; it does not ask for the others.
CHOSEN = {name: option for name, option in options_of(ExportOptions).items() if option.said.title}
TYPED = ("first", "last", "indices", "place")


def saved_choices(home: Path) -> SavedState[ExportChoices]:
    """Return the file that keeps them; it waits for the disk, so not for the UI thread."""
    return SavedState(home / FILE, ExportChoices(), _parse, _plain)


def _plain(choices: ExportChoices) -> dict[str, Any]:
    plain = {name: option.plain(getattr(choices, name)) for name, option in CHOSEN.items()}
    return {**plain, **{name: getattr(choices, name) for name in TYPED}}


def _parse(found: dict[str, Any]) -> ExportChoices:
    chosen = {name: option.read(found[name]) for name, option in CHOSEN.items() if name in found}
    typed: dict[str, Any] = {name: str(found[name]) for name in TYPED if name in found}
    return ExportChoices(**chosen, **typed)


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
        self.datasets.show_keys(kind.name for kind in choices.datasets)
        self.markets.show_keys(choices.markets)
        self.datasets.changed.connect(self._show_markets)
        add(self.column, self.datasets, self.markets, Space(1))
        self._show_markets()

    @property
    def kinds(self) -> tuple[ExportKind, ...]:
        """Return what is chosen."""
        chosen: tuple[ExportKind, ...] = OPTIONS["datasets"].read(self.datasets.keys())
        return chosen

    @property
    def has_bars(self) -> bool:
        """Whether something chosen has daily bars."""
        return any(map(OF_BARS, self.kinds))

    @property
    def has_licences(self) -> bool:
        """Whether something chosen has series under licence, which may not be passed on."""
        return any(map(OF_LICENCES, self.kinds))

    def validatePage(self) -> bool:  # noqa: N802 - Qt's name
        """Let nobody go on without a dataset."""
        right = self.datasets.say("" if self.datasets.keys() else tr("Choose at least one dataset."))
        needs = self.has_bars and not self.markets.keys()
        return self.markets.say(tr("Choose at least one market.") if needs else "") and right

    def _show_markets(self) -> None:
        self.markets.setVisible(self.has_bars)


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
        add(self.column, dates, self.indices, self._hint, Space(1))

    def initializePage(self) -> None:  # noqa: N802 - Qt's name
        """Ask for indices where there are some."""
        for part in (self.indices, self._hint):
            part.setVisible(self._what.has_bars)

    def first_day(self) -> date:
        """Return the first day; today while the field holds none."""
        return self.first.day() or self._today

    def last_day(self) -> date:
        """Return the last day."""
        return self.last.day() or self._today

    def codes(self) -> tuple[str, ...]:
        """Return the indices asked for."""
        if not self._what.has_bars:
            return ()
        return tuple(code.strip() for code in self.indices.text().split(",") if code.strip())

    def validatePage(self) -> bool:  # noqa: N802 - Qt's name
        """Say which field is wrong; with codes not known yet the wizard goes on by itself when they are."""
        are_days_right = say_range_errors(self.first, self.last, self._today)
        if not self.indices.say(self._family_error()) or not are_days_right:
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


def unknown_indices(unknown: Sequence[str], known: Sequence[str]) -> str:
    """Return that some codes are no stored index's, and what is."""
    if not known:
        return tr("No index is stored yet. Leave this empty, or collect the Korea Exchange first.")
    plain = [code for code in known if ":" not in code] or list(known)
    names, codes = ", ".join(unknown), ", ".join(plain[:NAMED_INDICES])
    return tr("Not stored: {names}. Stored are for example {codes}.", names=names, codes=codes)


def flags_of(of: KindFact) -> list[tuple[str, str]]:
    """Return what can be switched on for sets of some kinds: the option's name, and its title."""
    return [(name, option.title) for name, option in OPTIONS.items() if option.kind is bool and option.said.of is of]


class OptionsPage(ChoicePage):
    """Goes on only when the folder can take the set."""

    def __init__(
        self, style: Style, parts: PageParts, choices: ExportChoices, what: WhatPage, dates: DatesPage
    ) -> None:
        super().__init__(style, tr("How, and where"))
        self._parts, self._what, self._dates, self._place = parts, what, dates, choices.place
        self._accepted: ExportRequest | None = None
        self.flags = BoxesField(style, tr("Options"), flags_of(OF_BARS))
        self.licences = BoxesField(style, tr("Series under licence"), flags_of(OF_LICENCES))
        self.basis, self.layouts, self.preset = (
            ComboField(style, OPTIONS[name].title, OPTIONS[name].choices) for name in ("basis", "layout", "preset")
        )
        self.folder = LineField(style, tr("Folder of the set"))
        self.browse = button(style, tr("Browse..."), "folder")
        self.estimate = paragraph(style)
        self.notes = paragraph(style, tone=SECONDARY)
        self._note = label(style, tr("A set that is there already is replaced as a whole."), tone=SECONDARY)
        self.query: LatestQuery[Estimate] = LatestQuery(parts.bridge, self, self._show_estimate, self._show_no_estimate)
        self._check: LatestQuery[ExportRequest] = LatestQuery(parts.bridge, self, self._accept, self._refuse)
        self._fill(choices)
        self._arrange(style)
        self.setButtonText(QWizard.WizardButton.NextButton, tr("E&xport"))

    def initializePage(self) -> None:  # noqa: N802 - Qt's name
        """Propose a folder for what was chosen, and ask how much it is."""
        for part in (self.flags, self.basis, self.layouts):
            part.setVisible(self._what.has_bars)
        self.licences.setVisible(self._what.has_licences)
        names = "-".join(self._what.datasets.keys())
        name = f"{names}_{self._dates.first_day()}_{self._dates.last_day()}"
        path = Path(self._place) / name if self._place else self._parts.engine.exports.default_path(name)
        self.folder.line.setText(str(path))
        self.folder.say("")
        self._ask()

    def request(self) -> ExportRequest:
        """Return what all the fields stand for."""
        ticked = (*self.flags.keys(), *self.licences.keys())
        chosen: dict[str, object] = {
            "datasets": self._what.datasets.keys(),
            "markets": self._what.markets.keys(),
            "index_codes": self._dates.codes(),
            "basis": self.basis.key(),
            "layout": self.layouts.key(),
            "preset": self.preset.key(),
            **{name: name in ticked for name in (*self.flags.boxes, *self.licences.boxes)},
        }
        kinds = self._what.kinds
        values = {name: OPTIONS[name].read(value) for name, value in chosen.items() if OPTIONS[name].concerns(kinds)}
        return ExportRequest(Path(self.folder.text()), self._dates.first_day(), self._dates.last_day(), **values)

    def validatePage(self) -> bool:  # noqa: N802 - Qt's name
        """Look at the folder, aside; when it is right the wizard goes on by itself."""
        needs = OPTIONS["preset"].read(self.preset.key()).needs_bars and not self._what.has_bars
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

    def _accept(self, request: ExportRequest) -> None:
        wizard = self.wizard()
        if wizard is not None and wizard.currentPage() is self and request == self.request():
            self._accepted = request
            wizard.next()

    def _refuse(self, error: Exception) -> None:
        self.folder.say(error_text(error))
        self.folder.line.setFocus()

    def _fill(self, choices: ExportChoices) -> None:
        for field in (self.flags, self.licences):
            field.show_keys(name for name in field.boxes if getattr(choices, name))
        self.basis.show_key(choices.basis)
        self.layouts.show_key(choices.layout)
        self.preset.show_key(choices.preset.name)

    def _arrange(self, style: Style) -> None:
        self.folder.row.addWidget(self.browse)
        fields = (Placed(field, 1, Qt.AlignmentFlag.AlignTop) for field in (self.preset, self.layouts, self.basis))
        box = row(*fields, gap=style.theme.metrics.large)
        # With everything to be said the page is higher than the wizard.
        scroll = ScrollColumn(style)
        self.column.addWidget(scroll)
        self.column = scroll.column
        self.column.setContentsMargins(0, 0, 0, 0)
        add(self.column, box, self.flags, self.licences, self.folder, self._note)
        add(self.column, self.estimate, self.notes, Space(1))
        self.browse.clicked.connect(self._browse)
        self.folder.changed.connect(lambda: self.folder.say(""))
        for field in (self.flags, self.licences, self.preset):
            field.changed.connect(self._ask)

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
        self.query.ask(lambda: exports.estimate(request), request)

    def _show_estimate(self, estimate: Estimate) -> None:
        self.estimate.setText(estimate_text(estimate))
        self.notes.setText("\n".join(estimate.notes))
        self.notes.setVisible(bool(estimate.notes))

    def _show_no_estimate(self, error: Exception) -> None:
        self.estimate.setText(error_text(error))
        self.notes.hide()


def estimate_text(estimate: Estimate) -> str:
    """Return what a set would hold, and of what nothing is stored for its days."""
    empty = [tr(kind.none_stored) for kind, rows in estimate.rows.items() if not rows]
    parts = [tr(kind.counted, rows=number(rows)) for kind, rows in estimate.rows.items() if rows]
    size = file_size(estimate.bytes)
    about = [tr("About {what}, {size}.", what=", ".join(parts), size=size)] if parts else []
    return "\n".join([*about, *empty])
