"""Rows and columns: their items in order, with their shares, edges, gaps and margins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QLabel, QWidget

from tray_app.ui.parts.layout.boxes import SPACE, Space, aligned, column, fill, row

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.parts.layout.boxes import Margins


def test_items_lie_in_order_with_their_shares_and_edges(qtbot: QtBot) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    first, second, third = QLabel("a"), QLabel("b"), QLabel("c")
    inner = row(second, SPACE)
    box = column(fill(first, 2), inner, Space(1), aligned(third, Qt.AlignmentFlag.AlignRight), gap=7, inside=whole)
    assert whole.layout() is box
    assert [box.stretch(place) for place in range(box.count())] == [2, 0, 1, 0]
    items = [item for item in map(box.itemAt, range(box.count())) if item is not None]
    assert [items[0].widget(), items[1].layout(), items[3].widget()] == [first, inner, third]
    assert items[3].alignment() is Qt.AlignmentFlag.AlignRight
    assert box.spacing() == 7


@pytest.mark.parametrize(
    ("margins", "sides"),
    [(0, (0, 0, 0, 0)), (5, (5, 5, 5, 5)), ((8, 4), (8, 4, 8, 4)), ((1, 2, 3, 4), (1, 2, 3, 4))],
)
def test_margins_are_said_as_briefly_as_they_differ(
    qtbot: QtBot, margins: Margins, sides: tuple[int, int, int, int]
) -> None:
    whole = QWidget()
    qtbot.addWidget(whole)
    assert row(margins=margins, inside=whole).contentsMargins() == QMargins(*sides)
