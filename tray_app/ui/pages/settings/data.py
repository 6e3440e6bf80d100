"""Rows about the computer and the program: starting at login, the data folder, the backups, the sources."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from tray_app import __version__
from tray_app.core.words import tr
from tray_app.paths import Home
from tray_app.ui.desktop import open_folder
from tray_app.ui.labels.attributions import all_attributions
from tray_app.ui.labels.backups import Backups, backups_of, backups_text
from tray_app.ui.labels.runs import error_text
from tray_app.ui.pages.settings.rows import SettingRow
from tray_app.ui.parts.form.buttons import button
from tray_app.ui.parts.form.switch import Switch
from tray_app.ui.parts.text.links import LinkText
from tray_app.ui.parts.text.path_label import PathLabel
from tray_app.ui.queries.child_command import ChildCommand
from tray_app.ui.queries.latest_query import LatestQuery

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tray_app.ui.page import PageParts
    from tray_app.ui.style.style import Style
    from tray_app.windows.autostart import Autostart


class StartRow(SettingRow):
    """Whether Market Tray starts at login; the system itself is asked, nothing is remembered."""

    def __init__(self, parts: PageParts, style: Style, autostart: Autostart) -> None:
        super().__init__(style, tr("Start at login"), tr("Only the icon appears; no window opens."))
        self._parts = parts
        self._autostart = autostart
        self.box = Switch(style)
        self._is_on: LatestQuery[bool] = LatestQuery(parts.bridge, self, self._show, self._failed)
        self.box.setEnabled(False)
        self.box.clicked.connect(self._switch)
        self.add_control(self.box)
        if not autostart.supported:
            self.show_hint(tr("This system has no start list that Market Tray can write; it works on Windows."))

    def refresh(self) -> None:
        """Ask the system how it stands."""
        if self._autostart.supported:
            self._is_on.ask(self._autostart.is_on)

    def _show(self, is_on: bool) -> None:  # noqa: FBT001 - an answer
        self.box.setChecked(is_on)
        self.box.setEnabled(True)

    def _switch(self, checked: bool) -> None:  # noqa: FBT001 - Qt's signal
        self.say("")
        self.box.setEnabled(False)
        self._is_on.drop()
        turn = self._autostart.turn_on if checked else self._autostart.turn_off
        self._parts.bridge.query(self, turn, lambda _nothing: self.refresh(), self._failed)

    def _failed(self, error: Exception) -> None:
        self.say(error_text(error), "error")
        self.box.setChecked(not self.box.isChecked())
        self.box.setEnabled(True)


class FolderRow(SettingRow):
    """Where everything is kept."""

    def __init__(self, style: Style, folder: Path) -> None:
        hint = tr("The database, settings, logs and backups. Choose another with --home or MARKET_TRAY_HOME.")
        super().__init__(style, tr("Data folder"), hint)
        self.path = PathLabel(style)
        self.path.show_path(folder)
        self.add_text(self.path)
        opens = button(style, tr("Open folder"), "folder")
        opens.clicked.connect(lambda: open_folder(folder))
        self.add_control(opens)


class BackupRow(SettingRow):
    """The backups, and a button for another one."""

    def __init__(self, parts: PageParts, style: Style) -> None:
        super().__init__(style, tr("Backups"))
        self._parts = parts
        self._child = ChildCommand(self)
        self._child.ended.connect(self._ended)
        self.write = button(style, tr("Back up now"))
        self._open = button(style, tr("Open folder"), "folder")
        self.write.clicked.connect(self._back_up)
        self._open.clicked.connect(lambda: open_folder(Home(parts.engine.home).backups))
        self._open.setEnabled(False)
        self._backups: LatestQuery[Backups] = LatestQuery(parts.bridge, self, self._show, lambda _error: None)
        self.add_control(self.write)
        self.add_control(self._open)

    def refresh(self) -> None:
        """Look which backups there are."""
        engine = self._parts.engine
        self._backups.ask(lambda: backups_of(engine.storage()))

    def _show(self, backups: Backups) -> None:
        self.show_hint(backups_text(backups))
        self._open.setEnabled(backups.count > 0)

    def _back_up(self) -> None:
        self.write.setEnabled(False)
        self.say(tr("Writing a backup"))
        # In a process of its own, which compares every row with its sum and loads what that takes.
        self._child.start(["--home", str(self._parts.engine.home), "backup", "--json"])

    def _ended(self, code: int) -> None:
        self.write.setEnabled(True)
        self.refresh()
        written, changed = self._child.document.get("backup"), self._child.document.get("changed_rows")
        if not isinstance(written, str):
            self.say(tr("No backup was written. {error}", error=self._child.error().message), "error")
        elif code or changed:
            rows = "; ".join(map(str, changed or ())) or str(code)
            self.say(tr("A backup was written, but its rows are not as they were stored: {rows}", rows=rows), "error")
        else:
            self.say(tr("Backup written: {name}", name=Path(written).name), "success")


def about_rows(style: Style) -> tuple[QWidget, ...]:
    """Return the version with its licence, and the sources with their links."""
    version = SettingRow(style, tr("Market Tray {version}", version=__version__), tr("Free software, MIT licence."))
    sources = SettingRow(style, tr("Sources of data"))
    sources.add_text(LinkText(style, "<br>".join(all_attributions())))
    return version, sources
