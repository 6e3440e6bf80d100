"""The window that says which program this is and whose data it shows."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from tray_app.datasets.liquidity.dataset import FRED_DATA
from tray_app.ui.dialogs.program import About
from tray_app.ui.labels.attributions import all_attributions
from tray_app.ui.parts.text.links import LinkText

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style


def test_every_source_is_named_and_no_text_is_cut(style: Style, qtbot: QtBot) -> None:
    about = About(style, Path("데이터"))
    qtbot.addWidget(about)
    about.show()
    qtbot.waitExposed(about)
    sources = about.findChild(LinkText)
    assert isinstance(sources, LinkText)
    said = sources.accessibleName()
    assert FRED_DATA.notice in said
    assert said.count("\n") == len(all_attributions()) - 1
    for text in about.findChildren(QLabel):
        assert text.height() >= text.heightForWidth(text.width()), text.text()


def test_the_keyboard_closes_it_and_opens_no_link(style: Style, qtbot: QtBot) -> None:
    about = About(style, Path("데이터"))
    about.show()
    qtbot.waitExposed(about)
    focused = about.focusWidget()
    assert isinstance(focused, QPushButton)
    with qtbot.waitSignal(about.destroyed):
        QTest.keyClick(focused, Qt.Key.Key_Space)
