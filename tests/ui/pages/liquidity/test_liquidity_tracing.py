"""Every number of the Liquidity page can be followed to what it is made of, by a click and by the keyboard."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import present
import pytest
from PySide6.QtCore import QPoint, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest

from tray_app.datasets.liquidity.rules.model import Band as Stress
from tray_app.datasets.liquidity.rules.model import Category
from tray_app.ui.charts.series import Span
from tray_app.ui.charts.stack import stack
from tray_app.ui.charts.ticks import day_of
from tray_app.ui.charts.traces import Line
from tray_app.ui.desktop import open_web_page
from tray_app.ui.labels.bands import band_of
from tray_app.ui.pages.liquidity.sections import SectionName
from tray_app.ui.pages.liquidity.sentences import places_of
from tray_app.ui.pages.liquidity.words import gauge_bands
from ui.pages.liquidity.test_liquidity import FILLING, TODAY, opened
from ui.pages.stress_days import fill, stress_days

if TYPE_CHECKING:
    from tray_app.ui.charts.plot import Plot
    from tray_app.ui.pages.liquidity.page import LiquidityPage
    from tray_app.ui.parts.table.view import TableView
    from ui.pages.world import World


@pytest.fixture
def filled(world: World) -> World:
    fill(world.home.root, FILLING)
    return world


def history(page: LiquidityPage) -> Plot:
    plot = page.sections.index.history.plot
    assert plot is not None
    return plot


def click_day(plot: Plot, day: date) -> None:
    place = QPoint(round(plot.frame.x((day - date(1970, 1, 1)).days)), plot.height() // 2)
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)


def click_cell(table: TableView, row: int, column: int) -> None:
    place = table.visualRect(table.model().index(row, column)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)


def cells(table: TableView, column: int) -> list[object]:
    model = table.model()
    return [model.index(row, column).data() for row in range(model.rowCount())]


def test_a_click_on_a_day_takes_it_apart(filled: World) -> None:
    page = opened(filled)
    day = stress_days(FILLING)[-60]
    click_day(history(page), day.date)
    breakdown = page.sections.index.breakdown
    filled.until(lambda: breakdown.title.text().startswith(str(day.date)))
    assert cells(breakdown.categories, 0) == ["Funding", "Rates", "Credit", "Equity", "Financials", "Dollar", "Index"]
    shown = cells(breakdown.categories, 3)
    assert shown == [
        *(f"{part.contribution:+.2f}".replace("+0.00", "0.00").replace("-0.00", "0.00") for part in day.categories),
        f"{day.z:+.2f}",
    ]
    assert len(cells(breakdown.inputs, 0)) == sum(len(part.inputs) for part in day.categories)


def test_arrows_step_from_day_to_day_and_enter_goes_into_the_parts(filled: World) -> None:
    page = opened(filled)
    page.activateWindow()
    plot, breakdown = history(page), page.sections.index.breakdown
    days = stress_days(FILLING)
    plot.setFocus()
    QTest.keyClick(plot, Qt.Key.Key_Left)
    QTest.keyClick(plot, Qt.Key.Key_Left)
    filled.until(lambda: breakdown.title.text().startswith(str(days[-2].date)))
    assert plot.hasFocus()
    QTest.keyClick(plot, Qt.Key.Key_Return)
    filled.until(breakdown.categories.hasFocus)
    QTest.keyClick(breakdown.categories, Qt.Key.Key_Down)
    assert breakdown.inputs_title.text().startswith("Inputs of Rates")
    assert cells(breakdown.inputs, 0) == ["MOVE", "Volatility of the 10-year yield"]
    QTest.keyClick(breakdown.categories, Qt.Key.Key_Return)
    filled.until(breakdown.inputs.hasFocus)
    QTest.keyClick(breakdown.inputs, Qt.Key.Key_Down)
    QTest.keyClick(breakdown.inputs, Qt.Key.Key_Return)
    filled.until(lambda: page.sections.shown is SectionName.RAW and page.is_settled)
    chart = page.sections.raw.charts["per cent"]
    assert chart.plot is not None
    assert [line.key for line in chart.plot.shown_lines()] == ["DGS10"]
    filled.until(chart.plot.hasFocus)
    page.sections.raw.back.setFocus()
    QTest.keyClick(page.sections.raw.back, Qt.Key.Key_Space)
    filled.until(lambda: page.sections.shown is SectionName.INDEX)
    assert breakdown.title.text().startswith(str(days[-2].date))


def test_a_click_on_an_input_draws_its_series_and_marks_its_date(filled: World) -> None:
    page = opened(filled)
    day = stress_days(FILLING)[-1]
    inputs = page.sections.index.breakdown.inputs
    row = cells(inputs, 0).index("US financials against the S&P 500, below their two-year high")
    assert inputs.model().index(row, 4).data() == "XLF, ^GSPC"
    click_cell(inputs, row, 0)
    assert page.sections.shown is SectionName.INDEX
    click_cell(inputs, row, 4)
    filled.until(lambda: page.sections.shown is SectionName.RAW and page.is_settled)
    plot = page.sections.raw.charts["close"].plot
    assert plot is not None
    assert [line.key for line in plot.shown_lines()] == ["XLF", "^GSPC"]
    assert plot._marked is not None
    assert day_of(plot._marked) == day.categories[4].inputs[0].observed
    assert plot.accessibleDescription().startswith(f"{day.categories[4].inputs[0].observed}, XLF")
    filled.until(lambda: plot.viewport().visibleRegion().boundingRect().height() > plot.height() / 2)


def test_neighbouring_days_are_reached_from_the_breakdown(filled: World) -> None:
    page = opened(filled)
    breakdown, days = page.sections.index.breakdown, stress_days(FILLING)
    assert not breakdown.after.isEnabled()
    filled.click(breakdown.before)
    filled.until(lambda: breakdown.title.text().startswith(str(days[-2].date)))
    filled.click(breakdown.before)
    filled.until(lambda: breakdown.title.text().startswith(str(days[-3].date)))
    filled.click(breakdown.after)
    filled.until(lambda: breakdown.title.text().startswith(str(days[-2].date)))
    filled.click(breakdown.newest)
    filled.until(lambda: breakdown.title.text().startswith(str(days[-1].date)))


def test_the_crosshair_tells_the_index_and_its_parts(filled: World) -> None:
    page = opened(filled)
    day = stress_days(FILLING)[-30]
    history(page).point_at((day.date - date(1970, 1, 1)).days)
    said = history(page).accessibleDescription()
    assert said.startswith(f"{day.date}, Index {day.z:+.2f}, Funding ")
    assert "Dollar " in said
    spans = [page.sections.index.history.spans.choice()]
    for span in Span:
        page.sections.index.history.show_span(span)
        spans.append(page.sections.index.history.spans.choice())
    assert spans == ["1y", "30d", "90d", "1y", "5y", "all"]


def test_parts_are_stacked_above_and_below_zero() -> None:
    days = np.arange(4.0)
    one = Line(1, "a", "A", days, np.array([1.0, -1.0, 2.0, np.nan]))
    other = Line(2, "b", "B", days, np.array([2.0, -2.0, -3.0, 1.0]))
    made = stack((one, other), 0, 3, 100)
    np.testing.assert_array_equal(made.layers[1].base_above, [1, 0, 2, 0])
    np.testing.assert_array_equal(made.layers[1].top_above, [3, 0, 2, 1])
    np.testing.assert_array_equal(made.layers[1].top_below, [0, -3, -3, 0])
    assert made.extent() == (-3, 3)
    few = stack((one, other), 0, 3, 2)
    np.testing.assert_array_equal(few.days, [0, 2])
    assert stack((), 0, 1, 5).extent() is None


@pytest.mark.parametrize("band", list(Stress))
def test_the_gauge_says_the_word_of_the_day_whatever_the_shares(band: Stress) -> None:
    for shares in ((74.0, 87.0, 90.0, 96.5), (0.0, 0.0, 0.0, 0.0), (100.0, 100.0, 100.0, 100.0)):
        bands = gauge_bands(55.0, band, shares)
        assert band_of(55.0, bands).word == band.value.capitalize()
        assert bands[0].low == 0
        assert bands[-1].high == 100
        assert all(one.high == other.low for one, other in pairwise(bands))


def test_a_document_shows_its_sentences_hits_and_what_is_new(filled: World) -> None:
    page = opened(filled)
    page.sections.show_section(SectionName.TONE)
    filled.until(lambda: page.is_settled)
    tone = page.sections.section(SectionName.TONE)
    sentences = tone.sentences  # type: ignore[attr-defined]
    assert sentences.facts.text().endswith("4 sentences · 1 new, 1 dropped since the one before")
    text = sentences.text.toPlainText()
    assert "1 [hawkish] Inflation remains somewhat elevated." in text
    assert "3 [new] [dovish] Job gains have slowed, meeting 0." in text
    assert "Strains & stress <remain> contained." in text
    assert "maintain the target range" not in text
    page.activateWindow()
    for word, count in (("New", 1), ("All", 4), ("With hits", 3)):
        button = next(one for one in sentences.shown._group.buttons() if one.text() == word)
        filled.click(button)
        assert sum(line[:1].isdigit() for line in sentences.text.toPlainText().splitlines()) == count, word
    table = tone.table  # type: ignore[attr-defined]
    click_cell(table, 1, 2)
    filled.until(lambda: "Chair Powell" in sentences.facts.text())
    plot = tone.policy.plot  # type: ignore[attr-defined]
    click_day(plot, TODAY)
    filled.until(lambda: sentences.facts.text().startswith("Statement"))


def test_links_open_in_the_browser_and_nothing_else_does(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    opened_links: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: opened_links.append(QUrl(url).toString()))
    page = opened(filled)
    page.sections.show_section(SectionName.NEWS)
    filled.until(lambda: page.is_settled)
    table = page.sections.section(SectionName.NEWS).table  # type: ignore[attr-defined]
    assert cells(table, 1)[0] == "Repo rates jump again <b>0</b>"
    click_cell(table, 0, 1)
    QTest.mouseDClick(
        table.viewport(), Qt.MouseButton.LeftButton, pos=table.visualRect(table.model().index(0, 1)).center()
    )
    assert opened_links == ["https://news.google.com/rss/articles/0"]
    table.setCurrentIndex(table.model().index(1, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert opened_links[1:] == ["https://news.google.com/rss/articles/1"]
    open_web_page("file:///etc/passwd")
    assert len(opened_links) == 2


def test_ages_say_what_is_stale_and_lead_to_the_series(filled: World) -> None:
    page = opened(filled)
    page.sections.show_section(SectionName.INPUTS)
    filled.until(lambda: page.is_settled)
    section = page.sections.section(SectionName.INPUTS)
    table = section.table  # type: ignore[attr-defined]
    assert cells(table, 0)[0] == "DEXKOUS"
    assert cells(table, 2)[0] == "stale"
    assert cells(table, 7)[0] == "Its source has sent nothing newer."
    assert (cells(table, 0)[-1], cells(table, 2)[-1]) == ("TEDRATE", "ended")
    table.setCurrentIndex(table.model().index(0, 0))
    QTest.keyClick(table, Qt.Key.Key_Return)
    filled.until(lambda: page.sections.shown is SectionName.RAW and page.is_settled)
    assert page.sections.raw.back.text() == "Back to: Input ages"
    assert page.sections.raw.charts["KRW"].accessibleName() == "DEXKOUS, Won per dollar (Fed) (KRW)"
    page.sections.raw.choose(("WALCL", "SOFR"))
    filled.until(lambda: page.is_settled)
    assert [name for name, chart in page.sections.raw.charts.items() if chart.isVisible()] == ["USD mn", "per cent"]


def test_hits_are_found_in_their_sentence() -> None:
    text = "Inflation, which eased, is elevated; inflation stays."
    assert [text[start:stop] for start, stop in places_of("inflation ... elevated", text)] == ["Inflation", "elevated"]
    assert [text[start:stop] for start, stop in places_of("is elevated", text)] == ["is elevated"]
    assert places_of("not there", text) == []


def test_every_category_has_its_colour_in_both_charts(filled: World) -> None:
    page = opened(filled)
    index = page.sections.index
    assert index.subs is not None
    assert index.subs.plot is not None
    in_stack = {line.key: line.place for line in history(page).shown_lines()}
    in_subs = {line.key: line.place for line in index.subs.plot.shown_lines()}
    assert in_stack == in_subs
    assert set(in_stack) == {"z", *Category}
    assert present.now().date() == TODAY
