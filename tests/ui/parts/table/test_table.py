from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from tray_app.ui.labels.status import Status
from tray_app.ui.parts.table.model import Kind, TableModel, ViewColumn
from tray_app.ui.parts.table.view import TableView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style

COLUMNS = (
    ViewColumn("Name", stretch=True),
    ViewColumn("Price", Kind.NUMBER),
    ViewColumn("24 h", Kind.CHANGE),
    ViewColumn("State", Kind.STATUS),
)
ROWS = [
    ("삼성전자", 71300.0, 0.5, Status.SUCCESS),
    ("비트코인", 0.00000012, None, Status.FAILED),
    ("Apple", None, -1.25, Status.PARTIAL),
    ("apricot", float("nan"), 2.0, Status.SUCCESS),
]


@pytest.fixture
def table(style: Style, qtbot: QtBot) -> TableView:
    made = TableView(style, "Coins", COLUMNS)
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.set_rows(ROWS)
    made.show()
    return made


def shown(table: TableView, column: int = 0) -> list[object]:
    model = table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_sorting_keeps_rows_without_a_value_last(table: TableView) -> None:
    table.sort_by(1)
    assert shown(table)[:2] == ["비트코인", "삼성전자"]
    table.sort_by(1, descending=True)
    assert shown(table)[:2] == ["삼성전자", "비트코인"]
    table.sort_by(0)
    assert shown(table)[:2] == ["Apple", "apricot"]
    table.sort_by(3)
    assert shown(table, 3) == ["failed", "partial", "success", "success"]


def test_a_click_on_the_header_sorts(table: TableView, qtbot: QtBot) -> None:
    header = table.horizontalHeader()
    place = QPoint(header.sectionViewportPosition(1) + 20, 10)
    QTest.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert header.sortIndicatorSection() == 1


def test_the_selection_follows_its_row(table: TableView) -> None:
    table.selectRow(0)
    assert table.selected_rows() == [0]
    table.sort_by(0)
    assert table.selected_rows() == [0]
    table.set_rows([("new", 1.0, 1.0, Status.SUCCESS), *ROWS])
    assert table.selected_rows() == [1]


def test_rows_with_the_same_first_cell_are_told_apart_by_their_keys(style: Style, qtbot: QtBot) -> None:
    made = TableView(style, "Findings", (ViewColumn("Day"), ViewColumn("About")))
    qtbot.addWidget(made)
    rows = [("2026-07-01", name) for name in "abcd"]
    made.set_rows(rows, list("abcd"))
    made.selectRow(2)
    made.set_rows(rows, list("abcd"))
    assert made.selected_rows() == [2]
    made.set_rows(rows[1:], list("bcd"))
    assert made.selected_rows() == [1]
    made.selectAll()
    made.set_rows(rows, list("abcd"))
    assert made.selected_rows() == [1, 2, 3]
    made.set_rows(rows, list("efgh"))
    assert made.selected_rows() == []
    assert not made.currentIndex().isValid()


def test_control_c_copies_every_digit_as_tsv(table: TableView, qtbot: QtBot) -> None:
    table.selectRow(1)
    QTest.keyClick(table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines == ["Name\tPrice\t24 h\tState", "비트코인\t0.00000012\t\tfailed"]
    table.clearSelection()
    table.copy()
    assert len(QGuiApplication.clipboard().text().splitlines()) == 5


def test_enter_and_double_click_activate_the_row_as_given(table: TableView, qtbot: QtBot) -> None:
    table.sort_by(0)
    table.setCurrentIndex(table.model().index(0, 0))
    with qtbot.waitSignal(table.row_activated) as signal:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert signal.args == [2]


def test_the_keyboard_sorts_by_the_menu(table: TableView) -> None:
    table.setCurrentIndex(table.model().index(0, 1))
    texts = [action.text() for action in table.menu().actions() if action.text()]
    assert texts == ["Copy", "Sort by Price, ascending", "Sort by Price, descending"]
    table.menu().actions()[-1].trigger()
    assert shown(table)[0] == "삼성전자"


def test_the_empty_state_says_what_to_do(table: TableView, qtbot: QtBot) -> None:
    button = next(one for one in table.findChildren(QPushButton) if one.parent() is not table)
    assert not button.isVisible()
    table.set_empty("No coins yet.", "Collect crypto")
    table.set_rows([])
    assert button.isVisible()
    with qtbot.waitSignal(table.empty_action_triggered):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    table.copy()
    assert QGuiApplication.clipboard().text() == "Name\tPrice\t24 h\tState\n"


def test_the_row_under_the_mouse_is_marked(table: TableView, qtbot: QtBot) -> None:
    before = table.grab().toImage()
    QTest.mouseMove(table.viewport(), QPoint(50, 40))
    qtbot.waitUntil(lambda: table.grab().toImage() != before)


def test_a_screen_reader_hears_titles_and_values(table: TableView) -> None:
    assert table.accessibleName() == "Coins"
    index = table.model().index(0, 1)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Price: 71,300"
    assert table.model().headerData(1, Qt.Orientation.Horizontal) == "Price"


def test_tab_leaves_the_table(table: TableView) -> None:
    assert not table.tabKeyNavigation()


def test_only_visible_rows_are_formatted(style: Style, qtbot: QtBot) -> None:
    asked: list[int] = []

    def seen(value: int) -> str:
        asked.append(value)
        return str(value)

    table = TableView(style, "Many", (ViewColumn("Number", Kind.NUMBER, seen),))
    qtbot.addWidget(table)
    table.resize(300, 300)
    table.show()
    table.set_rows([(number,) for number in range(3000)])
    table.grab()
    assert 0 < len(asked) < 300


def test_a_copied_cell_is_no_formula_and_a_number_stays_one() -> None:
    model = TableModel([ViewColumn("=Name"), ViewColumn("Change", Kind.CHANGE)])
    model.set_rows([("=cmd|' /C calc'!A0", -49.9), ("-49.9", None)])
    assert model.as_tsv([0, 1]) == "'=Name\tChange\n'=cmd|' /C calc'!A0\t-49.9\n-49.9\t\n"


def test_a_copied_cell_that_begins_with_a_quote_swallows_no_other() -> None:
    titles = ('"unclosed', '"금리 인하" 시사', 'a "quoted" word')
    model = TableModel([ViewColumn("Title"), ViewColumn("Copies", Kind.NUMBER)])
    model.set_rows([(title, 1) for title in titles])
    told = csv.reader(io.StringIO(model.as_tsv([0, 1, 2])), delimiter="\t")
    assert list(told) == [["Title", "Copies"], *([title, "1"] for title in titles)]
