"""Focus, mouse and crosshair put a line around a chart, a line and a box on it, and leave every other pixel alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget

from tray_app.settings import ThemeChoice
from tray_app.ui.charts.candle_chart import CandleChart
from tray_app.ui.charts.series import ChartFacts, Series, banded
from tray_app.ui.charts.time_chart import TimeChart
from tray_app.ui.labels.bands import fear_and_greed_bands
from tray_app.ui.style.theme import Token
from ui.charts.test_bars import bars

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from tray_app.ui.charts.plot import Plot
    from tray_app.ui.style.style import Style

LAST = np.datetime64("2026-02-19")
RING = 2
Pixels = np.ndarray[tuple[int, int], np.dtype[np.uint32]]


def wave(key: str, low: float) -> Series:
    days = LAST - np.arange(300)[::-1]
    return Series(key, key.upper(), days, low + 20 + 20 * np.sin(np.arange(300) / 15))


def lines(style: Style) -> TimeChart:
    made = TimeChart(style, ChartFacts("Prices"))
    made.show_series([wave("a", 5), wave("b", 30)])
    return made


def bands(style: Style) -> TimeChart:
    made = TimeChart(style, banded(ChartFacts("Fear and greed"), fear_and_greed_bands()))
    made.show_series([wave("a", 5)])
    return made


def areas(style: Style) -> TimeChart:
    made = TimeChart(style, ChartFacts("Index", is_stacked=True))
    made.show_series([wave("total", 5), wave("a", -10), wave("b", 3)])
    made.mark_day(LAST.astype(object))
    return made


def candles(style: Style) -> TimeChart:
    made = CandleChart(style, ChartFacts("Candles"))
    made.show_bars(bars(200, halted=(20, 21)), "Samsung", [wave("index", 60)])
    return made


MAKERS: tuple[Callable[[Style], TimeChart], ...] = (lines, bands, areas, candles)


@pytest.fixture(params=(ThemeChoice.LIGHT, ThemeChoice.DARK), ids=("light", "dark"))
def colours(request: pytest.FixtureRequest, style: Style) -> Style:
    style.theme.set_scheme(request.param)
    return style


@pytest.fixture(params=MAKERS, ids=lambda maker: maker.__name__)
def plot(request: pytest.FixtureRequest, colours: Style, qtbot: QtBot) -> Iterator[Plot]:
    window = QWidget()
    column = QVBoxLayout(window)
    chart = request.param(colours)
    column.addWidget(QLineEdit())
    column.addWidget(chart)
    qtbot.addWidget(window)
    window.resize(800, 480)
    window.show()
    window.activateWindow()
    qtbot.waitActive(window)
    window.findChildren(QLineEdit)[0].setFocus()
    QApplication.processEvents()
    assert chart.plot is not None
    yield chart.plot
    window.close()


def pixels(plot: Plot) -> Pixels:
    QApplication.processEvents()
    image = plot.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()].copy()


def inner(picture: Pixels) -> Pixels:
    return picture[RING:-RING, RING:-RING]


def share_of(colour: QColor, picture: Pixels) -> float:
    return float((picture == np.uint32(colour.rgb())).mean())


def test_every_kind_of_chart_is_tried(style: Style, qtbot: QtBot) -> None:
    from tray_app.ui.charts.plot import Plot

    charts = [maker(style) for maker in MAKERS]
    assert {type(chart.plot) for chart in charts} == {Plot, *Plot.__subclasses__()}
    for chart in charts:
        qtbot.addWidget(chart)


@pytest.mark.parametrize("way", ["tab", "click", "code"])
def test_focus_is_a_line_around_the_chart(plot: Plot, colours: Style, way: str) -> None:
    before = pixels(plot)
    if way == "tab":
        while (here := QApplication.focusWidget()) is not plot:
            assert here is not None
            QTest.keyClick(here, Qt.Key.Key_Tab)
    elif way == "click":
        QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(200, 120))
    else:
        plot.setFocus()
    plot.point_at(None)
    focused = pixels(plot)
    assert plot.hasFocus()
    assert np.array_equal(inner(focused), inner(before))
    accent = np.uint32(colours.theme.color(Token.ACCENT).rgb())
    edges = (focused[0], focused[-1], focused[:, 0], focused[:, -1])
    assert sum(int((edge[3:-3] == accent).all()) for edge in edges) == 4
    plot.clearFocus()
    assert np.array_equal(pixels(plot), before)


@pytest.mark.parametrize("focused", [False, True])
def test_the_crosshair_is_a_line_and_a_box(plot: Plot, colours: Style, focused: bool) -> None:
    before = pixels(plot)
    if focused:
        plot.setFocus()
    QTest.mouseMove(plot.viewport(), QPoint(plot.width() // 3, plot.height() // 2))
    plot.point_at(plot.visible_days()[0] + 40)
    pointed = pixels(plot)
    box = plot.crosshair.box()
    assert box is not None
    changed = inner(pointed) != inner(before)
    outside = changed.copy()
    left, top = int(box.left()) - RING - 1, int(box.top()) - RING - 1
    outside[max(0, top) : top + int(box.height()) + 4, max(0, left) : left + int(box.width()) + 4] = False
    assert changed.any()
    # A dashed line, and a dot on each curve.
    assert outside.sum() < 3 * plot.height() + 120 * max(1, len(plot.traces))
    surface = colours.theme.color(Token.SURFACE)
    assert share_of(surface, pointed) > share_of(surface, before) - (changed.mean() + 0.01)
    plot.point_at(None)
    assert np.array_equal(inner(pixels(plot)), inner(before))
