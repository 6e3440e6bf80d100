from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPlainTextEdit, QPushButton, QWidget

from tray_app.core.times import KST
from tray_app.settings import ThemeChoice
from tray_app.ui.labels.bands import band_of, fear_and_greed_bands
from tray_app.ui.labels.status import Status, StatusFacts, style_of
from tray_app.ui.parts.card.card import Card, CardFacts
from tray_app.ui.parts.card.chip import StatusChip
from tray_app.ui.parts.card.gauge import Gauge, GaugeFacts
from tray_app.ui.parts.card.tile import Tile, TileFacts
from tray_app.ui.parts.form.segmented import SegmentedControl
from tray_app.ui.parts.notice.error_panel import ErrorFacts, ErrorPanel
from tray_app.ui.parts.notice.progress import APPEARS_AFTER_MS, STAYS_MS, Progress, ProgressFacts
from ui.parts import gallery

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.style.style import Style

NOW = datetime(2026, 2, 19, 0, 1, tzinfo=UTC)


def button(parent: QWidget, name: str) -> QPushButton:
    return next(one for one in parent.findChildren(QPushButton) if one.accessibleName().startswith(name))


@pytest.mark.parametrize("status", list(Status))
def test_a_chip_says_its_state_in_words(status: Status, style: Style, qtbot: QtBot) -> None:
    chip = StatusChip(style, KST)
    qtbot.addWidget(chip)
    chip.show_status(StatusFacts(status, NOW - timedelta(hours=3), "3 of 5"), NOW)
    assert chip.accessibleName() == f"{style_of(status).word}, 3 h ago"
    assert chip.toolTip() == "2026-02-19 06:01 KST, 3 of 5"
    chip.refresh(NOW + timedelta(hours=1))
    assert chip.accessibleName().endswith("4 h ago")


def test_a_chip_without_a_time_is_only_a_word(style: Style, qtbot: QtBot) -> None:
    chip = StatusChip(style)
    qtbot.addWidget(chip)
    chip.show_status(StatusFacts(Status.WAITING), NOW)
    assert chip.accessibleName() == "waiting"
    assert chip.toolTip() == ""


def test_a_tile_reads_label_value_change_and_date(style: Style, qtbot: QtBot) -> None:
    tile = Tile(style, TileFacts("비트코인", "$96,412.13", "2026-02-19", -1.237))
    qtbot.addWidget(tile)
    assert tile.accessibleName() == "비트코인, $96,412.13, -1.24%, 2026-02-19"
    tile.show_facts(TileFacts("공포·탐욕 지수", "38", "2026-02-19", 4, "+4"))
    assert tile.accessibleName() == "공포·탐욕 지수, 38, +4, 2026-02-19"


def test_a_card_has_one_action_named_after_its_subject(style: Style, qtbot: QtBot) -> None:
    card = Card(style)
    qtbot.addWidget(card)
    facts = CardFacts("KRX", StatusFacts(Status.SUCCESS, NOW), ("Newest 2026-02-18", "Next 18:00"), "Collect")
    card.show_facts(facts, NOW)
    card.show()
    assert card.accessibleName() == "KRX"
    assert card.accessibleDescription() == "success, just now. Newest 2026-02-18. Next 18:00"
    with qtbot.waitSignal(card.action_triggered):
        QTest.keyClick(button(card, "Collect: KRX"), Qt.Key.Key_Space)
    card.show_facts(CardFacts("KRX", StatusFacts(Status.SUCCESS)), NOW)
    assert not button(card, ": KRX").isVisible()


def test_segments_are_chosen_by_mouse_and_arrows(style: Style, qtbot: QtBot) -> None:
    control = SegmentedControl(style, "Range", [("30d", "30d"), ("1y", "1y"), ("all", "All")])
    qtbot.addWidget(control)
    control.show()
    control.choose("30d")
    with qtbot.waitSignal(control.chosen) as signal:
        QTest.mouseClick(button(control, "Range: All"), Qt.MouseButton.LeftButton)
    assert signal.args == ["all"]
    first = button(control, "Range: 30d")
    first.setFocus()
    control.activateWindow()
    qtbot.waitUntil(first.hasFocus)
    with qtbot.waitSignal(control.chosen) as signal:
        QTest.keyClick(first, Qt.Key.Key_Right)
    assert signal.args == [control.choice()] == ["1y"]
    control.choose(None)
    assert control.choice() is None


