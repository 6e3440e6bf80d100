"""Secrets as rows: entered once, kept in the credential store, never shown again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QWidget

from tray_app.core.words import tr
from tray_app.keys import Key, KeyPlace, KeyState
from tray_app.ui.labels.runs import error_text
from tray_app.ui.pages.settings.rows import SettingRow
from tray_app.ui.parts.form.buttons import button, quiet_button
from tray_app.ui.parts.form.fields import mark
from tray_app.ui.parts.layout.boxes import row
from tray_app.ui.parts.text.icon_label import IconLabel
from tray_app.ui.parts.text.links import LinkText
from tray_app.ui.parts.text.texts import SECONDARY, label
from tray_app.ui.style.theme import Token

if TYPE_CHECKING:
    from tray_app.ui.page import PageParts
    from tray_app.ui.style.style import Style


class KeyRow(SettingRow):
    """One secret."""

    changed = Signal()

    def __init__(self, parts: PageParts, style: Style, key: Key) -> None:
        super().__init__(style, tr(key.title), stacked=True)
        self._parts = parts
        self.name = key.name
        self._place = KeyPlace.NOWHERE
        self.is_known = False
        self.state = _PlaceLabel(style)
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setPlaceholderText(tr(key.placeholder))
        self.keep_button = button(style, tr("Save"))
        self.delete_button = quiet_button(style, tr("Delete"))
        self.add_state(self.state)
        self.add_text(LinkText(style, tr(key.help, url=key.url)))
        self.add_control(self.field, 1)
        for made, verb in ((self.keep_button, tr("Save")), (self.delete_button, tr("Delete"))):
            made.setAccessibleName(f"{verb}: {self.title}")
            self.add_control(made)
        self.field.textChanged.connect(self._edited)
        self.field.returnPressed.connect(self._keep)
        self.keep_button.clicked.connect(self._keep)
        self.delete_button.clicked.connect(self._delete)
        self._settle()

    def show_place(self, state: KeyState) -> None:
        """Show where the secret is set."""
        self.is_known = True
        self._place = state.place
        self.state.show_place(state.place)
        self._settle()

    def _keep(self) -> None:
        secret = self.field.text()
        if not secret.strip():
            return
        self._work(busy=True)
        engine, name = self._parts.engine, self.name
        self._parts.bridge.query(self, lambda: engine.keep_key(name, secret), self._kept, self._failed)

    def _kept(self, _nothing: object) -> None:
        # Unlike clear(), this leaves nothing to undo.
        self.field.setText("")
        self._place = KeyPlace.CREDENTIAL_STORE
        self.state.show_place(self._place)
        self._work(busy=False)
        self.changed.emit()
        self.say(tr("Saved in the credential store. It counts from the next run."), "success")

    def _delete(self) -> None:
        self._work(busy=True)
        engine, name = self._parts.engine, self.name
        self._parts.bridge.query(self, lambda: engine.delete_key(name), self._deleted, self._failed)

    def _deleted(self, _nothing: object) -> None:
        self._place = KeyPlace.NOWHERE
        self.state.show_place(self._place)
        self._work(busy=False)
        self.changed.emit()
        self.say(tr("Deleted."))

    def _failed(self, error: Exception) -> None:
        self._work(busy=False)
        mark(self.field, error_text(error))
        self.say(error_text(error), "error")

    def _edited(self) -> None:
        mark(self.field)
        self.say("")
        self._settle()

    def _work(self, *, busy: bool) -> None:
        self.field.setReadOnly(busy)
        self._settle()
        if busy:
            self.keep_button.setEnabled(False)
            self.delete_button.setEnabled(False)

    def _settle(self) -> None:
        fixed = self._place is KeyPlace.ENVIRONMENT
        self.field.setEnabled(not fixed)
        self.keep_button.setEnabled(not fixed and bool(self.field.text().strip()))
        self.delete_button.setEnabled(True)
        self.delete_button.setVisible(self._place is KeyPlace.CREDENTIAL_STORE)
        variable = tr("Set by the environment variable {name}, which wins.", name=self.name)
        self.show_hint(variable if fixed else "")


class _PlaceLabel(QWidget):
    """Says where a secret is set: icon and words."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._icon = IconLabel(style)
        self._word = label(style, tone=SECONDARY)
        row(self._icon, self._word, gap=style.theme.metrics.tight, inside=self)
        self.show_place(KeyPlace.NOWHERE)

    def show_place(self, place: KeyPlace) -> None:
        """Show another place."""
        word = {
            KeyPlace.ENVIRONMENT: tr("set in the environment"),
            KeyPlace.CREDENTIAL_STORE: tr("set in the credential store"),
            KeyPlace.NOWHERE: tr("not set"),
        }[place]
        is_set = place is not KeyPlace.NOWHERE
        self._icon.show_icon("success" if is_set else "unknown", Token.SUCCESS if is_set else Token.PAUSED)
        self._word.setText(word)
        self.setAccessibleName(word)
