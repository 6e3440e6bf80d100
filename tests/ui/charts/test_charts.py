from __future__ import annotations

import csv
import gc
import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QImage, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from tray_app.ui.charts.canvas import spread
from tray_app.ui.charts.crosshair import box_place
from tray_app.ui.charts.export import as_csv
from tray_app.ui.charts.series import ChartFacts, Scale, Series, Span, banded
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.labels.bands import fear_and_greed_bands

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tray_app.ui.charts.plot import Plot
    from tray_app.ui.style.style import Style

LAST = np.datetime64("2026-02-19")


def series(key: str = "btc", name: str = "비트코인", count: int = 500, start: float = 100.0) -> Series:
    days = LAST - np.arange(count)[::-1]
    values = start + np.arange(count, dtype=np.float64)
    values[-20:-10] = np.nan
    return Series(key, name, days, values)


@pytest.fixture
def chart(style: Style, qtbot: QtBot) -> TimeChart:
    made = TimeChart(style, ChartFacts("코인 가격", "Source: CoinGecko", "No prices yet.", "Collect crypto"))
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show_series([series(), series("eth", "이더리움", start=3.0)])
    made.show()
    QApplication.processEvents()
    return made


def plot_of(chart: TimeChart) -> Plot:
    assert chart.plot is not None
    return chart.plot


def test_an_empty_chart_says_what_to_do(style: Style, qtbot: QtBot) -> None:
    empty = TimeChart(style, ChartFacts("DeFi TVL", empty="No data yet.", empty_action="Collect crypto"))
    qtbot.addWidget(empty)
    empty.show_series([])
    empty.show_series([Series("a", "A", np.array([LAST]), np.array([np.nan]))])
    assert empty.plot is None
    assert empty.csv_text() == ""
    button = next(one for one in empty.findChildren(QPushButton) if one.accessibleName() == "Collect crypto")
    with qtbot.waitSignal(empty.empty_action_triggered):
        button.click()


def test_ranges_count_from_the_newest_day(chart: TimeChart) -> None:
    plot = plot_of(chart)
    last = float(LAST.astype(np.int64))
    for span, days in ((Span.DAYS_30, 30), (Span.DAYS_90, 90), (Span.YEAR, 365), (Span.ALL, 499)):
        chart.show_span(span)
        left, right = plot.visible_days()
        assert left == pytest.approx(last - days)
        assert last <= right < last + days / 10
        assert chart.spans.choice() == span.value


def test_scales_change_the_heights(chart: TimeChart) -> None:
    plot = plot_of(chart)
    chart.show_scale(Scale.LOG)
    assert plot.traces[0].heights[0] == pytest.approx(2.0)
    chart.show_span(Span.DAYS_90)
    chart.show_scale(Scale.REBASED)
    for trace in plot.traces:
        shown = trace.heights[trace.days >= plot.visible_days()[0]]
        assert shown[0] == pytest.approx(100.0)


def test_a_gap_is_not_bridged(chart: TimeChart) -> None:
    plot = plot_of(chart)
    chart.show_span(Span.DAYS_30)
    chart.legend.chips["eth"].click()
    QApplication.processEvents()
    frame = plot.frame
    image = plot.grab().toImage()
    colour = QColor(chart._style.theme.tokens.series[0])
    last = float(LAST.astype(np.int64))

    def drawn(day: float) -> bool:
        x = round(frame.x(day) * image.devicePixelRatio())
        column = (image.pixelColor(x, y) for y in range(round(frame.area.bottom())))
        return any(abs(p.red() - colour.red()) + abs(p.blue() - colour.blue()) < 60 for p in column)

    assert drawn(last - 4.5)
    assert not drawn(last - 14.5)
    assert drawn(last - 25.5)


def test_legend_chips_leave_lines_out_and_remember_it(chart: TimeChart, qtbot: QtBot) -> None:
    plot = plot_of(chart)
    chip = chart.legend.chips["btc"]
    assert chip.accessibleName() == "Show 비트코인"
    QTest.keyClick(chip, Qt.Key.Key_Space)
    assert [line.key for line in plot.shown_lines()] == ["eth"]
    chart.show_series([series(), series("eth", "이더리움")])
    assert [line.key for line in plot.shown_lines()] == ["eth"]
    chart.legend.chips["btc"].click()
    assert len(plot.shown_lines()) == 2


def test_the_arrow_keys_step_over_days_that_have_values(chart: TimeChart, qtbot: QtBot) -> None:
    plot = plot_of(chart)
    last = float(LAST.astype(np.int64))
    QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.day == last
    for _ in range(10):
        QTest.keyClick(plot, Qt.Key.Key_Left)
    assert plot.day == last - 20
    QTest.keyClick(plot, Qt.Key.Key_Right)
    assert plot.day == last - 9
    assert plot.accessibleDescription() == "2026-02-10, 비트코인 590.00, 이더리움 493.00"
    QTest.keyClick(plot, Qt.Key.Key_Home)
    assert plot.day == last - 499
    QTest.keyClick(plot, Qt.Key.Key_Escape)
    assert plot.day is None


def test_stepping_out_of_view_moves_the_view(chart: TimeChart, qtbot: QtBot) -> None:
    plot = plot_of(chart)
    chart.show_span(Span.DAYS_30)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    QTest.keyClick(plot, Qt.Key.Key_Home)
    day = plot.day
    assert day is not None
    left, right = plot.visible_days()
    assert left <= day <= right


