"""Qt without a screen, and a theme for every test."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest
from repository import REPOSITORY

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication

    from tray_app.ui.style.style import Style
    from tray_app.ui.style.theme import Theme
    from ui.patience import PatientBot

RESOURCES = REPOSITORY / "resources"


def pytest_configure(config: pytest.Config) -> None:
    """Ignore what the offscreen platform says about itself at every window with a least size."""
    config.getini("qt_log_ignore").append("This plugin does not support propagateSizeHints")


@pytest.fixture(scope="session", autouse=True)
def patience_of_qt() -> Iterator[None]:
    """Let no busy machine make the program give up what the UI waits for."""
    from patience import PATIENCE, lift

    from tray_app.ui.queries import child_command
    from tray_app.ui.shell import handover, opening, program

    milliseconds = ((opening, "LIMIT_MS"), (child_command, "PATIENCE_MS"), (handover, "ANSWER_MS"))
    with pytest.MonkeyPatch.context() as patch:
        lift(patch, (*milliseconds, (handover, "CONNECT_MS")), int(PATIENCE * 1000))
        lift(patch, [(program, "SESSION_END_SECONDS")], PATIENCE)
        yield


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """Give a bot in place of the plugin's that no busy machine makes fail."""
    from ui.patience import PatientBot

    return PatientBot(request)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    from tray_app.settings import ThemeChoice
    from tray_app.ui.style.theme import Theme

    made = Theme(qapp, RESOURCES, ThemeChoice.LIGHT)
    made.install()
    yield made
    qapp.setStyleSheet("")
    made.deleteLater()


@pytest.fixture
def style(theme: Theme) -> Style:
    from tray_app.ui.style.icons import Icons
    from tray_app.ui.style.style import Style

    return Style(theme, Icons(RESOURCES / "icons", theme))
