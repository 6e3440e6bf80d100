from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tray_app.ui.parts.form.date_field import DateField, parse_day

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style


FORMS = ["{0}-{1:02}-{2:02}", "{0}{1:02}{2:02}", "{0}.{1:02}.{2:02}.", "{0}/{1:02}/{2:02}", "{0}년 {1:02}월 {2:02}일"]


@given(st.dates(date(1900, 1, 1)), st.sampled_from(FORMS))
def test_any_common_form_is_read(day: date, form: str) -> None:
    assert parse_day(form.format(day.year, day.month, day.day)) == day


@pytest.mark.parametrize(
    "text", ["", "today", "2024-13-01", "2024-02-30", "24-01-05", "2024", "202401", "2024-01-05-06"]
)
def test_what_names_no_day_is_none(text: str) -> None:
    assert parse_day(text) is None


@given(st.text())
def test_no_text_is_a_fault(text: str) -> None:
    assert parse_day(text) is None or isinstance(parse_day(text), date)


def test_the_field_steps_tidies_and_says_what_is_wrong(style: Style, qtbot: QtBot) -> None:
    field = DateField(style, "From")
    qtbot.addWidget(field)
    field.show()
    QTest.keyClicks(field.line, "20240229")
    QTest.keyClick(field.line, Qt.Key.Key_Up)
    assert field.day() == date(2024, 3, 1)
    QTest.keyClick(field.line, Qt.Key.Key_Down)
    assert field.line.text() == "2024-02-29"
    field.say("Too early.")
    assert field.error() == "Too early."
    assert field.line.accessibleDescription() == "Too early."
    field.say("")
    assert field.error() == ""
    with qtbot.waitSignal(field.submitted):
        QTest.keyClick(field.line, Qt.Key.Key_Return)
