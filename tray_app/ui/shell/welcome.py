"""The first start: where the icon is, which keys are missing, and fetching the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal

from tray_app.core.words import tr
from tray_app.datasets.keys import SOURCE_KEYS
from tray_app.ui.dialogs.read_dialog import ReadDialog
from tray_app.ui.parts.form.buttons import button, primary_button
from tray_app.ui.parts.text.texts import heading, paragraph

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from tray_app.ui.style.style import Style

WORTH_HAVING = frozenset(key.name for key in SOURCE_KEYS)


class Welcome(ReadDialog):
    """Shown once, and not to a start at login."""

    history_requested = Signal()
    keys_requested = Signal()

    def __init__(
        self, style: Style, missing: tuple[str, ...], *, has_tray: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__(style, tr("Welcome to Market Tray"), parent)
        self.add_head(tr("Welcome to Market Tray"), tr("It collects by itself from now on."))
        self._say(tr("Where it is"), _place(has_tray=has_tray))
        wants_keys = bool(WORTH_HAVING.intersection(missing))
        if wants_keys:
            self._say(tr("Keys"), _wanted(missing))
        self._say(
            tr("History"),
            tr("Today's data is collected at once; the history follows by itself, or now. It may take a while."),
        )
        self._add_buttons(with_keys=wants_keys)

    def _say(self, title: str, text: str) -> None:
        self.body.addSpacing(self._style.theme.metrics.tight)
        self.body.addWidget(heading(self._style, title))
        self.body.addWidget(paragraph(self._style, text))

    def _add_buttons(self, *, with_keys: bool) -> None:
        if with_keys:
            keys = button(self._style, tr("Enter a &key..."))
            keys.clicked.connect(self.keys_requested)
            keys.clicked.connect(self.close)
            self.buttons.addWidget(keys)
        self.add_close()
        history = primary_button(self._style, tr("Collect &history now"), "collect")
        history.clicked.connect(self.history_requested)
        history.clicked.connect(self.close)
        self.buttons.addWidget(history)
        history.setDefault(True)
        history.setFocus()


def _wanted(missing: tuple[str, ...]) -> str:
    wanted = [key for key in SOURCE_KEYS if key.name in missing]
    needed = [tr(key.wanted) for key in wanted if key.is_needed]
    if needed:
        needed.append(tr("Everything else works without one."))
    others = [tr(key.wanted) for key in wanted if not key.is_needed]
    return " ".join([*needed, *others, tr("Enter keys under Settings, Keys.")])


def _place(*, has_tray: bool) -> str:
    if has_tray:
        return tr(
            "Its icon is in the notification area, at the end of the taskbar. Windows may keep it behind the "
            "arrow (^): drag it onto the taskbar to see it always. Left click opens the status, right click the menu."
        )
    return tr(
        "This desktop has no notification area, so this window carries the menu. Market Tray collects while it is open."
    )
