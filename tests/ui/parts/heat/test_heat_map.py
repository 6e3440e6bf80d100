"""The heat map: every day has a place of its own, and every state a look of its own."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest

from tray_app.settings import ThemeChoice
from tray_app.ui.parts.heat.cells import CellState, HeatLegend
from tray_app.ui.parts.heat.grid import COLUMNS, HeatGrid, column_of, day_of, strips
from tray_app.ui.parts.heat.map import HeatMap

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style

FIRST = date(2024, 1, 1)
WEEKDAYS = [day for day in (FIRST + timedelta(days=n) for n in range(1000)) if day.weekday() < 5]
weekdays = st.dates(date(1990, 1, 1), date(2080, 1, 1)).filter(lambda day: day.weekday() < 5)


@pytest.fixture
def shown(style: Style, qtbot: QtBot) -> HeatMap:
    made = HeatMap(style, "Sessions", lambda day: f"{day}: known")
    qtbot.addWidget(made)
    made.show_cells({day: list(CellState)[place % 5] for place, day in enumerate(WEEKDAYS)})
    made.resize(800, made.sizeHint().height())
    made.show()
    return made


@given(weekdays)
def test_every_weekday_has_a_place_of_its_own(day: date) -> None:
    assert 0 <= column_of(day) < COLUMNS
    assert day_of(day.year, column_of(day)) == day


@given(weekdays, st.integers(300, 2000), st.sampled_from([1.0, 1.25, 1.5, 2.0]))
def test_the_middle_of_a_cell_is_its_day(day: date, width: int, ratio: float) -> None:
    grid = HeatGrid(QRect(40, 20, width, 26), range(day.year - 1, day.year + 1), ratio)
    middle = grid.rect(day).center()
    assert grid.rect(day).width() > 0
    if width >= 2 * COLUMNS:
        assert grid.day_at(QPoint(int(middle.x()), int(middle.y()))) == day


def test_neighbours_of_one_state_are_drawn_at_once() -> None:
    cells = dict.fromkeys(WEEKDAYS, CellState.STORED) | {WEEKDAYS[10]: CellState.MISSING}
    drawn = list(strips(cells))
    assert [strip.year for strip in drawn] == [2024, 2024, 2024, 2025, 2026]
    assert [strip.state for strip in drawn][1] is CellState.MISSING
    assert drawn[1].first == drawn[1].last


def test_every_state_looks_different(style: Style, qtbot: QtBot) -> None:
    pictures = set()
    for state in CellState:
        made = HeatMap(style, "Sessions", str)
        qtbot.addWidget(made)
        made.show_cells(dict.fromkeys(WEEKDAYS, state))
        made.resize(700, made.sizeHint().height())
        image = made.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
        pictures.add(bytes(image.constBits()))
    assert len(pictures) == len(CellState)
    assert HeatLegend(style).accessibleName() == "Stored, Partly stored, Missing, Closed, Not collected"


def test_the_keyboard_moves_by_days_weeks_and_years(shown: HeatMap, qtbot: QtBot) -> None:
    shown.setFocus()
    shown.point_at(date(2025, 3, 7))
    for key, modifier, day in (
        (Qt.Key.Key_Right, Qt.KeyboardModifier.NoModifier, date(2025, 3, 10)),
        (Qt.Key.Key_Left, Qt.KeyboardModifier.NoModifier, date(2025, 3, 7)),
        (Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier, date(2025, 3, 14)),
        (Qt.Key.Key_Up, Qt.KeyboardModifier.NoModifier, date(2024, 3, 15)),
        (Qt.Key.Key_Home, Qt.KeyboardModifier.NoModifier, FIRST),
        (Qt.Key.Key_End, Qt.KeyboardModifier.NoModifier, WEEKDAYS[-1]),
    ):
        QTest.keyClick(shown, key, modifier)
        assert shown.cursor_day == day
        assert shown.accessibleDescription() == f"{day}: known"
    with qtbot.waitSignal(shown.day_chosen) as chosen:
        QTest.keyClick(shown, Qt.Key.Key_Return)
    assert chosen.args == [WEEKDAYS[-1]]


def test_a_click_chooses_the_day_below_it(shown: HeatMap, qtbot: QtBot) -> None:
    place = shown.grid().rect(date(2025, 6, 4)).center().toPoint()
    with qtbot.waitSignal(shown.day_chosen) as chosen:
        QTest.mouseClick(shown, Qt.MouseButton.LeftButton, pos=place)
    assert chosen.args == [date(2025, 6, 4)]
    assert shown.cursor_day == date(2025, 6, 4)


def test_another_theme_draws_anew(shown: HeatMap, style: Style) -> None:
    before = shown.grab().toImage()
    style.theme.set_scheme(ThemeChoice.DARK)
    assert shown.grab().toImage() != before


def test_nothing_to_show_is_no_fault(style: Style, qtbot: QtBot) -> None:
    made = HeatMap(style, "Sessions", str)
    qtbot.addWidget(made)
    made.show()
    QTest.keyClick(made, Qt.Key.Key_Left)
    QTest.mouseClick(made, Qt.MouseButton.LeftButton)
    assert made.cursor_day is None
