"""The Settings page: every change counts at once; a text counts when it can be used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from tray_app.core.events import EngineChanged, Event
from tray_app.core.words import tr
from tray_app.datasets import DATASETS
from tray_app.datasets.keys import KEYS, SOURCE_KEYS
from tray_app.datasets.options import OPTIONS
from tray_app.keys import NOTIFICATION_URLS, KeyState
from tray_app.paths import Home
from tray_app.settings import NotificationLevel, PriceColours, ThemeChoice
from tray_app.ui.login import login_start
from tray_app.ui.page import Page, PageParts
from tray_app.ui.pages.settings.data import BackupRow, FolderRow, StartRow, about_rows
from tray_app.ui.pages.settings.keys import KeyRow
from tray_app.ui.pages.settings.options import ChoiceRow, LinesRow, OptionRow, SettingsSaver, SwitchRow, TextRow
from tray_app.ui.pages.settings.rows import SettingGroup
from tray_app.ui.parts.layout.boxes import column
from tray_app.ui.parts.layout.scroll import ScrollColumn
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel
from tray_app.ui.queries.latest_query import LatestQuery
from tray_app.ui.style.style import Style

if TYPE_CHECKING:
    from tray_app.option import Option
    from tray_app.windows.autostart import Autostart


class SettingsPage(Page):
    """Shows keys, options, the data folder and what this program is."""

    def __init__(self, parts: PageParts, starts: Autostart | None = None) -> None:
        super().__init__(parts)
        style = parts.style
        self.saver = SettingsSaver(parts, self)
        self.problem = ErrorPanel(style)
        self.options: dict[str, OptionRow] = {row.name: row for row in _option_rows(style)}
        self.keys: dict[str, KeyRow] = {key.name: KeyRow(parts, style, key) for key in KEYS}
        self.start = StartRow(parts, style, starts or login_start(Home(parts.engine.home)))
        self.backups = BackupRow(parts, style)
        self._keys_changed = 0
        self._states: LatestQuery[tuple[KeyState, ...]] = LatestQuery(
            parts.bridge, self, self._show_keys, _leave_to_log
        )
        self._arrange(style)
        for key in self.keys.values():
            key.changed.connect(self._note_key)
        for row in self.options.values():
            row.changed.connect(self.saver.change)
        self.saver.saved.connect(self._saved)
        self.saver.failed.connect(self._failed)

    def refresh(self) -> None:
        """Show the settings in force, and ask where the keys are set."""
        self._show_options()
        self.start.refresh()
        self.backups.refresh()
        self._ask_keys()

    def on_event(self, event: Event) -> None:
        """Follow changes made elsewhere."""
        if isinstance(event, EngineChanged):
            self._show_options()

    def _arrange(self, style: Style) -> None:
        metrics = self.parts.style.theme.metrics
        scroll = ScrollColumn(style)
        scroll.column.setSpacing(metrics.large)
        scroll.column.addWidget(self.problem)
        for title, rows in self._groups(style):
            scroll.column.addWidget(SettingGroup(style, title, rows))
        scroll.column.addStretch()
        column(scroll, inside=self)

    def _groups(self, style: Style) -> tuple[tuple[str, tuple[QWidget, ...]], ...]:
        options, keys = self.options, self.keys
        stands_in = (options["upstream"],) if self.parts.engine.settings.settings.upstream else ()
        return (
            (tr("Keys"), tuple(keys[key.name] for key in SOURCE_KEYS)),
            (
                tr("Collecting"),
                (
                    *(options[each.due_option.name] for each in DATASETS),
                    *(options[each.name] for each in _own_options() if each.lines is None),
                    options["history_on_first_run"],
                    options["proxy"],
                    *stands_in,
                ),
            ),
            *((tr(each.title), (options[each.name],)) for each in _own_options() if each.lines is not None),
            (tr("Notifications"), (options["notifications"], keys[NOTIFICATION_URLS.name])),
            (tr("Appearance"), (options["theme"], options["price_colours"])),
            (
                tr("This computer"),
                (self.start, FolderRow(style, self.parts.engine.home), self.backups, options["log_days"]),
            ),
            (tr("About"), about_rows(style)),
        )

    def _ask_keys(self) -> None:
        self._states.ask(self.parts.engine.key_states, self._keys_changed)

    def _note_key(self) -> None:
        # What was read before says nothing of a key kept or deleted since.
        self._keys_changed += 1
        self._ask_keys()

    def _show_options(self) -> None:
        loaded = self.parts.engine.settings
        for name, row in self.options.items():
            if name not in self.saver.unsaved:
                row.show_option(loaded)
        if loaded.problem:
            self.problem.show_error(ErrorFacts(tr("Some settings could not be read"), loaded.problem))

    def _show_keys(self, states: tuple[KeyState, ...]) -> None:
        for state in states:
            self.keys[state.name].show_place(state)

    def _saved(self, names: frozenset[str]) -> None:
        self._show_options()
        for name in names - self.saver.unsaved:
            self.options[name].accepted()

    def _failed(self, names: frozenset[str], error: Exception) -> None:
        self._show_options()
        for name in names:
            self.options[name].refused(error)


def _leave_to_log(_error: Exception) -> None:
    """Show what was known; the reader has logged why there is nothing newer."""


def option_row(style: Style, option: Option[Any]) -> OptionRow:
    """Return the row for an option by the kind of its value."""
    if isinstance(option.default, bool):
        return SwitchRow(style, option)
    return TextRow(style, option) if option.lines is None else LinesRow(style, option, option.lines)


def _own_options() -> tuple[Option[Any], ...]:
    return tuple(option for dataset in DATASETS for option in dataset.own_options)


def _option_rows(style: Style) -> tuple[OptionRow, ...]:
    choices = {
        "notifications": (
            (NotificationLevel.NONE.value, tr("None")),
            (NotificationLevel.FAILURES.value, tr("Failures")),
            (NotificationLevel.ALL.value, tr("Every run")),
        ),
        "theme": (
            (ThemeChoice.SYSTEM.value, tr("As the system")),
            (ThemeChoice.LIGHT.value, tr("Light")),
            (ThemeChoice.DARK.value, tr("Dark")),
        ),
        "price_colours": (
            (PriceColours.KOREAN.value, tr("Red up, blue down")),
            (PriceColours.WESTERN.value, tr("Green up, red down")),
        ),
    }
    return tuple(
        ChoiceRow(style, option, choices[option.name]) if option.name in choices else option_row(style, option)
        for option in OPTIONS
    )