def test_the_mouse_leads_the_crosshair_and_is_never_covered(chart: TimeChart, qtbot: QtBot) -> None:
    plot = plot_of(chart)
    area = plot.frame.area.toRect()
    for x in range(area.left() + 5, area.right(), 60):
        for y in (area.top() + 5, area.center().y(), area.bottom() - 5):
            plot.point_at(plot.frame.day(x), QPointF(x, y))
            box = plot.crosshair.box()
            assert box is not None
            assert not box.contains(QPointF(x, y))
            assert QRectF(plot.rect()).contains(box)
    QTest.mouseMove(plot.viewport(), area.center())
    qtbot.waitUntil(lambda: plot.day is not None)


def test_the_wheel_zooms_and_a_double_click_resets(chart: TimeChart, qtbot: QtBot) -> None:
    plot = plot_of(chart)
    chart.show_span(Span.YEAR)
    before = plot.visible_days()
    with qtbot.waitSignal(plot.zoomed):
        QTest.keyClick(plot, Qt.Key.Key_Plus)
    left, right = plot.visible_days()
    assert right - left < before[1] - before[0]
    assert chart.spans.choice() is None
    QTest.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(300, 100))
    assert plot.visible_days() == pytest.approx(before)
    assert chart.spans.choice() == "1y"


def test_the_wheel_zooms_around_the_mouse_and_a_drag_pans(chart: TimeChart, qtbot: QtBot) -> None:
    plot = plot_of(chart)
    chart.show_span(Span.YEAR)
    plot.grab()
    place = plot.frame.area.center()
    day = plot.frame.day(place.x())
    no_button, no_key = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    turn = QPoint(0, 120)
    where = QPointF(plot.viewport().mapToGlobal(place.toPoint()))
    wheel = QWheelEvent(place, where, QPoint(), turn, no_button, no_key, Qt.ScrollPhase.NoScrollPhase, False)
    before = plot.visible_days()
    with qtbot.waitSignal(plot.zoomed):
        QApplication.sendEvent(plot.viewport(), wheel)
    after = plot.visible_days()
    assert after[1] - after[0] != pytest.approx(before[1] - before[0])
    assert plot.frame.day(place.x()) == pytest.approx(day, abs=1)
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint())
    for step in range(1, 6):
        QTest.mouseMove(plot.viewport(), place.toPoint() + QPoint(20 * step, 0))
        QApplication.processEvents()
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=place.toPoint() + QPoint(100, 0))
    panned = plot.visible_days()
    assert panned[0] < after[0]
    assert panned[1] - panned[0] == pytest.approx(after[1] - after[0])


def test_csv_has_the_visible_days_and_every_digit(chart: TimeChart, tmp_path: Path) -> None:
    chart.show_span(Span.DAYS_30)
    chart.save(tmp_path / "chart.csv")
    content = (tmp_path / "chart.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(content.decode("utf-8-sig").splitlines()))
    assert rows[0] == ["Date", "비트코인", "이더리움"]
    assert rows[-1] == ["2026-02-19", "599", "502"]
    assert len(rows) == 1 + 31 - 10


def test_the_picture_is_sharp_and_has_no_controls(chart: TimeChart, tmp_path: Path) -> None:
    chart.save(tmp_path / "chart.png")
    image = QImage(str(tmp_path / "chart.png"))
    assert image.width() == 2 * chart.width()
    assert [action.text() for action in chart.menu().actions() if action.text()] == [
        "Save as picture (PNG)...",
        "Save values (CSV)...",
        "Reset zoom",
    ]


def test_bands_have_words_and_a_fixed_range(style: Style, qtbot: QtBot) -> None:
    chart = TimeChart(style, banded(ChartFacts("공포·탐욕 지수"), fear_and_greed_bands()))
    qtbot.addWidget(chart)
    chart.resize(600, 400)
    chart.show_series([series(count=60, start=20)])
    chart.show()
    frame = plot_of(chart).frame
    assert (frame.low, frame.high) == (0, 100)
    assert not chart.scales.isVisible()
    assert not chart.legend.isVisible()


def test_one_line_that_is_left_of_two_needs_no_legend(chart: TimeChart) -> None:
    chart.show_series([series("btc"), series("eth")])
    assert chart.legend.isVisible()
    chart.show_series([series("btc")])
    assert not chart.legend.isVisible()


def test_labels_are_moved_apart_inside_the_frame() -> None:
    places = spread([50.0, 50.0, 52.0, 99.0], 10, 0, 100)
    order = sorted(places)
    assert all(later - earlier >= 10 - 1e-9 for earlier, later in pairwise(order))
    assert order[0] >= 5
    assert order[-1] <= 95


def test_the_box_takes_the_side_with_room() -> None:
    area = QRectF(0, 0, 200, 100)
    assert box_place(QPointF(150, 50), QSizeF(60, 40), area, 10) == QPointF(80, 30)
    assert box_place(QPointF(20, 95), QSizeF(60, 40), area, 10) == QPointF(30, 60)


def test_a_thousand_frames_keep_every_reference_to_none(chart: TimeChart) -> None:
    plot = plot_of(chart)
    for scale in Scale:
        chart.show_scale(scale)
        plot.zoom(0.999)
        QApplication.processEvents()
    gc.collect()
    before = sys.getrefcount(None)
    for turn in range(1000):
        plot.zoom(0.99 if turn % 2 else 1 / 0.99)
        plot.step(-1)
        QApplication.processEvents()
    gc.collect()
    assert abs(sys.getrefcount(None) - before) < 100


def test_a_name_in_the_csv_is_no_formula() -> None:
    written = as_csv(["=1+1"], [float(LAST.astype(np.int64))], lambda _day: [100.0])
    assert written == "Date,'=1+1\r\n2026-02-19,100\r\n"
