"""Nothing in the windows may guess whether a text is markup: one part makes labels, tooltips and boxes plain."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QLabel, QMessageBox, QSystemTrayIcon, QWidget
from repository import REPOSITORY

from tray_app.ui.parts.table.model import TableModel, ViewColumn
from tray_app.ui.parts.text.plain import markup_of, message_box, plain_label, set_tip, show_tip, tip_of
from tray_app.ui.tray.icon import Tray
from ui.conftest import RESOURCES

UI = REPOSITORY / "tray_app" / "ui"
PLAIN = "parts/text/plain.py"
# What takes a text for HTML when it looks like it, and the files that may name it.
GUESSING = {
    "QLabel": {PLAIN},
    "QMessageBox": {PLAIN},
    "QErrorMessage": set(),
    "QInputDialog": set(),
    "QProgressDialog": set(),
    "QWhatsThis": set(),
    "QSplashScreen": set(),
    "QStaticText": set(),
    "QTextEdit": set(),
    "QTextDocument": set(),
    "QGraphicsTextItem": set(),
    "TextItem": set(),
    "LabelItem": set(),
    "setWhatsThis": set(),
    "setInformativeText": set(),
    "setMarkdown": set(),
    "insertHtml": set(),
    "appendHtml": set(),
    "showText": {PLAIN},
    "setTextFormat": {PLAIN, "parts/text/links.py"},
    # It writes sentences it has escaped itself, as their words are coloured.
    "setHtml": {"pages/liquidity/sentences.py"},
    # The tray's tooltip is plain text; the navigation's are words of ours.
    "setToolTip": {PLAIN, "tray/icon.py", "shell/navigation.py"},
}
SUBCLASSES = {"parts/text/links.py"}
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support raise", "systemTrayWindowChanged")
HOSTILE = '<img src="file://host/share/x.png"> & <b>bold</b>\nsecond  line'


def called(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func
            names.add(called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", ""))
            if isinstance(called, ast.Attribute) and isinstance(called.value, ast.Name):
                names.add(called.value.id)  # as in QMessageBox.warning(...)
    return names


def offences(file: Path) -> set[str]:
    tree, name = ast.parse(file.read_text("utf-8")), file.relative_to(UI).as_posix()
    found = {each for each in called(tree) & GUESSING.keys() if name not in GUESSING[each]}
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef) and name not in SUBCLASSES:
            found |= {getattr(base, "id", "") for base in node.bases} & GUESSING.keys()
        if isinstance(node, ast.Attribute) and node.attr == "ToolTipRole" and name != "parts/table/model.py":
            found.add(node.attr)
    return {f"{name}: {each}" for each in found}


def test_only_one_part_makes_what_guesses() -> None:
    assert not set().union(*map(offences, UI.rglob("*.py")))


def shown_tip() -> QLabel:
    tips = [each for each in QApplication.topLevelWidgets() if each.metaObject().className() == "QTipLabel"]
    assert len(tips) == 1
    assert isinstance(tips[0], QLabel)
    return tips[0]


def test_a_tooltip_shows_markup_as_text(qtbot: object, style: object) -> None:
    widget = QWidget()
    widget.show()
    show_tip(HOSTILE, QPoint(5, 5), widget, widget.rect())
    assert shown_tip().text() == tip_of(HOSTILE)
    assert "<img" not in tip_of(HOSTILE)
    plain = widget.fontMetrics().size(0, HOSTILE)
    assert shown_tip().sizeHint().height() >= plain.height()
    set_tip(widget, HOSTILE)
    assert widget.accessibleDescription() == HOSTILE
    set_tip(widget, "Fear & Greed, x < y")
    assert widget.toolTip() == "Fear & Greed, x < y"


def test_labels_boxes_and_cells_are_plain(qtbot: object, style: object) -> None:
    assert plain_label(HOSTILE).textFormat() is Qt.TextFormat.PlainText
    box = message_box(QMessageBox.Icon.Warning, HOSTILE, HOSTILE)
    assert box.textFormat() is Qt.TextFormat.PlainText
    assert box.text() == HOSTILE
    model = TableModel([ViewColumn("Name", tooltip=HOSTILE)])
    model.set_rows([(HOSTILE,)])
    role = Qt.ItemDataRole
    assert model.index(0, 0).data() == HOSTILE
    assert model.index(0, 0).data(role.ToolTipRole) == markup_of(HOSTILE)
    assert model.headerData(0, Qt.Orientation.Horizontal, role.ToolTipRole) == markup_of(HOSTILE)
    assert model.index(0, 0).data(role.AccessibleTextRole) == f"Name: {HOSTILE}"


@pytest.mark.parametrize(
    ("platform", "shown"), [("win32", "<b>R&D</b>"), ("linux", "&lt;b&gt;R&amp;D&lt;/b&gt;"), ("darwin", "<b>R&D</b>")]
)
def test_a_balloon_shows_no_markup(platform: str, shown: str, monkeypatch: pytest.MonkeyPatch, qtbot: object) -> None:
    tray = Tray(RESOURCES)
    told: list[str] = []
    monkeypatch.setattr(QSystemTrayIcon, "showMessage", lambda _icon, *texts: told.extend(texts[:2]))
    monkeypatch.setattr("tray_app.ui.tray.icon.sys.platform", platform)
    tray.notify("Crypto failed", "<b>R&D</b>", is_failure=True)
    assert told == ["Crypto failed", shown]
    tray.leave()