def test_progress_appears_only_when_work_lasts(style: Style, qtbot: QtBot) -> None:
    progress = Progress(style)
    qtbot.addWidget(progress)
    assert (progress.appears.interval(), progress.stays.interval()) == (APPEARS_AFTER_MS, STAYS_MS) == (600, 500)
    progress.show_progress(ProgressFacts("KRX", 1, 3))
    assert progress.isHidden()
    progress.finish()
    assert not progress.appears.isActive()
    assert progress.isHidden()


def test_progress_stays_long_enough_to_be_read(style: Style, qtbot: QtBot) -> None:
    progress = Progress(style)
    qtbot.addWidget(progress)
    progress.show_progress(ProgressFacts("KRX", 12, 245, 130))
    progress.appears.timeout.emit()
    assert progress.isVisible()
    assert progress.accessibleName() == "KRX, 12 of 245, 2 min 10 s left"
    progress.finish()
    assert progress.isVisible()
    progress.stays.timeout.emit()
    assert progress.isHidden()


def test_progress_can_be_cancelled_once(style: Style, qtbot: QtBot) -> None:
    progress = Progress(style)
    qtbot.addWidget(progress)
    progress.show_progress(ProgressFacts("KRX"))
    progress.appears.timeout.emit()
    with qtbot.waitSignal(progress.cancel_requested):
        button(progress, "Cancel").click()
    assert not button(progress, "Cancel").isEnabled()


def test_an_error_folds_its_details_and_copies_all(style: Style, qtbot: QtBot) -> None:
    panel = ErrorPanel(style)
    qtbot.addWidget(panel)
    panel.show_error(ErrorFacts("KRX refused the key", "Apply for the service.", "Open settings", "HTTP 401"))
    details = panel.findChild(QPlainTextEdit)
    assert isinstance(details, QPlainTextEdit)
    assert not details.isVisible()
    button(panel, "Show details").click()
    assert details.isVisible()
    assert button(panel, "Hide details")
    button(panel, "Copy").click()
    assert QGuiApplication.clipboard().text() == "KRX refused the key\n\nApply for the service.\n\nHTTP 401"
    with qtbot.waitSignal(panel.hint_triggered):
        button(panel, "Open settings").click()


def test_a_gauge_reads_value_band_and_yesterday(style: Style, qtbot: QtBot) -> None:
    bands = fear_and_greed_bands()
    gauge = Gauge(style, GaugeFacts("공포·탐욕 지수", bands, 38, "2026-02-19", 42))
    qtbot.addWidget(gauge)
    assert gauge.accessibleName() == "공포·탐욕 지수, 38, Fear, 2026-02-19, Yesterday 42"
    before = gauge.grab().toImage()
    gauge.show_facts(GaugeFacts("공포·탐욕 지수", bands, None, ""))
    assert gauge.accessibleName() == "공포·탐욕 지수, –, no value"
    assert gauge.grab().toImage() != before


@pytest.mark.parametrize(
    ("value", "word"),
    [(0, "Extreme fear"), (25, "Extreme fear"), (26, "Fear"), (46, "Fear"), (47, "Neutral"), (54, "Neutral"),
     (55, "Greed"), (75, "Greed"), (76, "Extreme greed"), (100, "Extreme greed")],
)  # fmt: skip
def test_every_value_has_a_band(value: float, word: str) -> None:
    assert band_of(value, fear_and_greed_bands()).word == word


@pytest.mark.parametrize("page", list(gallery.PAGES))
def test_every_control_of_the_gallery_has_a_name_and_takes_the_focus(page: str, style: Style, qtbot: QtBot) -> None:
    shown = gallery.PAGES[page](style)
    qtbot.addWidget(shown)
    shown.show()
    controls = [one for one in shown.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
    assert controls
    assert [one for one in controls if one.isVisible() and not one.accessibleName()] == []
    light = shown.grab().toImage()
    style.theme.set_scheme(ThemeChoice.DARK)
    dark = shown.grab().toImage()
    assert light.pixelColor(2, 2) != dark.pixelColor(2, 2)
